"""Who is under a measure hears of it, of its end, and what became of the appeal; who may decide hears that an appeal waits."""

from forum.db.work import Work
from forum.kernel.actors import Capacity
from forum.kernel.events import FORUM_LOG, Fact
from forum.notices.notifying import Told, notify
from moderation.notices.queries import Earlier, earlier, moderators, secretariat
from moderation.sanctions.queries import share_an_entity

OUTCOMES = {"upheld": "sanction.appeal_upheld", "overturned": "sanction.appeal_overturned"}
CLOSED_ACCOUNT = "/suspension"
"""Where somebody reads the reasons who cannot sign in."""


async def tell_measure(work: Work, fact: Fact) -> None:
    """Let the person know that a measure was taken, or lifted."""
    await notify(work, _notice(fact, str(fact.data["person"]), fact.kind, _page(fact)))


async def tell_appeal(work: Work, fact: Fact) -> None:
    """Let the person know that their appeal has come, and ask the moderators who may decide on it."""
    told = [_notice(fact, str(fact.data["person"]), "sanction.appeal_received", _page(fact))]
    imposed = next(iter(await earlier(work, fact, "sanction.imposed")), None)
    if imposed is not None:
        place = f"/moderation/sanctions/{fact.subject}"
        told += [_notice(fact, one, "desk.measure_appealed", place) for one in await _judges(work, fact, imposed)]
    await notify(work, *told)


async def _judges(work: Work, fact: Fact, imposed: Earlier) -> list[str]:
    """Return who may decide on the appeal; the secretariat where it has imposed the measure itself, or no moderator may."""
    team: list[str] = []
    if fact.log != FORUM_LOG and imposed.capacity == Capacity.MODERATOR.value:
        team = await _able(fact, imposed, [str(one.person_id) for one in await moderators(work, fact.log)])
    return team or await _able(fact, imposed, await secretariat(work))


async def _able(fact: Fact, imposed: Earlier, people: list[str]) -> list[str]:
    about = {imposed.actor_id, fact.data["person"]}
    return [one for one in people if one not in about and not (imposed.actor_id and await share_an_entity(one, imposed.actor_id))]


async def tell_outcome(work: Work, fact: Fact) -> None:
    """Let the person know what became of their appeal."""
    await notify(work, _notice(fact, str(fact.data["person"]), OUTCOMES[str(fact.data["outcome"])], _page(fact)))


def _page(fact: Fact) -> str:
    closes_account = fact.log == FORUM_LOG and fact.data.get("kind") == "suspend"
    is_open_again = fact.kind == "sanction.lifted" or fact.data.get("outcome") == "overturned"
    return CLOSED_ACCOUNT if closes_account and not is_open_again else f"/sanctions/{fact.subject}"


def _notice(fact: Fact, person_id: str, kind: str, url: str) -> Told:
    space_id = None if fact.log == FORUM_LOG else fact.log
    return Told(person_id=person_id, kind=kind, ref=f"sanction:{fact.subject}:{fact.seq}", url=url, space_id=space_id)
