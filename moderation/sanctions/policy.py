"""Who may impose, lift and judge what: one table of powers, and everything that is asked of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from forum.kernel import clock
from forum.kernel.actors import MODERATING, Actor, Capacity
from forum.kernel.errors import Forbidden, NotFound, Problem, Refusal, invalid
from forum.people.models import Person, SpaceRole
from forum.people.restrictions import EVERYWHERE
from moderation.office import require_sitting
from moderation.sanctions.models import Sanction, SanctionKind, SanctionState

APPEAL_WITHIN = timedelta(days=30)
"""How long after a sanction its person can appeal."""
LONGEST_DAYS = 3650


class Office(StrEnum):
    """As what somebody acts here."""

    MODERATOR = "moderator"
    SECRETARIAT = "secretariat"


@dataclass(frozen=True, slots=True)
class Powers:
    """What an office may do: which kinds, for how many days at most, without an end, in the whole forum, and to members of the team."""

    kinds: frozenset[SanctionKind]
    days: int
    without_end: bool
    everywhere: bool
    over_team: bool


POWERS: dict[Office, Powers] = {
    Office.MODERATOR: Powers(frozenset(SanctionKind), days=90, without_end=False, everywhere=False, over_team=False),
    Office.SECRETARIAT: Powers(frozenset(SanctionKind), days=LONGEST_DAYS, without_end=True, everywhere=True, over_team=True),
}
"""The rule. Moderators act in their own spaces alone; nobody acts on themselves, whatever their office."""

CAPACITIES = {Office.MODERATOR: Capacity.MODERATOR, Office.SECRETARIAT: Capacity.SECRETARIAT}


def office_in(actor: Actor, space_id: str) -> Office:
    """Return as what `actor` acts in a space, or in the whole forum; raises NotFound for whoever has no office there."""
    if actor.is_secretariat:
        return Office.SECRETARIAT
    if space_id == EVERYWHERE or not actor.moderates(space_id):
        raise NotFound
    return Office.MODERATOR


async def require_office(actor: Actor, office: Office, space_id: str) -> None:
    """Raise Forbidden for whoever has lost the office since the request began; the caller holds the lock of the log."""
    if office is Office.MODERATOR:
        await require_sitting(actor.person_id, space_id)
        return
    person = await Person.get(id=actor.person_id)
    if not person.is_secretariat or person.is_suspended:
        raise Forbidden("forbidden")


def require_power(office: Office, space_id: str, kind: SanctionKind, days: int | None) -> None:
    """Raise Forbidden or Refusal, naming the field, for what the office may not impose. `days` is None for no end."""
    powers = POWERS[office]
    if space_id == EVERYWHERE and not powers.everywhere:
        raise Forbidden("sanction.forum")
    if kind not in powers.kinds:
        raise invalid(kind=Problem("field.choice"))
    if days is None and not powers.without_end:
        raise invalid(days=Problem("field.required"))
    if days is not None and days > powers.days:
        raise invalid(days=Problem("field.most", {"limit": powers.days}))


async def require_impartial(actor: Actor, person: Person) -> None:
    """Raise Forbidden when `actor` must not judge `person`: nobody judges themselves. What else makes partial belongs here too."""
    if actor.person_id == person.id:
        raise Forbidden("sanction.own")


async def require_over(actor: Actor, office: Office, person: Person, space_id: str) -> None:
    """Raise Forbidden unless `actor` may do something about `person` there: the team is the secretariat's affair."""
    await require_impartial(actor, person)
    if not POWERS[office].over_team and await _of_team(person, space_id):
        raise Forbidden("sanction.team")


async def may_act_on(actor: Actor, person_id: str, space_id: str) -> bool:
    """Return whether `actor`, who has an office in the space, may do something about a person there."""
    person = await Person.get_or_none(id=person_id)
    try:
        if person is not None:
            await require_over(actor, office_in(actor, space_id), person, space_id)
    except Refusal:
        return False
    return person is not None


async def _of_team(person: Person, space_id: str) -> bool:
    if person.is_secretariat:
        return True
    roles = [role.value for role in MODERATING]
    return await SpaceRole.exists(person_id=person.id, space_id=space_id, role__in=roles)


def require_sight(actor: Actor, sanction: Sanction) -> Office:
    """Return as what `actor` may read a sanction at the desk; raises NotFound. About oneself one reads on the page for it, not here."""
    office = office_in(actor, sanction.space_id)
    if sanction.person_id == actor.person_id:
        raise NotFound
    return office


def outranks(office: Office, sanction: Sanction) -> bool:
    """Return whether the office may undo what was imposed: what the secretariat has imposed, the secretariat alone."""
    return office is Office.SECRETARIAT or sanction.imposed_as == Capacity.MODERATOR.value


def require_rank(office: Office, sanction: Sanction) -> None:
    """Raise Forbidden unless the office may undo what was imposed."""
    if not outranks(office, sanction):
        raise Forbidden("sanction.rank")


def state_at(sanction: Sanction, now: datetime) -> SanctionState:
    """Return where a sanction stands at `now`: at its end it is over by itself."""
    state = SanctionState(sanction.state)
    if state is SanctionState.ACTIVE and sanction.ends_at is not None and sanction.ends_at <= now:
        return SanctionState.ENDED
    return state


def state_of(sanction: Sanction) -> SanctionState:
    """Return where a sanction stands now."""
    return state_at(sanction, clock.now())


def may_appeal(sanction: Sanction) -> bool:
    """Return whether its person can appeal now: once, in time, and not when it has been overturned."""
    in_time = clock.now() < sanction.imposed_at + APPEAL_WITHIN
    return sanction.appealed_at is None and in_time and sanction.state != SanctionState.OVERTURNED.value
