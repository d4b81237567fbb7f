"""Who may read which log: moderators those of their spaces, the secretariat all of them, the forum's own included."""

from forum.kernel.actors import Actor


def logs_of(actor: Actor) -> tuple[str, ...] | None:
    """Return the ids of the logs that `actor` may read; None for every one."""
    return None if actor.is_secretariat else tuple(sorted(actor.moderated_spaces))


def may_read(actor: Actor, log_id: str) -> bool:
    """Tell whether `actor` may read this log."""
    return actor.is_secretariat or actor.moderates(log_id)
