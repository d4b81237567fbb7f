"""Spaces, questions, comments and their revisions."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from forum.db.fields import texts, words
from forum.kernel.ids import new_id

MAX_DEPTH = 8
SEGMENT = 4
PATH_LENGTH = SEGMENT * (MAX_DEPTH + 1)


class SpaceState(StrEnum):
    """Where a space stands in its life."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    SUMMARISED = "summarised"
    ARCHIVED = "archived"


class Premoderation(StrEnum):
    """Whose comments wait for a moderator before they are published."""

    ALL = "all"
    NEWCOMERS = "newcomers"
    NONE = "none"


class Visibility(StrEnum):
    """Who may read a space."""

    PUBLIC = "public"
    MEMBERS = "members"


class CommentState(StrEnum):
    """Where a comment stands."""

    HELD = "held"
    RETURNED = "returned"
    REJECTED = "rejected"
    PUBLISHED = "published"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class RevisionState(StrEnum):
    """Where one revision of a comment stands."""

    HELD = "held"
    RETURNED = "returned"
    REJECTED = "rejected"
    PUBLISHED = "published"
    REPLACED = "replaced"
    DROPPED = "dropped"


class SpeakingFor(StrEnum):
    """In which capacity a comment speaks."""

    STATE = "state"
    ORGANIZATION = "organization"
    GROUP = "group"
    PERSONAL = "personal"


class Space(Model):
    """A discussion space. `title`, `note` and `policy` hold {language: Markdown source}, `*_html` what is shown."""

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    slug = fields.CharField(max_length=60, unique=True)
    title = texts()
    note = texts()
    note_html = texts()
    policy = texts()
    policy_html = texts()
    renderer = fields.IntField(default=0)
    edition = fields.IntField(null=True)
    round_table = fields.IntField(null=True)
    symbol = fields.CharField(max_length=12)
    principles = words()
    languages = words()
    premoderation = fields.CharField(max_length=10, null=True)
    visibility = fields.CharField(max_length=8, default=Visibility.PUBLIC.value)
    state = fields.CharField(max_length=10, default=SpaceState.DRAFT.value)
    zone = fields.CharField(max_length=40, default="America/New_York")
    opens_at = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField(null=True)
    is_demo = fields.BooleanField(default=False)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta:
        table = "spaces"
        indexes = (Index(fields=("state", "closes_at"), name="spaces_state"),)


class SpaceObjective(Model):
    """That a space is about an objective of the Compact: it shows under each of them."""

    id = fields.BigIntField(primary_key=True, generated=True)
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField("forum.Space", on_delete=fields.CASCADE)
    objective = fields.IntField()

    space_id: str

    class Meta:
        table = "space_objectives"
        unique_together = (("space_id", "objective"),)
        indexes = (Index(fields=("objective",), name="space_objectives_objective"),)


class SpaceEntity(Model):
    """That an entity moderates a space."""

    id = fields.BigIntField(primary_key=True, generated=True)
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField("forum.Space", on_delete=fields.CASCADE)
    entity_id = fields.CharField(max_length=32)

    space_id: str

    class Meta:
        table = "space_entities"
        unique_together = (("space_id", "entity_id"),)


class Deadline(Model):
    """One closing time of a space: the first, or an extension with its reason. Rows are added, never changed."""

    id = fields.BigIntField(primary_key=True, generated=True)
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField("forum.Space", on_delete=fields.CASCADE)
    before = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField()
    zone = fields.CharField(max_length=40)
    reason = fields.TextField(default="")
    reason_lang = fields.CharField(max_length=2, default="en")
    set_at = fields.DatetimeField()
    set_by_id = fields.CharField(max_length=32, null=True)

    space_id: str

    class Meta:
        table = "deadlines"
        indexes = (Index(fields=("space_id",), name="deadlines_space"),)


class Question(Model):
    """A guiding question. The counters are kept by the writes, under the lock of the space."""

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField(
        "forum.Space", related_name="questions", on_delete=fields.CASCADE
    )
    number = fields.IntField()
    text = texts()
    children = fields.IntField(default=0)
    published = fields.IntField(default=0)
    symbols = fields.IntField(default=0)

    space_id: str

    class Meta:
        table = "questions"
        unique_together = (("space_id", "number"),)


class Comment(Model):
    """A contribution to a question. Its place in the thread is `path`, its text is `shown`, a revision.

    `path` is one fixed-width segment a level, lower-case base 36: thread order is the order of its bytes, in PostgreSQL too, whose
    column is collated "C" (a migration sees to it).
    `parent_id` is where it hangs, `reply_to_id` whom it answers (they differ below the greatest depth).
    `symbol` is the number in its question, given at publication and never again. `version` counts every change.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField("forum.Space", on_delete=fields.RESTRICT)
    question: fields.ForeignKeyRelation[Question] = fields.ForeignKeyField("forum.Question", on_delete=fields.RESTRICT)
    parent_id = fields.CharField(max_length=32, null=True)
    reply_to_id = fields.CharField(max_length=32, null=True)
    path = fields.CharField(max_length=PATH_LENGTH)
    depth = fields.IntField()
    children = fields.IntField(default=0)
    author_id = fields.CharField(max_length=32)
    speaking_for = fields.CharField(max_length=12)
    entity_id = fields.CharField(max_length=32, null=True)
    state = fields.CharField(max_length=10)
    version = fields.IntField(default=1)
    number = fields.IntField(null=True)
    symbol = fields.CharField(max_length=30, default="")
    shown_id = fields.CharField(max_length=32)
    pending_id = fields.CharField(max_length=32, null=True)
    stub_reason = fields.CharField(max_length=2000, default="")
    public_seq = fields.IntField(default=0)
    received_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    edited_at = fields.DatetimeField(null=True)

    space_id: str
    question_id: str

    class Meta:
        table = "comments"
        unique_together = (("question_id", "path"), ("question_id", "number"))
        indexes = (
            Index(fields=("author_id", "received_at"), name="comments_author"),
            Index(fields=("space_id", "received_at"), name="comments_space"),
        )


class Revision(Model):
    """An immutable text of a comment: source, the safe HTML made from it and by which version of the renderer.

    `digest` is the SHA-256 of salt and source: the record holds it instead of any text.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_id)
    comment_id = fields.CharField(max_length=32)
    number = fields.IntField()
    state = fields.CharField(max_length=10)
    lang = fields.CharField(max_length=2)
    source = fields.TextField()
    html = fields.TextField()
    renderer = fields.IntField()
    paragraphs = fields.IntField()
    salt = fields.CharField(max_length=64)
    digest = fields.CharField(max_length=64)
    made_at = fields.DatetimeField()

    class Meta:
        table = "revisions"
        unique_together = (("comment_id", "number"),)
        indexes = (Index(fields=("renderer",), name="revisions_renderer"),)


class Draft(Model):
    """What somebody has typed and not sent yet: one for each place where they could write."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person_id = fields.CharField(max_length=32)
    place = fields.CharField(max_length=70)
    body = fields.TextField()
    lang = fields.CharField(max_length=2)
    saved_at = fields.DatetimeField()

    class Meta:
        table = "drafts"
        unique_together = (("person_id", "place"),)


class PostKey(Model):
    """A key under which a person posted once: the same key answers the same comment."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person_id = fields.CharField(max_length=32)
    key = fields.CharField(max_length=80)
    digest = fields.CharField(max_length=64)
    comment_id = fields.CharField(max_length=32)
    used_at = fields.DatetimeField()

    class Meta:
        table = "post_keys"
        unique_together = (("person_id", "key"),)
