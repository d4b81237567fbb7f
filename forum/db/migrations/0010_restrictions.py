"""What people may not do for a time, and when a suspension from the forum ends.

The index is not in the model's Meta: the library knows no conditions but equality. It also serves the look-up of every request.
"""

from tortoise import fields, migrations
from tortoise.fields import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

ONE_OF_A_KIND = "CREATE UNIQUE INDEX restrictions_active ON restrictions (person_id, space_id, kind) WHERE lifted_at IS NULL"


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query(ONE_OF_A_KIND)


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query("DROP INDEX restrictions_active")


class Migration(migrations.Migration):
    dependencies = [("forum", "0009_audit")]

    operations = [
        ops.AddField(
            model_name="Person",
            name="suspended_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.CreateModel(
            name="Restriction",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "forum.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("space_id", fields.CharField(max_length=32)),
                ("kind", fields.CharField(max_length=9)),
                ("every", fields.IntField(default=0)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("lifted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restrictions",
                "app": "forum",
                "pk_attr": "id",
                "table_description": "What a person may not do in a space as others may. `space_id` is empty for the whole forum.",
            },
            bases=["Model"],
        ),
        ops.RunPython(make, drop),
    ]
