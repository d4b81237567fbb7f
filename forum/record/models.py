"""The record of a space: its head, and its entries."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

GENESIS = "0" * 64


class Log(Model):
    """The head of one log: its row is the lock under which numbers are given."""

    id = fields.CharField(primary_key=True, max_length=32)
    seq = fields.IntField(default=0)
    public_seq = fields.IntField(default=0)
    head = fields.CharField(max_length=64, default=GENESIS)

    class Meta:
        table = "record_logs"


class Entry(Model):
    """One appended fact.

    `seq` numbers all entries of a log densely. `public_seq` numbers densely those that every follower may see: a gap in what the
    public sees would tell how many comments are held. `data` is canonical JSON; `hash` = SHA-256 of the previous hash and the entry.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    log_id = fields.CharField(max_length=32)
    seq = fields.IntField()
    public_seq = fields.IntField(null=True)
    kind = fields.CharField(max_length=40)
    at = fields.DatetimeField()
    actor_id = fields.CharField(max_length=32, null=True)
    capacity = fields.CharField(max_length=16)
    subject = fields.CharField(max_length=32, null=True)
    data = fields.TextField()
    prev = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "record_entries"
        unique_together = (("log_id", "seq"), ("log_id", "public_seq"))
        indexes = (Index(fields=("log_id", "subject"), name="record_entries_subject"),)
