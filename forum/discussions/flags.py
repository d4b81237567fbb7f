"""Reports of published comments: what participants want the moderators to look at, and why."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from forum.db.ids import new_ordered_id
from forum.kernel.messages import N_

WORDS_LIMIT = 1000
"""Characters that somebody can write with a report."""


class FlagReason(StrEnum):
    """Why somebody reports a comment."""

    PERSONAL_DATA = "personal-data"
    ACCUSATION = "accusation"
    HATE = "hate"
    ADVERTISING = "advertising"
    OFF_QUESTION = "off-question"
    OTHER = "other"


FLAG_WORDS = {
    FlagReason.PERSONAL_DATA.value: N_("It contains details by which a person could be recognized."),
    FlagReason.ACCUSATION.value: N_("It accuses a named State or person."),
    FlagReason.HATE.value: N_("It insults people or incites hatred against them."),
    FlagReason.ADVERTISING.value: N_("It advertises something without contributing to the discussion."),
    FlagReason.OFF_QUESTION.value: N_("It does not answer the guiding question."),
    FlagReason.OTHER.value: N_("Another reason, explained below."),
}
"""The reasons as whoever reports reads them, in the order in which they are offered."""


class Flag(Model):
    """One person's report of one text. `text` are the reporter's words in `lang`; moderators of the space alone read them.

    `number` counts the reports of a text from 1, in the order in which they came: the clocks of two processes may differ.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    comment_id = fields.CharField(max_length=32)
    revision_id = fields.CharField(max_length=32)
    space_id = fields.CharField(max_length=32)
    by_id = fields.CharField(max_length=32)
    number = fields.IntField()
    reason = fields.CharField(max_length=24)
    text = fields.TextField(default="")
    lang = fields.CharField(max_length=2)
    made_at = fields.DatetimeField()

    class Meta:
        table = "flags"
        unique_together = (("comment_id", "revision_id", "by_id"), ("revision_id", "number"))
        indexes = (Index(fields=("by_id", "made_at"), name="flags_by"),)
