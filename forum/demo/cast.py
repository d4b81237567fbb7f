"""The people of the demonstration: six accounts to sign in with, and the authors of the contributions, who cannot."""

from forum.db.work import begin
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.kernel.locales import LANGS
from forum.people import affiliations, passwords
from forum.people.forms import NewAffiliation
from forum.people.models import AffiliationStatus, Entity, EntityKind, Person

SECRETARIAT = "secretariat@demo.example"
MODERATORS = ("moderator@demo.example", "moderator2@demo.example")
ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    ("moderator@demo.example", "Moderator (demo)", "en"),
    ("moderator2@demo.example", "Second moderator (demo)", "fr"),
    ("delegate-a@demo.example", "Delegation A (demo)", "fr"),
    ("delegate-b@demo.example", "Delegation B (demo)", "es"),
    ("participant@demo.example", "Participant (demo)", "en"),
    (SECRETARIAT, "Secretariat (demo)", "en"),
)
"""E-mail address, name and language of the accounts that are printed at start."""
LAST = 9000
NO_PASSWORD = "!"  # noqa: S105 - no hash at all: nobody signs in as the author of a contribution


class Cast:
    """Makes the people and entities and finds them again by name or address."""

    def __init__(self, password: str, entities: dict[str, dict[str, str]]) -> None:
        self._password = password
        self._entities = entities
        self._people: dict[str, Person] = {}
        self._capacity: dict[str, str] = {}

    @property
    def secretariat(self) -> Actor:
        person = self._people[SECRETARIAT]
        return Actor(person_id=person.id, name=person.name, is_secretariat=True, lang="en")

    def id_of(self, who: str) -> str:
        """Return the person's id by name or address."""
        return self._people[who].id

    def actor(self, who: str) -> Actor:
        """Return a person as an actor without roles."""
        person = self._people[who]
        return Actor(person_id=person.id, name=person.name, lang=person.lang)

    def capacity_of(self, who: str) -> str:
        """Return the id of the entity a person speaks for, or "personal"."""
        return self._capacity.get(who, "personal")

    def moderator(self, *, space_id: str, other_than: str) -> Actor:
        """Return the first moderator of the space who is not `other_than`."""
        address = next(one for one in MODERATORS if self.id_of(one) != other_than)
        person = self._people[address]
        roles = {space_id: frozenset({Role.MODERATOR})}
        return Actor(person_id=person.id, name=person.name, lang=person.lang, roles=roles)

    async def make(self, authors: list[str]) -> None:
        """Make the accounts, the authors, their entities and verified affiliations."""
        hashed = await passwords.make_hash(self._password)
        for address, name, lang in ACCOUNTS:
            await self._person(address, name, lang, hashed)
        for number, name in enumerate(dict.fromkeys(authors), start=1):
            if name not in self._people:
                await self._person(f"author-{number}@demo.example", name, "en", NO_PASSWORD)
        for place, (name, names) in enumerate(self._entities.items(), start=1):
            await self._speaks_for(name, names, place)

    async def _person(self, address: str, name: str, lang: str, hashed: str) -> None:
        async with begin() as work:
            person = await Person.create(
                using_db=work.connection,
                email=address,
                name=name,
                password_hash=hashed,
                lang=lang,
                is_secretariat=address == SECRETARIAT,
                created_at=clock.now(),
            )
        self._people[address] = self._people[name] = person

    async def _speaks_for(self, who: str, names: dict[str, str], place: int) -> None:
        kind = EntityKind.UN_BODY if who.startswith("Moderator") else EntityKind.ORGANIZATION
        kind = EntityKind.STATE if who.startswith("Delegation") else kind
        entity = Entity(kind=kind.value, code=f"demo-{place}")
        for lang in LANGS:
            setattr(entity, f"name_{lang}", names[lang])
            setattr(entity, f"rank_{lang}", LAST + place)
        await entity.save()
        declared = await affiliations.declare(self.actor(who), NewAffiliation(entity=entity.id))
        await affiliations.decide(declared.id, AffiliationStatus.VERIFIED, self.secretariat)
        self._capacity[who] = entity.id
