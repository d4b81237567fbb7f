"""A forum to test in: a real database with all listeners and screening phases, and the people, spaces and comments it needs.

    async with database(tmp_path) as facts:
        hall = await space("hall", moderators=[await person("Mona")])
        comment_id = await post(await actor_for(author), hall, "Bonjour.", lang="fr")

`facts` is the list of what was told and committed, in order. Passwords are hashed once: everybody has PASSWORD.
Which kind of database that is `tests.support.backends` decides: SQLite, PostgreSQL, or one after the other.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import timedelta
from functools import cache
from pathlib import Path

from forum import wiring
from forum.db import work
from forum.db.connect import Limits, connect, disconnect
from forum.db.migrating import migrate
from forum.db.work import After
from forum.discussions import screening
from forum.discussions.forms import Edit, NewComment
from forum.discussions.models import Comment, Premoderation, Question, Space, SpaceState
from forum.discussions.posting import post_comment
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.kernel.events import Fact
from forum.kernel.locales import LANGS
from forum.people import passwords
from forum.people.models import (
    Affiliation,
    AffiliationStatus,
    Entity,
    EntityKind,
    Person,
    Restriction,
    RestrictionKind,
    SpaceRole,
)
from moderation.screening import PHASES, hints
from tests.support import backends, postgres

PATIENT = Limits(statement_timeout=20)
"""Tests share their machine: what is asked of the database may take its time, except where that is what they are about."""
PASSWORD = "a long enough passphrase"


@cache
def _template_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="forum-template-")


async def _template() -> Path:
    """Return an empty database with the present schema, made once in this process."""
    path = Path(_template_folder().name) / "empty.sqlite3"
    if not path.exists():
        await migrate(f"sqlite://{path}", wiring.APPS)
    return path


@asynccontextmanager
async def new_database(folder: Path) -> AsyncIterator[str]:
    """Give the URL of a fresh database: a file in `folder`, or one on the shared PostgreSQL."""
    if backends.present() == backends.POSTGRES:
        async with postgres.lent_database() as url:
            yield url
        return
    path = folder / "forum.sqlite3"
    shutil.copyfile(await _template(), path)
    yield f"sqlite://{path}"


@contextmanager
def listening(after: Sequence[tuple[str, After]] = ()) -> Iterator[None]:
    """Let the forum's own listeners and screening phases be installed for a while; `after` hear facts once they are committed."""
    work.install(wiring.INSIDE, after)
    screening.install(PHASES, hints)
    wiring.install_notices()
    try:
        yield
    finally:
        work.install((), ())
        screening.install(())


@asynccontextmanager
async def database(folder: Path, after: Sequence[tuple[str, After]] = (), url: str = "") -> AsyncIterator[list[Fact]]:
    """Open a fresh database in `folder`, or the one at `url`, with the forum's own listeners; `after` hear facts once committed."""
    told: list[Fact] = []

    async def remember(fact: Fact) -> None:
        told.append(fact)

    async with nullcontext(url) if url else new_database(folder) as place:
        with listening((("", remember), *after)):
            await connect(place, wiring.APPS, PATIENT)
            try:
                yield told
            finally:
                await disconnect()


@cache
def _password_hash() -> str:
    return passwords._hasher.hash(PASSWORD)


async def person(name: str, *, email: str = "", lang: str = "en", secretariat: bool = False) -> Person:
    """Add an account; the address is made from the name unless it is given."""
    return await Person.create(
        email=email or f"{name.casefold().replace(' ', '.')}@example.org",
        name=name,
        password_hash=_password_hash(),
        lang=lang,
        is_secretariat=secretariat,
        created_at=clock.now(),
    )


async def entity(name: str, kind: EntityKind = EntityKind.STATE, code: str = "") -> Entity:
    """Add an entity with the same name in every language."""
    names = {f"name_{lang}": name for lang in LANGS}
    made = Entity(kind=kind.value, code=code or name.upper().replace(" ", "-")[:40], **names)
    await made.save()
    return made


async def affiliate(who: Person, whom: Entity, status: AffiliationStatus = AffiliationStatus.VERIFIED) -> Affiliation:
    """Let a person speak for an entity."""
    return await Affiliation.create(person_id=who.id, entity_id=whom.id, status=status.value, declared_at=clock.now())


async def give_role(who: Person, where: Space, role: Role = Role.MODERATOR) -> None:
    """Give a person a role in a space."""
    await SpaceRole.create(person_id=who.id, space_id=where.id, role=role.value, given_at=clock.now())


async def space(
    slug: str,
    *,
    premoderation: Premoderation = Premoderation.ALL,
    moderators: Iterable[Person] = (),
    questions: int = 3,
    languages: Sequence[str] = LANGS,
    **values: object,
) -> Space:
    """Add a space, open for a day to either side of now, with numbered questions; `values` are further columns."""
    now = clock.now()
    columns: dict[str, object] = {
        "title": {"en": f"Space {slug}"},
        "policy": {"en": "Be kind."},
        "policy_html": {"en": "<p>Be kind.</p>"},
        "symbol": "RT4",
        "languages": list(languages),
        "premoderation": premoderation.value,
        "state": SpaceState.OPEN.value,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=1),
        "created_at": now,
    }
    made = Space(slug=slug, **columns | values)
    await made.save()
    for number in range(1, questions + 1):
        await Question.create(space_id=made.id, number=number, text={"en": f"Question {number}?"})
    for moderator in moderators:
        await give_role(moderator, made)
    return made


async def actor_for(who: Person) -> Actor:
    """Return the actor that `who` is now, with the roles and suspensions of this moment."""
    held: dict[str, frozenset[Role]] = {}
    suspended = await Restriction.filter(person_id=who.id, kind=RestrictionKind.SUSPENDED.value, lifted_at=None)
    barred = frozenset(one.space_id for one in suspended if one.until is None or one.until > clock.now())
    for role in await SpaceRole.filter(person_id=who.id).exclude(space_id__in=barred):
        held[role.space_id] = held.get(role.space_id, frozenset()) | {Role(role.role)}
    return Actor(person_id=who.id, name=who.name, lang=who.lang, is_secretariat=who.is_secretariat, roles=held, barred=barred)


async def post(
    actor: Actor, where: Space, body: str, *, question: int = 1, parent: str | None = None, lang: str = "en", capacity: str = ""
) -> str:
    """Post a comment as its author would and return its id."""
    form = NewComment(question=question, parent=parent, body=body, lang=lang, capacity=capacity or "personal")
    return (await post_comment(actor, where, form)).comment_id


async def edit_of(comment_id: str, body: str) -> Edit:
    """Return an edit against the comment's present version."""
    return Edit(body=body, version=(await Comment.get(id=comment_id)).version)
