"""What happened at the desk of a space, counted by the day."""

from tortoise import fields
from tortoise.models import Model


class DeskDay(Model):
    """How often something happened in a space on one day (`YYYY-MM-DD` in the zone of the space); `moderation.figures.tallying` names it.

    Nothing but what the record says: `imrf-forum recount` makes the same rows from it alone.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    space_id = fields.CharField(max_length=32)
    day = fields.CharField(max_length=10)
    name = fields.CharField(max_length=12)
    detail = fields.CharField(max_length=40, default="")
    n = fields.IntField()

    class Meta:
        table = "desk_days"
        unique_together = (("space_id", "day", "name", "detail"),)
