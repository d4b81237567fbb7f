"""Filters that moderators keep."""

from tortoise import fields
from tortoise.models import Model

from forum.db.ids import new_ordered_id


class SavedFilter(Model):
    """A filter that a moderator has given a name. `query` is the part of the queue's address after the question mark."""

    id = fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)
    person_id = fields.CharField(max_length=32)
    name = fields.CharField(max_length=60)
    query = fields.CharField(max_length=500)
    made_at = fields.DatetimeField()

    class Meta:
        table = "saved_filters"
        unique_together = (("person_id", "name"),)
