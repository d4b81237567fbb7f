"""What happened at the desk, counted by the day. `imrf-forum migrate` fills it from the record."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

# Days are compared: their order must be that of their bytes.
BYTEWISE = 'ALTER TABLE desk_days ALTER COLUMN day TYPE VARCHAR(10) COLLATE "C"'


async def finish(_apps: object, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_query(BYTEWISE)


async def undo(_apps: object, _editor: BaseSchemaEditor) -> None:
    """Nothing stays: the table goes."""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_desk")]

    operations = [
        ops.CreateModel(
            name="DeskDay",
            fields=[
                ("id", fields.BigIntField(primary_key=True, generated=True)),
                ("space_id", fields.CharField(max_length=32)),
                ("day", fields.CharField(max_length=10)),
                ("name", fields.CharField(max_length=12)),
                ("detail", fields.CharField(max_length=40, default="")),
                ("n", fields.IntField()),
            ],
            options={
                "table": "desk_days",
                "app": "moderation",
                "unique_together": (("space_id", "day", "name", "detail"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(finish, undo),
    ]
