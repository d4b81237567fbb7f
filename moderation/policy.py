"""What moderators may do with which case: one table."""

from collections.abc import Iterable

from forum.discussions.models import CommentState
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, NotFound, NotSignedIn, Refusal
from moderation.models import Action, CaseState

TEXT, REPORT, APPEAL = "text", "report", "appeal"
POSSIBLE: dict[tuple[str, CaseState, CommentState], frozenset[Action]] = {
    (TEXT, CaseState.OPEN, CommentState.HELD): frozenset(
        {Action.PUBLISH, Action.RETURN, Action.REJECT, Action.MOVE, Action.MERGE},
    ),
    (TEXT, CaseState.OPEN, CommentState.PUBLISHED): frozenset({Action.PUBLISH, Action.RETURN, Action.REJECT, Action.REMOVE}),
    (TEXT, CaseState.DECIDED, CommentState.PUBLISHED): frozenset({Action.REMOVE}),
    (TEXT, CaseState.DECIDED, CommentState.REMOVED): frozenset({Action.RESTORE}),
    (REPORT, CaseState.OPEN, CommentState.PUBLISHED): frozenset({Action.KEEP, Action.REMOVE}),
    (REPORT, CaseState.DECIDED, CommentState.PUBLISHED): frozenset({Action.REMOVE}),
    (REPORT, CaseState.DECIDED, CommentState.REMOVED): frozenset({Action.RESTORE}),
    (APPEAL, CaseState.OPEN, CommentState.RETURNED): frozenset({Action.UPHOLD, Action.OVERTURN}),
    (APPEAL, CaseState.OPEN, CommentState.REJECTED): frozenset({Action.UPHOLD, Action.OVERTURN}),
    (APPEAL, CaseState.OPEN, CommentState.REMOVED): frozenset({Action.UPHOLD, Action.OVERTURN}),
    (APPEAL, CaseState.OPEN, CommentState.PUBLISHED): frozenset({Action.UPHOLD, Action.OVERTURN}),
}
"""Which actions fit what a case is about, its state and that of its comment; none where a row is missing. An open case of a text about a
published comment is about its edit: publish, return and reject decide on the edit, remove takes the whole comment away. So is an appeal
about a published comment: its edit was refused."""


def possible(kind: str, case_state: str, comment_state: str) -> frozenset[Action]:
    """Return the actions that fit."""
    about = kind if kind in {REPORT, APPEAL} else TEXT
    return POSSIBLE.get((about, CaseState(case_state), CommentState(comment_state)), frozenset())


def require_desk(actor: Actor) -> None:
    """Raise NotSignedIn or Forbidden unless `actor` moderates some space: the guard of everything under /moderation."""
    if not actor.signed_in:
        raise NotSignedIn
    if not actor.is_moderator:
        raise Forbidden("forbidden")


def require_team(actor: Actor) -> None:
    """Raise NotSignedIn or Forbidden unless `actor` moderates some space or is of the secretariat, which reads and decides nothing."""
    if not actor.signed_in:
        raise NotSignedIn
    if not (actor.is_moderator or actor.is_secretariat):
        raise Forbidden("forbidden")


def require_case(actor: Actor, space_id: str) -> None:
    """Raise NotFound unless `actor` moderates the space of the case."""
    if not actor.moderates(space_id):
        raise NotFound


def require_action(action: Action, kind: str, case_state: str, comment_state: str) -> None:
    """Raise Refusal unless the action is possible now."""
    if action not in possible(kind, case_state, comment_state):
        raise Refusal("case.action")


def scope(actor: Actor, wanted: Iterable[str] | None = None) -> list[str]:
    """Return the ids of the spaces whose cases `actor` sees, narrowed to `wanted` if given."""
    held = actor.moderated_spaces
    return sorted(held if wanted is None else held & set(wanted))
