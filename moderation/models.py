"""Cases and decisions."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from forum.db.ids import new_ordered_id


class CaseState(StrEnum):
    """Where a case stands: to be decided, decided, or closed without a decision (the author withdrew or wrote anew)."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


class CaseKind(StrEnum):
    """Why a comment came before the moderators."""

    NEW = "new"
    EDIT = "edit"
    RESUBMISSION = "resubmission"


class Action(StrEnum):
    """What a moderator can decide."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    REMOVE = "remove"


class Case(Model):
    """A revision that waits for a moderator. `version` counts every change: decisions compare it and set it.

    `holds` names the screening phases that held it, with their reasons. The id is time-ordered: the queue is read oldest first by it.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    space_id = fields.CharField(max_length=32)
    question_number = fields.IntField()
    comment_id = fields.CharField(max_length=32)
    revision_id = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=14)
    state = fields.CharField(max_length=8, default=CaseState.OPEN.value)
    version = fields.IntField(default=1)
    lang = fields.CharField(max_length=2)
    holds = fields.TextField(default="[]")
    claimed_by_id = fields.CharField(max_length=32, null=True)
    claimed_until = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField()

    class Meta:
        table = "cases"
        unique_together = (("revision_id", "kind"),)
        indexes = (
            Index(fields=("state", "space_id", "id"), name="cases_queue"),
            Index(fields=("comment_id",), name="cases_comment"),
        )


class Decision(Model):
    """What was decided on one version of a case, why, and by whom. Rows are added, never changed.

    `reason` is a code of `reasons.REASONS`; `text` is what the moderator wrote to the author in `text_lang`; `note` stays inside.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    case_id = fields.CharField(max_length=32)
    case_version = fields.IntField()
    comment_id = fields.CharField(max_length=32)
    revision_id = fields.CharField(max_length=32)
    action = fields.CharField(max_length=8)
    reason = fields.CharField(max_length=24, default="")
    text = fields.TextField(default="")
    text_lang = fields.CharField(max_length=2, default="en")
    note = fields.TextField(default="")
    decided_by_id = fields.CharField(max_length=32)
    decided_at = fields.DatetimeField()

    class Meta:
        table = "decisions"
        unique_together = (("case_id", "case_version"),)
        indexes = (Index(fields=("comment_id",), name="decisions_comment"),)
