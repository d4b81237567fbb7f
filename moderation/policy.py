"""What moderators may do with which case: one table."""

from collections.abc import Iterable

from forum.discussions.models import CommentState
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, NotFound, NotSignedIn, Refusal
from moderation.models import Action, CaseState

POSSIBLE: dict[tuple[CaseState, CommentState], frozenset[Action]] = {
    (CaseState.OPEN, CommentState.HELD): frozenset({Action.PUBLISH, Action.RETURN, Action.REJECT}),
    (CaseState.OPEN, CommentState.PUBLISHED): frozenset({Action.PUBLISH, Action.RETURN, Action.REJECT, Action.REMOVE}),
    (CaseState.DECIDED, CommentState.PUBLISHED): frozenset({Action.REMOVE}),
}
"""Which actions fit the state of the case and of its comment; none where a pair is missing. An open case about a published
comment is about its edit: publish, return and reject decide on the edit, remove takes the whole comment away."""


def possible(case_state: str, comment_state: str) -> frozenset[Action]:
    """Return the actions that fit."""
    return POSSIBLE.get((CaseState(case_state), CommentState(comment_state)), frozenset())


def require_desk(actor: Actor) -> None:
    """Raise NotSignedIn or Forbidden unless `actor` moderates some space: the guard of everything under /moderation."""
    if not actor.signed_in:
        raise NotSignedIn
    if not actor.is_moderator:
        raise Forbidden("forbidden")


def require_case(actor: Actor, space_id: str) -> None:
    """Raise NotFound unless `actor` moderates the space of the case."""
    if not actor.moderates(space_id):
        raise NotFound


def require_action(action: Action, case_state: str, comment_state: str) -> None:
    """Raise Refusal unless the action is possible now."""
    if action not in possible(case_state, comment_state):
        raise Refusal("case.action")


def scope(actor: Actor, wanted: Iterable[str] | None = None) -> list[str]:
    """Return the ids of the spaces whose cases `actor` sees, narrowed to `wanted` if given."""
    held = actor.moderated_spaces
    return sorted(held if wanted is None else held & set(wanted))
