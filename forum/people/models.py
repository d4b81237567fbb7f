"""People, the entities they may speak for, sessions and roles."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from forum.kernel import clock
from forum.kernel.ids import new_id


class EntityKind(StrEnum):
    """What kind of body an entity is; it decides which capacity its speakers state."""

    STATE = "state"
    OBSERVER = "observer"
    UN_BODY = "un_body"
    ORGANIZATION = "organization"
    GROUP = "group"


class AffiliationStatus(StrEnum):
    """Where a declared affiliation stands; only a verified one may be spoken for."""

    DECLARED = "declared"
    VERIFIED = "verified"
    REFUSED = "refused"
    ENDED = "ended"


class SessionKind(StrEnum):
    """How a session is carried: the cookie of a browser, or a bearer token of the API."""

    WEB = "web"
    API = "api"


class RestrictionKind(StrEnum):
    """What somebody cannot do as others can: post as often, be published without being read, or take part."""

    SLOW = "slow"
    HOLD = "hold"
    SUSPENDED = "suspended"


def suspended(at: datetime | None, until: datetime | None) -> bool:
    """Return whether an account that was closed at `at`, with this end or none, is closed now."""
    return at is not None and (until is None or until > clock.now())


class Person(Model):
    """An account. The e-mail address is never shown to anyone else."""

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=80)
    password_hash = fields.CharField(max_length=200)
    lang = fields.CharField(max_length=2, default="en")
    is_secretariat = fields.BooleanField(default=False)
    suspended_at = fields.DatetimeField(null=True)
    suspended_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "persons"

    @property
    def is_suspended(self) -> bool:
        """Whether the account is closed at this moment; a suspension with an end is over by itself."""
        return suspended(self.suspended_at, self.suspended_until)


class Entity(Model):
    """A State, observer, UN body, organization or group of States that people speak for.

    `code` is ISO 3166-1 alpha-3 for States, an acronym or slug else. `names` holds the name in each language.
    `ranks` holds the place in each language's own alphabet, for the entities that have one.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    kind = fields.CharField(max_length=16)
    code = fields.CharField(max_length=40)
    acronym = fields.CharField(max_length=20, default="")
    name_ar = fields.CharField(max_length=200)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    name_fr = fields.CharField(max_length=200)
    name_ru = fields.CharField(max_length=200)
    name_es = fields.CharField(max_length=200)
    rank_ar = fields.IntField(default=0)
    rank_zh = fields.IntField(default=0)
    rank_en = fields.IntField(default=0)
    rank_fr = fields.IntField(default=0)
    rank_ru = fields.IntField(default=0)
    rank_es = fields.IntField(default=0)

    class Meta:
        table = "entities"
        unique_together = (("kind", "code"),)

    def name_in(self, lang: str) -> str:
        """Return the name in `lang`, one of the six languages."""
        return str(getattr(self, f"name_{lang}"))


class Affiliation(Model):
    """That a person may speak for an entity: declared by the person, verified by the secretariat alone."""

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("forum.Person", on_delete=fields.RESTRICT)
    entity: fields.ForeignKeyRelation[Entity] = fields.ForeignKeyField("forum.Entity", on_delete=fields.RESTRICT)
    title = fields.CharField(max_length=120, default="")
    status = fields.CharField(max_length=10, default=AffiliationStatus.DECLARED.value)
    declared_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.CharField(max_length=32, null=True)

    person_id: str
    entity_id: str

    class Meta:
        table = "affiliations"
        unique_together = (("person_id", "entity_id"),)
        indexes = (Index(fields=("status", "declared_at"), name="affiliations_status"),)


class SpaceRole(Model):
    """A role of a person in one space."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("forum.Person", on_delete=fields.RESTRICT)
    space_id = fields.CharField(max_length=32)
    role = fields.CharField(max_length=12)
    given_at = fields.DatetimeField()

    person_id: str

    class Meta:
        table = "space_roles"
        unique_together = (("person_id", "space_id", "role"),)
        indexes = (Index(fields=("space_id", "role"), name="space_roles_space"),)


class Session(Model):
    """A signed-in browser or API client: the id is the hash of the secret that it carries."""

    id = fields.CharField(primary_key=True, max_length=64)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("forum.Person", on_delete=fields.CASCADE)
    kind = fields.CharField(max_length=4)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    rotate = fields.BooleanField(default=False)

    person_id: str

    class Meta:
        table = "sessions"
        indexes = (
            Index(fields=("person_id",), name="sessions_person"),
            Index(fields=("expires_at",), name="sessions_expiry"),
        )


class Restriction(Model):
    """What a person may not do in a space as others may. `space_id` is empty for the whole forum.

    `every` are the seconds between two posts of `slow`. It ends by itself at `until`, without one when it is lifted. Of those that are
    not lifted there is one for each person, space and kind: an index says so, which is not in the Meta as it has a condition.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("forum.Person", on_delete=fields.RESTRICT)
    space_id = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=9)
    every = fields.IntField(default=0)
    until = fields.DatetimeField(null=True)
    set_at = fields.DatetimeField()
    lifted_at = fields.DatetimeField(null=True)

    person_id: str

    class Meta:
        table = "restrictions"
