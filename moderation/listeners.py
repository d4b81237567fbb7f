"""What moderation hears inside the forum's transactions: texts that wait open cases, texts that are gone close them."""

import json

from tortoise.expressions import F

from forum.db.work import Work
from forum.discussions.events import SYSTEM, tell
from forum.kernel.events import Fact
from moderation.cases import Opening, close_pointless, lapse, open_case
from moderation.counting import count
from moderation.models import TEXTS, Case, CaseKind, CaseState

OPENS = {
    "comment.received": CaseKind.NEW,
    "comment.revised": CaseKind.NEW,
    "comment.resubmitted": CaseKind.RESUBMISSION,
    "comment.edit_received": CaseKind.EDIT,
}
CLOSES = frozenset({"comment.retracted", "comment.withdrawn", "comment.removed"})
OF_TEXTS = frozenset(kind.value for kind in TEXTS)
ALL = frozenset(kind.value for kind in CaseKind)
ON_NEW_TEXT = OF_TEXTS | {CaseKind.APPEAL.value}
"""What a newer text of the author's makes pointless: a report of the published text stays."""


async def _move_open(work: Work, fact: Fact, comment_id: str) -> bool:
    """Let the open case about an older text of the comment be about the new one; False when there is none.

    The case keeps its place in the queue and its lease: an author who mends a word does not go to the end of the line. What was proposed
    on the older text lapses.
    """
    case = await Case.filter(comment_id=comment_id, state=CaseState.OPEN.value, kind__in=OF_TEXTS).first()
    if case is None:
        return False
    await lapse(work, case)
    await count(work, case, -1)
    case.revision_id, case.lang = str(fact.data["revision"]), str(fact.data["lang"])
    await count(work, case, 1)
    case.holds = json.dumps(fact.data["holds"], ensure_ascii=False)
    case.version += 1
    await case.save(update_fields=["revision_id", "lang", "holds", "version"])
    await tell(work, "case.moved", case.space_id, SYSTEM, comment_id, case=case.id)
    return True


async def _outdate(work: Work, comment_id: str, revision_id: str) -> None:
    """Give a new version to the cases that speak of another text than the one that readers see now: who decides must have seen that.

    A text of the author's that waits is not among them: it has a case about itself.
    """
    about = Case.filter(comment_id=comment_id).exclude(revision_id=revision_id)
    waiting = about.filter(state=CaseState.OPEN.value, kind=CaseKind.REPORT.value)
    for cases in (waiting, about.filter(state=CaseState.DECIDED.value)):
        await cases.using_db(work.connection).update(version=F("version") + 1)


async def open_or_close_case(work: Work, fact: Fact) -> None:
    """Open a case for a held text, or move the open one to it; close what is pointless now."""
    if fact.subject is not None and fact.kind == "comment.edited":
        await _outdate(work, fact.subject, str(fact.data["revision"]))
    if fact.subject is None or not (fact.kind in OPENS or fact.kind in CLOSES):
        return
    # Of a comment that has just come there is no older case.
    if fact.kind != "comment.received":
        if fact.kind in OPENS and fact.data.get("holds") and await _move_open(work, fact, fact.subject):
            return
        await close_pointless(work, fact.subject, ON_NEW_TEXT if fact.kind in OPENS else ALL)
    if fact.kind in OPENS:
        await _open(work, fact, fact.subject)


async def _open(work: Work, fact: Fact, comment_id: str) -> None:
    holds = fact.data.get("holds")
    assert holds is None or isinstance(holds, list)
    opening = Opening(
        kind=OPENS[fact.kind],
        comment_id=comment_id,
        revision_id=str(fact.data["revision"]),
        lang=str(fact.data["lang"]),
        at=fact.at,
        holds=holds or [],
        # What nothing held is published at once: its case is there, decided, so that it can be removed later.
        waits=bool(holds),
    )
    await open_case(work, opening)
