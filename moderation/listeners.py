"""What moderation hears inside the forum's transactions: texts that wait open cases, texts that are gone close them."""

import json

from forum.db.work import Work
from forum.discussions.events import SYSTEM, tell
from forum.discussions.models import Comment, Question
from forum.kernel.events import Fact
from moderation.models import Case, CaseKind, CaseState

OPENS = {
    "comment.received": CaseKind.NEW,
    "comment.revised": CaseKind.NEW,
    "comment.resubmitted": CaseKind.RESUBMISSION,
    "comment.edit_received": CaseKind.EDIT,
}
CLOSES = frozenset({"comment.retracted", "comment.withdrawn", "comment.removed"})


async def _close_open(work: Work, comment_id: str) -> None:
    for case in await Case.filter(comment_id=comment_id, state=CaseState.OPEN.value):
        case.state, case.version = CaseState.CLOSED.value, case.version + 1
        case.claimed_by_id = case.claimed_until = None
        await case.save(update_fields=["state", "version", "claimed_by_id", "claimed_until"])
        await tell(work, "case.closed", case.space_id, SYSTEM, comment_id, case=case.id)


async def _move_open(work: Work, fact: Fact, comment_id: str) -> bool:
    """Let the open case about an older text of the comment be about the new one; False when there is none.

    The case keeps its place in the queue and its lease: an author who mends a word does not go to the end of the line.
    """
    case = await Case.filter(comment_id=comment_id, state=CaseState.OPEN.value).first()
    if case is None:
        return False
    case.revision_id, case.lang = str(fact.data["revision"]), str(fact.data["lang"])
    case.holds = json.dumps(fact.data["holds"], ensure_ascii=False)
    case.version += 1
    await case.save(update_fields=["revision_id", "lang", "holds", "version"])
    await tell(work, "case.moved", case.space_id, SYSTEM, comment_id, case=case.id)
    return True


async def open_or_close_case(work: Work, fact: Fact) -> None:
    """Open a case for a held text, or move the open one to it; close what is pointless now."""
    if fact.subject is None or not (fact.kind in OPENS or fact.kind in CLOSES):
        return
    # Of a comment that has just come there is no older case.
    if fact.kind != "comment.received":
        if fact.kind in OPENS and fact.data.get("holds") and await _move_open(work, fact, fact.subject):
            return
        await _close_open(work, fact.subject)
    if fact.kind in OPENS:
        await _open(work, fact, fact.subject)


async def _open(work: Work, fact: Fact, comment_id: str) -> None:
    holds = fact.data.get("holds")
    case = await Case.create(
        using_db=work.connection,
        space_id=fact.log,
        question_number=await _question_number(fact, comment_id),
        comment_id=comment_id,
        revision_id=fact.data["revision"],
        kind=OPENS[fact.kind].value,
        # What nothing held is published at once: its case is there, decided, so that it can be removed later.
        state=(CaseState.OPEN if holds else CaseState.DECIDED).value,
        lang=fact.data["lang"],
        holds=json.dumps(holds or [], ensure_ascii=False),
        opened_at=fact.at,
    )
    if holds:
        await tell(work, "case.opened", fact.log, SYSTEM, comment_id, case=case.id)


async def _question_number(fact: Fact, comment_id: str) -> int:
    """Return the question of the comment: the fact that it was received names it, the others leave it to be read."""
    named = fact.data.get("question")
    if isinstance(named, int):
        return named
    comment = await Comment.get(id=comment_id)
    return (await Question.get(id=comment.question_id)).number
