"""A proposal keeps the reason that it rests on as the space had it: a reason may be changed or retired while a second moderator is awaited."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("moderation", "0010_screening")]

    operations = [ops.AddField(model_name="Proposal", name="ground", field=fields.TextField(default=""))]
