"""What moderators hear of each other: that somebody is asked for, and is asked for no more; and what became of what was theirs."""

from forum.db.work import Work
from forum.discussions.models import Comment
from forum.kernel.actors import Actor
from forum.kernel.events import Fact
from forum.notices.notifying import Told, cancel, notify
from moderation.fairness import Matter, recused
from moderation.models import Case, CaseKind
from moderation.notices.queries import last_of_case, moderators
from moderation.rules.settings import settings_of


async def ask_for_second(work: Work, fact: Fact) -> None:
    """Ask every moderator who may agree with a proposal that waits for a second."""
    if fact.data.get("needs") == "second":
        await _ask(work, fact, "desk.second_needed")


async def ask_for_appeal(work: Work, fact: Fact) -> None:
    """Ask every moderator who may decide on an appeal."""
    await _ask(work, fact, "desk.appeal_waiting")


async def ask_no_more(work: Work, fact: Fact) -> None:
    """Take back what asked for a second: it was given, or what was proposed is gone."""
    await _take_back(work, fact, "case.proposed")


async def appeal_waits_no_more(work: Work, fact: Fact) -> None:
    """Take back what asked for somebody to decide on an appeal whose case has ended."""
    if fact.data.get("kind") == CaseKind.APPEAL.value:
        await _take_back(work, fact, "case.appealed")


async def tell_proposer(work: Work, fact: Fact) -> None:
    """Let whoever proposed a decision know whether the second moderator agreed."""
    proposed = await last_of_case(work, fact, "case.proposed")
    if proposed is not None and proposed.actor_id is not None:
        await notify(work, _notice(fact, proposed.actor_id, fact.kind.replace("case.", "desk.")))


async def tell_former_holder(work: Work, fact: Fact) -> None:
    """Let the moderator from whom a case was taken over know of it."""
    if before := fact.data.get("from"):
        await notify(work, _notice(fact, str(before), "desk.taken_over"))


async def _ask(work: Work, fact: Fact, kind: str) -> None:
    case = await Case.get(id=str(fact.data["case"]))
    comment = await Comment.get(id=case.comment_id)
    matter = Matter(case, comment, await settings_of(case.space_id))
    able = [one for one in await moderators(work, case.space_id, case.lang) if await _may(one, fact, matter)]
    await notify(work, *(_notice(fact, str(one.person_id), kind) for one in able))


async def _may(moderator: Actor, fact: Fact, matter: Matter) -> bool:
    """Whoever is asked must not find, having come, that it is not theirs to decide."""
    return moderator.person_id != fact.actor_id and not await recused(moderator, matter)


async def _take_back(work: Work, fact: Fact, kind: str) -> None:
    asked = await last_of_case(work, fact, kind)
    if asked is not None:
        await cancel(work, _ref(fact, asked.seq), kinds=("desk.second_needed", "desk.appeal_waiting"))


def _ref(fact: Fact, seq: int | None) -> str:
    return f"case:{fact.data['case']}:{seq}"


def _notice(fact: Fact, person_id: str, kind: str) -> Told:
    return Told(
        person_id=person_id,
        kind=kind,
        ref=_ref(fact, fact.seq),
        url=f"/moderation/cases/{fact.data['case']}",
        comment_id=fact.subject,
        space_id=fact.log,
    )
