"""The queue: filters that moderators keep, and an index for each way in which what waits is narrowed.

All of them hold the open cases alone, which are few beside the decided ones. What ends in `id` is read oldest first, page by page; the
index of what is late holds everything that the queue narrows by, so that counting reads nothing but it. Not in the model's Meta: see the
forum's migration of public threads.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

from forum.db.ids import new_ordered_id

COLUMNS = {"lang": "lang", "kind": "kind", "region": "region", "question": "question_number"}
MADE = {
    **{f"cases_open_{name}": f"cases (space_id, {column}, id) WHERE state = 'open'" for name, column in COLUMNS.items()},
    "cases_open_slot": "cases (space_id, question_number, lang, region, kind, id) WHERE state = 'open'",
    "cases_open_due": "cases (space_id, due_at, id, question_number, lang, region, kind) WHERE state = 'open'",
    "cases_open_claimed": "cases (claimed_by_id, id) WHERE state = 'open' AND claimed_by_id IS NOT NULL",
    "proposals_second": "proposals (space_id, case_id) WHERE needs_second",
}
REPLACED = "cases_late"
"""The index of what is late did not hold enough to count by."""
OLD = f"CREATE INDEX {REPLACED} ON cases (space_id, due_at) WHERE state = 'open'"


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_query('ALTER TABLE saved_filters ALTER COLUMN id TYPE VARCHAR(32) COLLATE "C"')
    await editor.client.execute_query(f"DROP INDEX {REPLACED}")
    for name, columns in MADE.items():
        await editor.client.execute_query(f"CREATE INDEX {name} ON {columns}")


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    for name in MADE:
        await editor.client.execute_query(f"DROP INDEX {name}")
    await editor.client.execute_query(OLD)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_sanctions")]

    operations = [
        ops.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)),
                ("person_id", fields.CharField(max_length=32)),
                ("name", fields.CharField(max_length=60)),
                ("query", fields.CharField(max_length=500)),
                ("made_at", fields.DatetimeField()),
            ],
            options={
                "table": "saved_filters",
                "app": "moderation",
                "unique_together": (("person_id", "name"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(make, drop),
    ]
