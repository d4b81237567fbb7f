"""What a sanction does in the forum, and how that is undone: inside the unit of work of whoever imposes, lifts or overturns it."""

from forum.db.work import Work
from forum.discussions.events import Act, tell
from forum.kernel.canonical import Json
from forum.kernel.events import FORUM_LOG
from forum.people import accounts, restrictions
from forum.people.models import Person, RestrictionKind
from forum.people.restrictions import EVERYWHERE, Terms
from moderation.sanctions.models import Sanction, SanctionKind

RESTRICTS = {
    SanctionKind.SLOW.value: RestrictionKind.SLOW,
    SanctionKind.HOLD.value: RestrictionKind.HOLD,
    SanctionKind.SUSPEND.value: RestrictionKind.SUSPENDED,
}
"""Which restriction of the forum carries a kind out; a warning carries itself."""


def log_of(sanction: Sanction) -> str:
    """Return the id of the log that tells of a sanction."""
    return sanction.space_id or FORUM_LOG


async def tell_of(work: Work, fact: str, sanction: Sanction, act: Act, **more: Json) -> None:
    """Tell a fact about a sanction. Whatever is to hear of one hears it here: its subject is the sanction, its data are the sanction, the
    person it is about, the kind, and what the fact adds; texts, their languages and who acted before are read from the sanction."""
    data = {"sanction": sanction.id, "person": sanction.person_id, "kind": sanction.kind, **more}
    await tell(work, fact, log_of(sanction), act, sanction.id, **data)


def _closes_account(sanction: Sanction) -> bool:
    return sanction.space_id == EVERYWHERE and sanction.kind == SanctionKind.SUSPEND.value


def _terms(sanction: Sanction) -> Terms | None:
    kind = RESTRICTS.get(sanction.kind)
    if kind is None:
        return None
    return Terms(sanction.person_id, sanction.space_id, kind, sanction.every, sanction.ends_at)


async def take_effect(work: Work, sanction: Sanction, act: Act) -> None:
    """Let the forum carry the sanction out from now on."""
    if _closes_account(sanction):
        await accounts.suspend_in(work, sanction.person_id, act.actor, sanction.ends_at)
    elif terms := _terms(sanction):
        await restrictions.restrict(work, terms, act.actor, act.capacity)


async def end_effect(work: Work, sanction: Sanction, act: Act) -> None:
    """Let the forum carry it out no more. An account that was closed anew since, with another end, stays as it is."""
    if _closes_account(sanction):
        person = await Person.get(id=sanction.person_id)
        if person.is_suspended and person.suspended_until == sanction.ends_at:
            await accounts.restore_in(work, sanction.person_id, act.actor)
    elif terms := _terms(sanction):
        await restrictions.unrestrict(work, terms, act.actor, act.capacity)
