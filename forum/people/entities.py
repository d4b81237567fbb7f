"""Entities: States, observers, UN bodies, organizations and groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from forum.db.reading import rows
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, Problem, invalid
from forum.kernel.locales import LANGS
from forum.people.events import change, tell
from forum.people.forms import NewEntity
from forum.people.models import Entity, EntityKind

ORDER = {kind.value: place for place, kind in enumerate(EntityKind)}


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with its name in one language."""

    id: str
    kind: str
    code: str
    acronym: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """Reference facts of an entity: names and places in the alphabet by language."""

    kind: EntityKind
    code: str
    names: Mapping[str, str]
    ranks: Mapping[str, int]
    acronym: str = ""


async def load(known: Iterable[Known]) -> int:
    """Bring the reference entities up to date, keeping their ids; return how many there are."""
    count = 0
    async with change() as work:
        for one in known:
            values: dict[str, str | int] = {"acronym": one.acronym}
            values |= {f"name_{lang}": one.names[lang] for lang in LANGS}
            values |= {f"rank_{lang}": one.ranks[lang] for lang in LANGS}
            await Entity.update_or_create(values, using_db=work.connection, kind=one.kind.value, code=one.code)
            count += 1
    return count


async def add(form: NewEntity, by: Actor) -> Entity:
    """Add an organization, UN body or group; the secretariat alone. Raises Forbidden, Refusal when the code is taken."""
    if not by.is_secretariat:
        raise Forbidden("forbidden")
    names = {f"name_{lang}": getattr(form, f"name_{lang}").strip() or form.name_en for lang in LANGS}
    made = Entity(kind=form.kind, code=form.code, acronym=form.acronym, **names)
    try:
        async with change() as work:
            await made.save(using_db=work.connection)
            await tell(work, "entity.added", by, made.id, code=made.code)
    except IntegrityError as error:
        raise invalid(code=Problem("field.duplicate")) from error
    return made


async def listed(lang: str) -> dict[str, list[Named]]:
    """Return all entities by kind, each list in the alphabet of `lang`, Member States before observers."""
    assert lang in LANGS
    sql = f"SELECT id, kind, code, acronym, name_{lang} AS name FROM entities ORDER BY rank_{lang}, name_{lang}"
    by_kind: dict[str, list[Named]] = {kind.value: [] for kind in EntityKind}
    for found in await rows(sql):
        by_kind[found["kind"]].append(Named(**dict(found)))
    return by_kind


async def by_code(code: str) -> Entity | None:
    """Return the entity with this code or acronym, whatever its kind."""
    # A code is unique within its kind only.
    return await Entity.filter(code=code).order_by("id").first() or await Entity.filter(acronym=code).order_by("id").first()


async def named(entity_ids: Iterable[str], lang: str) -> list[Named]:
    """Return these entities, in the order given, with their names in `lang`; unknown ids are left out."""
    assert lang in LANGS
    wanted = list(dict.fromkeys(entity_ids))
    if not wanted:
        return []
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT id, kind, code, acronym, name_{lang} AS name FROM entities WHERE id IN ({marks})"
    by_id = {found["id"]: Named(**dict(found)) for found in await rows(sql, wanted)}
    return [by_id[entity_id] for entity_id in wanted if entity_id in by_id]
