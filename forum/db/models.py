"""The tables that belong to no feature."""

from tortoise import fields
from tortoise.models import Model


class Lease(Model):
    """Who may do alone what `name` says, and until when: seconds since 1970 by the clock of the database."""

    name = fields.CharField(primary_key=True, max_length=32)
    holder = fields.CharField(max_length=100)
    until = fields.FloatField()

    class Meta:
        table = "leases"
