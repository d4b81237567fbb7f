"""Notices, and who wants them by mail."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from forum.db.fields import dump_json, load_json
from forum.db.ids import new_ordered_id


class MailState(StrEnum):
    """Where the mail of a notice stands: there is none, it waits, it has left, it was given up, it was no longer wanted."""

    NONE = "none"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Notice(Model):
    """One thing told to one person. The id is time-ordered. `ref` names the act: one act, kind and person, one notice.

    `params` are ids, codes, names and numbers that the sentence of the kind is filled with, never what somebody wrote. `url` is a path
    without the language. Before `due_at` it is shown and mailed to nobody, and a cancelled one never. `attempts` counts the times that
    its mail was begun, `next_try_at` is when it may be begun again.
    """

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    person_id = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=40)
    ref = fields.CharField(max_length=100)
    params = fields.JSONField[dict[str, str | int]](encoder=dump_json, decoder=load_json, default=dict)
    url = fields.CharField(max_length=200)
    comment_id = fields.CharField(max_length=32, null=True)
    space_id = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)
    cancelled_at = fields.DatetimeField(null=True)
    mail_state = fields.CharField(max_length=7, default=MailState.QUEUED.value)
    attempts = fields.IntField(default=0)
    next_try_at = fields.DatetimeField()
    mailed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notices"
        unique_together = (("person_id", "kind", "ref"),)
        indexes = (
            Index(fields=("person_id", "id"), name="notices_person"),
            Index(fields=("mail_state", "next_try_at"), name="notices_outbox"),
            Index(fields=("ref",), name="notices_ref"),
            Index(fields=("created_at",), name="notices_created"),
            Index(fields=("read_at",), name="notices_read"),
        )


class NoticeWish(Model):
    """Whether a person wants their notices by mail. Who has said nothing does."""

    person_id = fields.CharField(primary_key=True, max_length=32)
    mail = fields.BooleanField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "notice_wishes"
