"""Who may read which log: moderators those of their spaces, the secretariat all of them, the forum's own included."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, NotSignedIn
from forum.web.identity import actor_of

View = Callable[[Request], Awaitable[Response]]


def require_audit(actor: Actor) -> None:
    """Raise NotSignedIn or Forbidden unless `actor` moderates some space or is of the secretariat."""
    if not actor.signed_in:
        raise NotSignedIn
    if not (actor.is_moderator or actor.is_secretariat):
        raise Forbidden("forbidden")


def logs_of(actor: Actor) -> tuple[str, ...] | None:
    """Return the ids of the logs that `actor` may read; None for every one."""
    return None if actor.is_secretariat else tuple(sorted(actor.moderated_spaces))


def may_read(actor: Actor, log_id: str) -> bool:
    """Tell whether `actor` may read this log."""
    return actor.is_secretariat or actor.moderates(log_id)


def for_audit(view: View) -> View:
    """Return `view` for those who may read some log, as `guard.at_the_desk` does for the desk."""

    @wraps(view)
    async def guarded(request: Request) -> Response:
        require_audit(actor_of(request))
        return await view(request)

    return guarded
