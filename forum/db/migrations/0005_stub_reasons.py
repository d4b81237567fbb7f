"""Room for the reason on a stub in all six languages. SQLite counts no characters: nothing to do there."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor


async def widen(_apps: object, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_query("ALTER TABLE comments ALTER COLUMN stub_reason TYPE VARCHAR(2000)")


async def keep(_apps: object, _editor: BaseSchemaEditor) -> None:
    """Leave the room: what stands there would not fit less."""


class Migration(migrations.Migration):
    dependencies = [("forum", "0004_search")]

    operations = [ops.RunPython(widen, keep)]
