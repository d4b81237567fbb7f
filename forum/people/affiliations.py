"""Affiliations: a person declares for whom they speak, the secretariat verifies it."""

from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from forum.db.reading import rows
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, NotFound, Problem, Refusal, invalid
from forum.kernel.locales import LANGS
from forum.people.events import change, tell
from forum.people.forms import NewAffiliation
from forum.people.models import Affiliation, AffiliationStatus, Entity


@dataclass(frozen=True, slots=True)
class Speaking:
    """An affiliation as pages show it, with the entity's name in the reader's language."""

    id: str
    person_id: str
    person_name: str
    entity_id: str
    entity_kind: str
    entity_code: str
    entity_name: str
    title: str
    status: str


async def declare(actor: Actor, form: NewAffiliation) -> Affiliation:
    """Record that `actor` says to speak for an entity. Raises Refusal when it is unknown or declared already."""
    if await Entity.get_or_none(id=form.entity) is None:
        raise invalid(entity=Problem("field.choice"))
    try:
        async with change() as work:
            made = await Affiliation.create(
                person_id=actor.person_id, entity_id=form.entity, title=form.title.strip(), declared_at=clock.now()
            )
            await tell(work, "affiliation.declared", actor, made.id, entity=form.entity)
            return made
    except IntegrityError as error:
        raise invalid(entity=Problem("affiliation.known")) from error


async def decide(affiliation_id: str, status: AffiliationStatus, by: Actor) -> None:
    """Verify, refuse or end an affiliation; the secretariat alone. Raises Forbidden, NotFound, Refusal if settled."""
    if not by.is_secretariat:
        raise Forbidden("forbidden")
    async with change() as work:
        row = await Affiliation.filter(id=affiliation_id).select_for_update().first()
        if row is None:
            raise NotFound
        if row.status in {status.value, AffiliationStatus.ENDED.value}:
            raise Refusal("affiliation.settled")
        row.status, row.decided_at, row.decided_by_id = status.value, clock.now(), by.person_id
        await row.save(update_fields=["status", "decided_at", "decided_by_id"])
        await tell(work, f"affiliation.{status.value}", by, row.id, entity=row.entity_id, person=row.person_id)


async def of_person(person_id: str, lang: str) -> list[Speaking]:
    """Return all affiliations a person has declared."""
    return await _speaking("a.person_id = ?", person_id, lang)


async def waiting(lang: str) -> list[Speaking]:
    """Return the affiliations that wait for the secretariat, oldest first."""
    return await _speaking("a.status = ?", AffiliationStatus.DECLARED.value, lang)


async def may_speak_for(person_id: str, lang: str) -> list[Speaking]:
    """Return the verified affiliations of a person."""
    return [one for one in await of_person(person_id, lang) if one.status == AffiliationStatus.VERIFIED.value]


async def _speaking(where: str, value: str, lang: str) -> list[Speaking]:
    assert lang in LANGS
    sql = (
        f"SELECT a.id, a.person_id, p.name AS person_name, a.entity_id, e.kind AS entity_kind, e.code AS entity_code,"
        f" e.name_{lang} AS entity_name, a.title, a.status"
        " FROM affiliations a JOIN persons p ON p.id = a.person_id JOIN entities e ON e.id = a.entity_id"
        f" WHERE {where} ORDER BY a.declared_at, a.id LIMIT 500"
    )
    return [Speaking(**dict(found)) for found in await rows(sql, [value])]
