from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from forum.db.ids import new_ordered_id


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, default=new_ordered_id, unique=True, db_index=True, max_length=32),
                ),
                ("space_id", fields.CharField(max_length=32)),
                ("question_number", fields.IntField()),
                ("comment_id", fields.CharField(max_length=32)),
                ("revision_id", fields.CharField(max_length=32)),
                ("kind", fields.CharField(max_length=14)),
                ("state", fields.CharField(default="open", max_length=8)),
                ("version", fields.IntField(default=1)),
                ("lang", fields.CharField(max_length=2)),
                ("holds", fields.TextField(default="[]", unique=False)),
                ("claimed_by_id", fields.CharField(null=True, max_length=32)),
                ("claimed_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "cases",
                "app": "moderation",
                "unique_together": (("revision_id", "kind"),),
                "indexes": [
                    Index(fields=["state", "space_id", "id"], name="cases_queue"),
                    Index(fields=["comment_id"], name="cases_comment"),
                ],
                "pk_attr": "id",
                "table_description": "A revision that waits for a moderator. `version` counts every change: decisions compare it and set it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, default=new_ordered_id, unique=True, db_index=True, max_length=32),
                ),
                ("case_id", fields.CharField(max_length=32)),
                ("case_version", fields.IntField()),
                ("comment_id", fields.CharField(max_length=32)),
                ("revision_id", fields.CharField(max_length=32)),
                ("action", fields.CharField(max_length=8)),
                ("reason", fields.CharField(default="", max_length=24)),
                ("text", fields.TextField(default="", unique=False)),
                ("text_lang", fields.CharField(default="en", max_length=2)),
                ("note", fields.TextField(default="", unique=False)),
                ("decided_by_id", fields.CharField(max_length=32)),
                ("decided_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "decisions",
                "app": "moderation",
                "unique_together": (("case_id", "case_version"),),
                "indexes": [Index(fields=["comment_id"], name="decisions_comment")],
                "pk_attr": "id",
                "table_description": "What was decided on one version of a case, why, and by whom. Rows are added, never changed.",
            },
            bases=["Model"],
        ),
    ]
