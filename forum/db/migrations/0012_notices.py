"""Notices and who wants them by mail. Identifiers sort by time in any collation: the page is read by them."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

from forum.db.fields import dump_json, load_json
from forum.db.ids import new_ordered_id


async def bytewise(_apps: object, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_query('ALTER TABLE notices ALTER COLUMN id TYPE VARCHAR(32) COLLATE "C"')


async def nothing(_apps: object, _editor: BaseSchemaEditor) -> None:
    """The table goes with its columns."""


class Migration(migrations.Migration):
    dependencies = [("forum", "0011_flags")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Notice",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_ordered_id, unique=True, db_index=True, max_length=32)),
                ("person_id", fields.CharField(max_length=32)),
                ("kind", fields.CharField(max_length=40)),
                ("ref", fields.CharField(max_length=100)),
                ("params", fields.JSONField(default=dict, encoder=dump_json, decoder=load_json)),
                ("url", fields.CharField(max_length=200)),
                ("comment_id", fields.CharField(null=True, max_length=32)),
                ("space_id", fields.CharField(null=True, max_length=32)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("read_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("cancelled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("mail_state", fields.CharField(default="queued", max_length=7)),
                ("attempts", fields.IntField(default=0)),
                ("next_try_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("mailed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notices",
                "app": "forum",
                "unique_together": (("person_id", "kind", "ref"),),
                "indexes": [
                    Index(fields=["person_id", "id"], name="notices_person"),
                    Index(fields=["mail_state", "next_try_at"], name="notices_outbox"),
                    Index(fields=["ref"], name="notices_ref"),
                    Index(fields=["created_at"], name="notices_created"),
                    Index(fields=["read_at"], name="notices_read"),
                ],
                "pk_attr": "id",
                "table_description": "One thing told to one person. The id is time-ordered. `ref` names the act: one act, kind and person, one notice.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NoticeWish",
            fields=[
                ("person_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("mail", fields.BooleanField()),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice_wishes",
                "app": "forum",
                "pk_attr": "person_id",
                "table_description": "Whether a person wants their notices by mail. Who has said nothing does.",
            },
            bases=["Model"],
        ),
        ops.RunPython(bytewise, nothing),
    ]
