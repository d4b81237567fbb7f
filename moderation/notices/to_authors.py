"""No decision is taken without its author hearing of it: one notice for each, with the transaction of the decision."""

from forum.db.work import Work
from forum.discussions.models import Comment
from forum.kernel.events import Fact
from forum.notices.notifying import Told, notify
from moderation.models import Case

OF_COMMENTS = {
    "publish": "decision.published",
    "return": "decision.returned",
    "reject": "decision.rejected",
    "remove": "decision.removed",
    "restore": "decision.restored",
    "keep": "decision.kept",
    "move": "decision.moved",
    "merge": "decision.moved",
}
"""What the author is told of each action. What becomes of an appeal is told by the appeal itself."""
OF_EDITS = OF_COMMENTS | {"publish": "edit.published", "return": "edit.returned", "reject": "edit.rejected"}


def place(comment_id: str) -> str:
    """Return where authors read what was decided on a comment of theirs and why."""
    return f"/contributions/{comment_id}"


async def tell_decision(work: Work, fact: Fact) -> None:
    """Let the author of a comment know what was decided, and nobody what was only proposed."""
    kind = fact.data.get("kind")
    if kind is None:
        kind = (await Case.get(id=str(fact.data["case"]))).kind
    told = (OF_EDITS if kind == "edit" else OF_COMMENTS).get(str(fact.data["action"]))
    if told is not None:
        await _tell_author(work, fact, told)


async def tell_appeal(work: Work, fact: Fact) -> None:
    """Let the author know that their appeal has come."""
    await _tell_author(work, fact, "appeal.received")


async def tell_outcome(work: Work, fact: Fact) -> None:
    """Let the author know what became of their appeal."""
    await _tell_author(work, fact, f"appeal.{fact.data['outcome']}")


async def _tell_author(work: Work, fact: Fact, kind: str) -> None:
    assert fact.subject is not None
    comment = await Comment.get(id=fact.subject)
    told = Told(
        person_id=comment.author_id,
        kind=kind,
        ref=f"case:{fact.data['case']}:{fact.seq}",
        url=place(comment.id),
        comment_id=comment.id,
        space_id=fact.log,
    )
    await notify(work, told)
