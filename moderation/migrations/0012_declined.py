"""A note keeps what a second moderator has disagreed with: who had proposed it, and the decision as it was to be."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("moderation", "0011_grounds")]

    operations = [ops.AddField(model_name="Note", name="declined", field=fields.TextField(default=""))]
