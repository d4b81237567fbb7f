"""Indexes for the reads that every page asks for, and thread order byte by byte.

They are not in the models' Meta: the library knows neither conditions other than equality nor columns that are only carried along.
Altering one of these tables on SQLite makes it anew and loses them; a test compares the set.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

PUBLIC = "published_at IS NOT NULL AND state IN ('published', 'removed', 'withdrawn')"
SQLITE = (
    f"CREATE INDEX comments_thread ON comments (question_id, path, id) WHERE {PUBLIC}",
    "CREATE INDEX record_entries_space ON record_entries (log_id, kind, seq, at) WHERE subject = log_id",
)
POSTGRES = (
    # Paths are compared byte by byte everywhere. Digits and letters alone are not enough: Danish sorts "aa" after "z", Czech "ch"
    # after "h".
    'ALTER TABLE comments ALTER COLUMN path TYPE VARCHAR(36) COLLATE "C"',
    f"CREATE INDEX comments_thread ON comments (question_id, path) INCLUDE (id) WHERE {PUBLIC}",
    "CREATE INDEX record_entries_space ON record_entries (log_id, kind, seq) INCLUDE (at) WHERE subject = log_id",
)
UNDONE = ("DROP INDEX comments_thread", "DROP INDEX record_entries_space")


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    for statement in POSTGRES if editor.DIALECT == "postgres" else SQLITE:
        await editor.client.execute_query(statement)


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    for statement in UNDONE:
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]

    operations = [ops.RunPython(make, drop)]
