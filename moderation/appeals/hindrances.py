"""What stands in the way of an appeal: pure rules, asked before it is received and when its author is shown whether there can be one."""

from dataclasses import dataclass
from datetime import datetime

from forum.discussions import standing
from forum.discussions.models import Comment, CommentState, Revision
from moderation.models import REFUSING, Action, Decision
from moderation.queries import Decided

MADE = "appeal.made"
"""The hindrance of a decision that has been appealed against."""


@dataclass(frozen=True, slots=True)
class Against:
    """What decides whether an appeal is possible: the decision, and what has happened since."""

    action: str
    until: datetime | None
    is_appealed: bool
    stands: bool


def hindrance(against: Against, now: datetime) -> str:
    """Return the key of the refusal that says why there can be no appeal now, "" when there can."""
    if against.action not in REFUSING or against.until is None:
        return "appeal.none"
    if against.is_appealed:
        return MADE
    if not against.stands:
        return "appeal.pointless"
    return "appeal.late" if now > against.until else ""


def still_stands(decision: Decision | Decided, comment: Comment, revision: Revision, last_removal: str | None) -> bool:
    """Return whether the decision still keeps a text from readers. `last_removal` is the id of the last decision to remove the comment."""
    if decision.action == Action.REMOVE.value:
        return comment.state == CommentState.REMOVED.value and decision.id == last_removal
    return standing.refused(comment, revision)
