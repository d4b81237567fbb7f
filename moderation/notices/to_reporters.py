"""Who reports a comment hears that the report has come, and what came of it; never who decided."""

from forum.db.work import Work
from forum.discussions.flags import Flag
from forum.kernel.events import Fact
from forum.notices.notifying import Told, notify
from moderation.outcomes import outcome

PLACE = "/contributions#reported"


async def tell_receipt(work: Work, fact: Fact) -> None:
    """Let whoever reported a comment know that the report has come."""
    flag = await Flag.get(id=str(fact.data["flag"]))
    await notify(work, _notice(fact, flag.by_id, "report.received", f"flag:{flag.id}"))


async def tell_outcome(work: Work, fact: Fact) -> None:
    """Let everybody whose report a case is about know how it has ended."""
    found = await outcome(work, fact)
    if found is not None:
        ref = f"case:{found.case_id}:{fact.seq}"
        await notify(work, *(_notice(fact, one, found.notice, ref) for one in found.people))


def _notice(fact: Fact, person_id: str, kind: str, ref: str) -> Told:
    return Told(person_id=person_id, kind=kind, ref=ref, url=PLACE, comment_id=fact.subject, space_id=fact.log)
