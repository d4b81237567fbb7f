"""Sanctions, with the appeal that each allows."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from forum.db.ids import new_ordered_id


class SanctionKind(StrEnum):
    """What is done, from the mildest to the hardest."""

    WARN = "warn"
    SLOW = "slow"
    HOLD = "hold"
    SUSPEND = "suspend"


class SanctionState(StrEnum):
    """Where a sanction stands. One whose end has passed has ended, whether or not that has been written down yet."""

    ACTIVE = "active"
    ENDED = "ended"
    LIFTED = "lifted"
    OVERTURNED = "overturned"


class Outcome(StrEnum):
    """What an appeal comes to."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class Sanction(Model):
    """What was imposed on a person, why and until when. `space_id` is empty for the whole forum.

    `reason` is a code of `reasons.REASONS`; `text` is written to the person in `text_lang`, and so are `end_text` by whoever lifts it and
    `answer` by whoever decides on the appeal; `note` stays inside. `every` are the seconds between two posts. `version` counts every
    change: acts compare it and set it. `imposed_as` is the capacity. Of one kind there is one active for each person and space: an index
    says so, which is not in the Meta as it has a condition.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    person_id = fields.CharField(max_length=32)
    space_id = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=7)
    every = fields.IntField(default=0)
    reason = fields.CharField(max_length=24)
    text = fields.TextField()
    text_lang = fields.CharField(max_length=2)
    note = fields.TextField(default="")
    case_id = fields.CharField(max_length=32, null=True)
    imposed_by_id = fields.CharField(max_length=32)
    imposed_as = fields.CharField(max_length=11)
    imposed_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True)
    state = fields.CharField(max_length=10, default=SanctionState.ACTIVE.value)
    version = fields.IntField(default=1)
    ended_by_id = fields.CharField(max_length=32, null=True)
    ended_at = fields.DatetimeField(null=True)
    end_text = fields.TextField(default="")
    end_lang = fields.CharField(max_length=2, default="")
    appeal_text = fields.TextField(default="")
    appeal_lang = fields.CharField(max_length=2, default="")
    appealed_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=10, default="")
    answer = fields.TextField(default="")
    answer_lang = fields.CharField(max_length=2, default="")
    answered_by_id = fields.CharField(max_length=32, null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sanctions"
        indexes = (
            Index(fields=("space_id", "id"), name="sanctions_space"),
            Index(fields=("person_id", "id"), name="sanctions_person"),
        )
