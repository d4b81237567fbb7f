"""Indexes for reading the record newest first: of one log, of all of them, and by who acted. Not in the model's Meta: see 0003."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

INDEXES = {
    "record_entries_time": "log_id, at, seq",
    "record_entries_recent": "at, seq, log_id",
    "record_entries_actor": "actor_id, at, seq, log_id",
}


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    for name, columns in INDEXES.items():
        await editor.client.execute_query(f"CREATE INDEX {name} ON record_entries ({columns})")


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    for name in INDEXES:
        await editor.client.execute_query(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("forum", "0005_stub_reasons")]

    operations = [ops.RunPython(make, drop)]
