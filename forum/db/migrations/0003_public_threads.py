"""The index that public pages read threads by, and thread order byte by byte.

It is not in the model's Meta: the library knows no conditions but equality. Altering the table on SQLite makes it anew and loses the
index; a test compares the set.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

PUBLIC = "published_at IS NOT NULL AND state IN ('published', 'removed', 'withdrawn')"
SQLITE = (
    # With the columns of its own condition: SQLite looks at them again, and need not go to the table for it.
    f"CREATE INDEX comments_thread ON comments (question_id, path, state, published_at) WHERE {PUBLIC}",
)
POSTGRES = (
    # Paths are compared byte by byte everywhere. Digits and letters alone are not enough: Danish sorts "aa" after "z", Czech "ch"
    # after "h".
    'ALTER TABLE comments ALTER COLUMN path TYPE VARCHAR(36) COLLATE "C"',
    f"CREATE INDEX comments_thread ON comments (question_id, path) WHERE {PUBLIC}",
)


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    for statement in POSTGRES if editor.DIALECT == "postgres" else SQLITE:
        await editor.client.execute_query(statement)


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query("DROP INDEX comments_thread")


class Migration(migrations.Migration):
    dependencies = [("forum", "0002_leases")]

    operations = [ops.RunPython(make, drop)]
