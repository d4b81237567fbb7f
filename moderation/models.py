"""Cases, what moderators say about them, proposals, decisions and appeals."""

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
    REPORT = "report"
    APPEAL = "appeal"


TEXTS = frozenset({CaseKind.NEW, CaseKind.EDIT, CaseKind.RESUBMISSION})
"""Kinds of the cases that are about a text that waits; the others are about what was published or decided."""


class Action(StrEnum):
    """What a moderator can decide."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    REMOVE = "remove"
    RESTORE = "restore"
    KEEP = "keep"
    MOVE = "move"
    MERGE = "merge"
    UPHOLD = "uphold"
    OVERTURN = "overturn"


REASONED = frozenset({Action.RETURN, Action.REJECT, Action.REMOVE, Action.UPHOLD, Action.OVERTURN})
"""What nobody decides without a reason."""
REFUSING = frozenset({Action.RETURN, Action.REJECT, Action.REMOVE})
"""What takes a text away from readers, or keeps it from them: its author may appeal against it."""


class Case(Model):
    """A revision that waits for a moderator. `version` counts every change: decisions compare it and set it.

    `holds` names the screening phases that held it, with their reasons. The id is time-ordered: the queue is read oldest first by it.
    `ref` tells apart the cases of one kind about one revision: the decision that an appeal is against, the first report of a report.
    `due_at` is when the service goal of the space ends; `region` (a slug, "" for none) and `speaking_for` are the comment's.
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
    ref = fields.CharField(max_length=32, default="", db_default="")
    due_at = fields.DatetimeField(null=True)
    region = fields.CharField(max_length=40, default="", db_default="")
    speaking_for = fields.CharField(max_length=12, default="", db_default="")

    class Meta:
        table = "cases"
        unique_together = (("revision_id", "kind", "ref"),)
        indexes = (
            Index(fields=("state", "space_id", "id"), name="cases_queue"),
            Index(fields=("comment_id",), name="cases_comment"),
        )


class Decision(Model):
    """What was decided on one version of a case, why, and by whom. Rows are added, never changed.

    `reason` is a code of the reasons of the space; what it said at the time, by language, is kept in `reason_name` and `reason_text` (JSON)
    with the `clause` of the policy. `facts` say what in the text the decision rests on, `text` is what the moderator wrote to the author,
    both in `text_lang`; `note` stays inside. `automated` names the screening phases that had flagged the text (JSON). `waited` is how many
    seconds the case had been open. `seconded_by_id` is the second pair of eyes; `appeal_until` the last moment of an appeal.
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
    space_id = fields.CharField(max_length=32, default="", db_default="")
    kind = fields.CharField(max_length=14, default="", db_default="")
    clause = fields.CharField(max_length=40, default="", db_default="")
    reason_name = fields.TextField(default="{}", db_default="{}")
    reason_text = fields.TextField(default="{}", db_default="{}")
    facts = fields.TextField(default="", db_default="")
    automated = fields.TextField(default="[]", db_default="[]")
    waited = fields.IntField(default=0, db_default=0)
    seconded_by_id = fields.CharField(max_length=32, null=True)
    appeal_until = fields.DatetimeField(null=True)

    class Meta:
        table = "decisions"
        unique_together = (("case_id", "case_version"),)
        indexes = (
            Index(fields=("comment_id",), name="decisions_comment"),
            Index(fields=("space_id", "decided_at"), name="decisions_space"),
        )


class Proposal(Model):
    """A decision that is not carried out yet: for a while it can be undone, or it waits for a second moderator. One for each case.

    `form` is the decision as it was sent, `ground` the reason as the space had it then (both JSON). `case_version` is the version that
    the case got by it: any later change of the case makes the proposal lapse. `due_at` is when it is carried out; None while it waits for
    a second.
    """

    case_id = fields.CharField(primary_key=True, max_length=32)
    case_version = fields.IntField()
    space_id = fields.CharField(max_length=32)
    action = fields.CharField(max_length=8)
    form = fields.TextField()
    ground = fields.TextField(default="")
    made_by_id = fields.CharField(max_length=32)
    made_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    needs_second = fields.BooleanField(default=False)

    class Meta:
        table = "proposals"
        indexes = (Index(fields=("due_at",), name="proposals_due"),)


class Note(Model):
    """What one moderator writes to the others on a case; the author never sees it. Rows are added, never changed.

    `declined` is the proposal that the writer, as the second moderator, has disagreed with (JSON: `by`, `form`, `ground`); "" elsewhere.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    case_id = fields.CharField(max_length=32)
    comment_id = fields.CharField(max_length=32)
    text = fields.TextField()
    by_id = fields.CharField(max_length=32)
    made_at = fields.DatetimeField()
    declined = fields.TextField(default="")

    class Meta:
        table = "case_notes"
        indexes = (Index(fields=("comment_id",), name="case_notes_comment"),)


class Appeal(Model):
    """An author's words against a decision, once for each. `case_id` is the case of the appeal; its decision upholds or overturns.

    `outcome` is "" while it waits, then "upheld", "overturned", or "closed" when it has become pointless.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    decision_id = fields.CharField(max_length=32, unique=True)
    comment_id = fields.CharField(max_length=32)
    space_id = fields.CharField(max_length=32)
    case_id = fields.CharField(max_length=32)
    author_id = fields.CharField(max_length=32)
    text = fields.TextField()
    lang = fields.CharField(max_length=2)
    made_at = fields.DatetimeField()
    outcome = fields.CharField(max_length=12, default="")
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "appeals"
        indexes = (
            Index(fields=("author_id",), name="appeals_author"),
            Index(fields=("comment_id",), name="appeals_comment"),
        )
