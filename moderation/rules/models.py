"""The rules of moderation in each space: settings, reasons, phrases, what a moderator is given, and how many cases wait where."""

from tortoise import fields
from tortoise.models import Model

from forum.db.fields import texts, words
from forum.db.ids import new_ordered_id


class DeskSettings(Model):
    """How a space is moderated; a space without a row has the defaults.

    `goal_days` are working days in the zone of the space until a case is late. `four_eyes` asks for a second moderator before a statement
    on behalf of a State is refused. `recuse_entity` and `recuse_nationality` keep moderators from deciding on their own entity and State.
    """

    space_id = fields.CharField(primary_key=True, max_length=32)
    goal_days = fields.IntField(default=1)
    four_eyes = fields.BooleanField(default=True)
    recuse_entity = fields.BooleanField(default=True)
    recuse_nationality = fields.BooleanField(default=False)
    undo_seconds = fields.IntField(default=15)
    appeal_days = fields.IntField(default=14)
    version = fields.IntField(default=1)

    class Meta:
        table = "desk_settings"


class SpaceReason(Model):
    """A reason of one space: the clause of its policy, a short name and what it tells the author, by language.

    A space without any has the usual ones of `moderation.reasons`. A retired reason is kept for what was decided with it.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    space_id = fields.CharField(max_length=32)
    code = fields.CharField(max_length=24)
    clause = fields.CharField(max_length=40, default="")
    name = texts()
    text = texts()
    four_eyes = fields.BooleanField(default=False)
    place = fields.IntField(default=0)
    retired_at = fields.DatetimeField(null=True)

    class Meta:
        table = "space_reasons"
        unique_together = (("space_id", "code"),)


class Phrase(Model):
    """Words that moderators use again, by language. They are put into the words to an author, never sent by themselves."""

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    space_id = fields.CharField(max_length=32)
    title = texts()
    text = texts()
    place = fields.IntField(default=0)

    class Meta:
        table = "phrases"
        unique_together = (("space_id", "id"),)


class ModeratorScope(Model):
    """What a moderator is given in a space: languages (none listed: all), and of which State they are a national (ISO 3166-1 alpha-3)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person_id = fields.CharField(max_length=32)
    space_id = fields.CharField(max_length=32)
    languages = words()
    nationality = fields.CharField(max_length=3, default="")

    class Meta:
        table = "moderator_scopes"
        unique_together = (("person_id", "space_id"),)


class CaseCount(Model):
    """How many cases wait, kept by the writes that change it: the queue counts nothing when it is read."""

    id = fields.BigIntField(primary_key=True, generated=True)
    space_id = fields.CharField(max_length=32)
    question_number = fields.IntField()
    lang = fields.CharField(max_length=2)
    region = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=14)
    n = fields.IntField()

    class Meta:
        table = "case_counts"
        unique_together = (("space_id", "question_number", "lang", "region", "kind"),)
