"""Report comments, decide on the reports, and hear what comes of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from forum import wiring
from forum.db import work
from forum.db.work import Work
from forum.discussions.flagging import FlagForm, flag_comment
from forum.discussions.flags import Flag, FlagReason
from forum.kernel.actors import Actor
from forum.kernel.events import Fact
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseKind
from moderation.outcomes import Outcome, outcome
from tests.support.world import actor_for, person


async def reader(name: str) -> Actor:
    """Somebody who only reads, and reports."""
    return await actor_for(await person(name))


async def report(who: Actor, comment_id: str, reason: str = "hate", text: str = "", **values: object) -> Flag:
    """Report a comment."""
    return await flag_comment(who, comment_id, FlagForm.model_validate({"reason": FlagReason(reason), "text": text, **values}))


async def reports_case(comment_id: str) -> Case:
    """Return the newest case that is about reports of a comment."""
    found = await Case.filter(comment_id=comment_id, kind=CaseKind.REPORT.value).order_by("-id").first()
    assert found is not None
    return found


async def settle_report(who: Actor, comment_id: str, action: Action, **values: str) -> Case:
    """Decide on the newest case of reports."""
    case = await reports_case(comment_id)
    reason = "hate" if action is Action.REMOVE else ""
    form = DecisionForm.model_validate({"action": action, "reason": reason, "version": case.version, **values})
    return await decide(who, case.id, form)


@contextmanager
def hearing() -> Iterator[list[Outcome]]:
    """Hear, inside the transactions within the block, whom the notices of reports would go to."""
    heard: list[Outcome] = []

    async def hear(done: Work, fact: Fact) -> None:
        if said := await outcome(done, fact):
            heard.append(said)

    inside, after = work._inside, work._after
    work.install((*wiring.INSIDE, ("case.", hear)), after)
    try:
        yield heard
    finally:
        work.install(inside, after)
