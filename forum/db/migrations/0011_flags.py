"""Reports of published comments."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from forum.db.ids import new_ordered_id


class Migration(migrations.Migration):
    dependencies = [("forum", "0010_restrictions")]

    operations = [
        ops.CreateModel(
            name="Flag",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)),
                ("comment_id", fields.CharField(max_length=32)),
                ("revision_id", fields.CharField(max_length=32)),
                ("space_id", fields.CharField(max_length=32)),
                ("by_id", fields.CharField(max_length=32)),
                ("number", fields.IntField()),
                ("reason", fields.CharField(max_length=24)),
                ("text", fields.TextField(default="")),
                ("lang", fields.CharField(max_length=2)),
                ("made_at", fields.DatetimeField()),
            ],
            options={
                "table": "flags",
                "app": "forum",
                "unique_together": (("comment_id", "revision_id", "by_id"), ("revision_id", "number")),
                "indexes": [Index(fields=["by_id", "made_at"], name="flags_by")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
