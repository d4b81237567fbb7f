"""Sanctions. Of one kind there is one active for each person and space; identifiers sort by time in any collation."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

from forum.db.ids import new_ordered_id

STANDING = "CREATE UNIQUE INDEX sanctions_standing ON sanctions (person_id, space_id, kind) WHERE state = 'active'"
BYTEWISE = 'ALTER TABLE sanctions ALTER COLUMN id TYPE VARCHAR(32) COLLATE "C"'


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    for statement in (BYTEWISE, STANDING) if editor.DIALECT == "postgres" else (STANDING,):
        await editor.client.execute_query(statement)


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query("DROP INDEX sanctions_standing")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0007_figures")]

    operations = [
        ops.CreateModel(
            name="Sanction",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, default=new_ordered_id, unique=True, db_index=True, max_length=32),
                ),
                ("person_id", fields.CharField(max_length=32)),
                ("space_id", fields.CharField(max_length=32)),
                ("kind", fields.CharField(max_length=7)),
                ("every", fields.IntField(default=0)),
                ("reason", fields.CharField(max_length=24)),
                ("text", fields.TextField(unique=False)),
                ("text_lang", fields.CharField(max_length=2)),
                ("note", fields.TextField(default="", unique=False)),
                ("case_id", fields.CharField(null=True, max_length=32)),
                ("imposed_by_id", fields.CharField(max_length=32)),
                ("imposed_as", fields.CharField(max_length=11)),
                ("imposed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(default="active", max_length=10)),
                ("version", fields.IntField(default=1)),
                ("ended_by_id", fields.CharField(null=True, max_length=32)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("end_text", fields.TextField(default="", unique=False)),
                ("end_lang", fields.CharField(default="", max_length=2)),
                ("appeal_text", fields.TextField(default="", unique=False)),
                ("appeal_lang", fields.CharField(default="", max_length=2)),
                ("appealed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("outcome", fields.CharField(default="", max_length=10)),
                ("answer", fields.TextField(default="", unique=False)),
                ("answer_lang", fields.CharField(default="", max_length=2)),
                ("answered_by_id", fields.CharField(null=True, max_length=32)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sanctions",
                "app": "moderation",
                "indexes": [
                    Index(fields=["space_id", "id"], name="sanctions_space"),
                    Index(fields=["person_id", "id"], name="sanctions_person"),
                ],
                "pk_attr": "id",
                "table_description": "What was imposed on a person, why and until when. `space_id` is empty for the whole forum.",
            },
            bases=["Model"],
        ),
        ops.RunPython(make, drop),
    ]
