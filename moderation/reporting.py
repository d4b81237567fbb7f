"""Reports by participants: the first one of a text opens a case, those that come while it is open join it."""

from forum.db.work import Work
from forum.discussions.models import Revision
from forum.kernel.events import Fact
from moderation.cases import Opening, open_case
from moderation.models import Case, CaseKind, CaseState


async def open_report(work: Work, fact: Fact) -> None:
    """Hear that a comment was reported. Nothing is told of a report that joins a case: moderators read all of them on its page."""
    assert fact.subject is not None
    revision_id = str(fact.data["revision"])
    if await Case.exists(revision_id=revision_id, kind=CaseKind.REPORT.value, state=CaseState.OPEN.value):
        return
    opening = Opening(
        kind=CaseKind.REPORT,
        comment_id=fact.subject,
        revision_id=revision_id,
        lang=(await Revision.get(id=revision_id)).lang,
        at=fact.at,
        ref=str(fact.data["flag"]),
    )
    await open_case(work, opening)
