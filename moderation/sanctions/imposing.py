"""Impose a sanction: one transaction, one log; of two who impose the same at once, the second learns who was first."""

from dataclasses import dataclass
from datetime import timedelta

from forum.db.work import Work, begin
from forum.discussions import queries as discussions
from forum.discussions.events import Act
from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.clock import rfc3339
from forum.kernel.errors import Conflict, Forbidden, NotFound, Problem, invalid
from forum.kernel.events import FORUM_LOG
from forum.kernel.locales import DEFAULT_LANG
from forum.people.models import Person
from forum.people.restrictions import EVERYWHERE
from forum.record.appending import lock
from moderation.models import Case
from moderation.sanctions.effect import take_effect, tell_of
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.models import Sanction, SanctionKind, SanctionState
from moderation.sanctions.policy import CAPACITIES, Office, office_in, require_office, require_over, require_power, state_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody acts, and as what; `space_id` is empty for the whole forum."""

    space_id: str
    office: Office


async def place_of(actor: Actor, slug: str) -> Place:
    """Return where `actor` acts with this address, the whole forum without one. Raises NotFound, Forbidden."""
    if not slug:
        if not actor.is_secretariat:
            raise Forbidden("sanction.forum")
        return Place(EVERYWHERE, Office.SECRETARIAT)
    space = await discussions.space_by_slug(actor, slug)
    return Place(space.id, office_in(actor, space.id))


async def impose(actor: Actor, form: SanctionForm) -> Sanction:
    """Impose a sanction and return it.

    Raises NotFound for a space that `actor` has no office in or a person that is not there, Forbidden for a person that is not theirs to
    judge, Refusal naming the field, Conflict naming who imposed the same before.
    """
    place = await place_of(actor, form.space)
    require_power(place.office, place.space_id, form.kind, form.days)
    if form.kind is SanctionKind.SLOW and form.every is None:
        raise invalid(every=Problem("field.required"))
    async with begin() as work:
        await lock(work, place.space_id or FORUM_LOG)
        await require_office(actor, place.office, place.space_id)
        person = await Person.get_or_none(id=form.person)
        if person is None:
            raise NotFound
        await require_over(actor, place.office, person, place.space_id)
        await _require_case(form, place)
        await _make_room(form, place)
        return await _write(work, actor, place, form)


async def _require_case(form: SanctionForm, place: Place) -> None:
    """Raise Refusal unless the case that is named is about a text of this person, in this space."""
    if form.case is None:
        return
    case = await Case.get_or_none(id=form.case)
    if case is None or place.space_id not in {EVERYWHERE, case.space_id}:
        raise invalid(case=Problem("field.choice"))
    if (await Comment.get(id=case.comment_id)).author_id != form.person:
        raise invalid(case=Problem("field.choice"))


async def _make_room(form: SanctionForm, place: Place) -> None:
    """Write down that an older one of this kind has ended; raises Conflict when it has not."""
    standing = await Sanction.get_or_none(
        person_id=form.person, space_id=place.space_id, kind=form.kind.value, state=SanctionState.ACTIVE.value
    )
    if standing is None:
        return
    if state_of(standing) is SanctionState.ACTIVE:
        raise await stands(standing)
    standing.state, standing.ended_at, standing.version = SanctionState.ENDED.value, standing.ends_at, standing.version + 1
    await standing.save(update_fields=["state", "ended_at", "version"])


async def stands(sanction: Sanction, key: str = "sanction.stands") -> Conflict:
    """Return the conflict that says what stands now, and who imposed it."""
    imposer = await Person.get_or_none(id=sanction.imposed_by_id)
    name = imposer.name if imposer else ""
    current: dict[str, object] = {
        "id": sanction.id,
        "version": sanction.version,
        "kind": sanction.kind,
        "state": state_of(sanction).value,
        "outcome": sanction.outcome or None,
        "by": name,
        "at": rfc3339(sanction.imposed_at),
        "until": rfc3339(sanction.ends_at) if sanction.ends_at else None,
    }
    return Conflict(key, current, name=name)


async def _write(work: Work, actor: Actor, place: Place, form: SanctionForm) -> Sanction:
    now, capacity = clock.now(), CAPACITIES[place.office]
    sanction = await Sanction.create(
        using_db=work.connection,
        person_id=form.person,
        space_id=place.space_id,
        kind=form.kind.value,
        every=(form.every or 0) if form.kind is SanctionKind.SLOW else 0,
        reason=form.reason,
        text=form.text,
        text_lang=form.text_lang or actor.lang or DEFAULT_LANG,
        note=form.note.strip(),
        case_id=form.case,
        imposed_by_id=actor.person_id,
        imposed_as=capacity.value,
        imposed_at=now,
        ends_at=now + timedelta(days=form.days) if form.days else None,
    )
    act = Act(actor, capacity)
    until = rfc3339(sanction.ends_at) if sanction.ends_at else None
    await tell_of(work, "sanction.imposed", sanction, act, reason=sanction.reason, until=until)
    await take_effect(work, sanction, act)
    return sanction
