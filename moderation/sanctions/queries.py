"""Read sanctions: a constant number of statements, whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from forum.db.connect import reader
from forum.db.reading import row, rows
from forum.discussions.addresses import is_id
from forum.discussions.models import Space
from forum.discussions.queries import addressed
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.people.models import Person
from forum.people.restrictions import EVERYWHERE
from moderation.sanctions.models import Sanction, SanctionKind, SanctionState
from moderation.sanctions.policy import require_sight

SHOWN = ("active", "appealed", "ended", "all")
"""What the desk can be asked for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A sanction with the names that stand beside it; the space's are empty for the whole forum, a name is empty where nobody acted."""

    row: Sanction
    space_slug: str
    space_title: dict[str, str]
    person: str
    imposed_by: str
    ended_by: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sanctions are wanted; empty values mean any. `space` is an address, `after` the id of the last one of the page before."""

    show: str = "active"
    space: str = ""
    person: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SanctionPage:
    """Sanctions, newest first; `next` is the cursor of the rest, None at the end."""

    items: list[Seen]
    next: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """What a person has to show in a space, or in the whole forum: comments by where they stand, and sanctions."""

    published: int
    returned: int
    rejected: int
    sanctions: list[Seen]


def _theirs(actor: Actor) -> QuerySet[Sanction]:
    """Return the sanctions that `actor` may read at the desk: never those on themselves."""
    found = Sanction.exclude(person_id=actor.person_id)
    return found if actor.is_secretariat else found.filter(space_id__in=sorted(actor.moderated_spaces))


async def listed(actor: Actor, wanted: Wanted, limit: int = 50) -> SanctionPage:
    """Return sanctions that `actor` may read at the desk, newest first."""
    if wanted.person and not is_id(wanted.person):
        return SanctionPage([], None)
    query = _theirs(actor)
    if wanted.space:
        space = await addressed(wanted.space)
        if space is None:
            return SanctionPage([], None)
        query = query.filter(space_id=space.id)
    if wanted.person:
        query = query.filter(person_id=wanted.person)
    if wanted.after:
        query = query.filter(id__lt=wanted.after)
    found = await _shown(query, wanted.show).using_db(reader()).order_by("-id").limit(limit + 1)
    return SanctionPage(await _named(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def _shown(query: QuerySet[Sanction], show: str) -> QuerySet[Sanction]:
    lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())
    active = SanctionState.ACTIVE.value
    if show == "active":
        return query.filter(lasts, state=active)
    if show == "ended":
        return query.filter(~Q(state=active) | Q(ends_at__lte=clock.now()))
    return query.filter(appealed_at__isnull=False, outcome="") if show == "appealed" else query


async def appeals_waiting(actor: Actor) -> int:
    """Return how many appeals against sanctions that `actor` may read wait for an answer."""
    return await _shown(_theirs(actor), "appealed").using_db(reader()).count()


async def single(actor: Actor, sanction_id: str) -> Seen:
    """Return a sanction for the desk; raises NotFound for one that `actor` may not see as for none."""
    found = await Sanction.get_or_none(id=sanction_id, using_db=reader())
    if found is None:
        raise NotFound
    require_sight(actor, found)
    return (await _named([found]))[0]


async def of_person(person_id: str, limit: int = 100) -> list[Seen]:
    """Return the newest sanctions on a person, for the person; the names of who acted are left out."""
    found = await Sanction.filter(person_id=person_id).using_db(reader()).order_by("-id").limit(limit)
    return await _for_person(found)


async def own(person_id: str, sanction_id: str) -> Seen:
    """Return a sanction for the person it is about; raises NotFound for one on somebody else as for none."""
    found = await Sanction.filter(id=sanction_id, person_id=person_id).using_db(reader())
    if not found:
        raise NotFound
    return (await _for_person(found))[0]


async def suspension_of(person_id: str) -> Seen | None:
    """Return the suspension from the forum that a person is under, for the person; None when none was written down."""
    kind, state = SanctionKind.SUSPEND.value, SanctionState.ACTIVE.value
    found = await Sanction.filter(person_id=person_id, space_id=EVERYWHERE, kind=kind, state=state).using_db(reader())
    return (await _for_person(found))[0] if found else None


async def _for_person(found: list[Sanction]) -> list[Seen]:
    spaces = await _spaces(found)
    return [
        Seen(one, *spaces.get(one.space_id, ("", {})), person="", imposed_by="", ended_by="", answered_by="") for one in found
    ]


async def _spaces(found: Iterable[Sanction]) -> dict[str, tuple[str, dict[str, str]]]:
    ids = {one.space_id for one in found} - {EVERYWHERE}
    named = await Space.filter(id__in=ids).using_db(reader()) if ids else []
    return {space.id: (space.slug, space.title) for space in named}


async def _named(found: list[Sanction]) -> list[Seen]:
    ids = {who for one in found for who in (one.person_id, one.imposed_by_id, one.ended_by_id, one.answered_by_id) if who}
    people = await Person.filter(id__in=ids).using_db(reader()) if ids else []
    names, spaces = {person.id: person.name for person in people}, await _spaces(found)

    def name(person_id: str | None) -> str:
        return names.get(person_id or "", "")

    return [
        Seen(
            one,
            *spaces.get(one.space_id, ("", {})),
            person=name(one.person_id),
            imposed_by=name(one.imposed_by_id),
            ended_by=name(one.ended_by_id),
            answered_by=name(one.answered_by_id),
        )
        for one in found
    ]


async def record_of(actor: Actor, person_id: str, space_id: str) -> Record:
    """Return what a person has to show there; the caller has checked that `actor` may ask. Sanctions are those `actor` may read."""
    sql, params = "SELECT state, COUNT(*) AS n FROM comments WHERE author_id = ?", [person_id]
    if space_id != EVERYWHERE:
        sql, params = f"{sql} AND space_id = ?", [*params, space_id]
    counts = {one["state"]: int(one["n"]) for one in await rows(f"{sql} GROUP BY state", params)}
    query = _theirs(actor).filter(person_id=person_id)
    if space_id != EVERYWHERE:
        query = query.filter(space_id=space_id)
    found = await query.using_db(reader()).order_by("-id").limit(20)
    return Record(
        published=counts.get("published", 0),
        returned=counts.get("returned", 0),
        rejected=counts.get("rejected", 0),
        sanctions=await _named(found),
    )


async def share_an_entity(one: str, other: str) -> bool:
    """Return whether two people may both speak for some entity."""
    found = await row(
        "SELECT 1 AS x FROM affiliations a JOIN affiliations b ON b.entity_id = a.entity_id"
        " WHERE a.person_id = ? AND a.status = 'verified' AND b.person_id = ? AND b.status = 'verified' LIMIT 1",
        [one, other],
    )
    return found is not None
