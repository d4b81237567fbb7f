"""An index of the open cases alone, and identifiers that sort by time in any collation.

Decided cases are many and open ones few: the queue and its counts read only the latter. Not in the model's Meta: see the forum's
migration of public threads.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

OPEN = "CREATE INDEX cases_open ON cases (space_id, id) WHERE state = 'open'"
# The two columns that hold the same value keep the same collation: PostgreSQL compares no others.
BYTEWISE = (
    'ALTER TABLE cases ALTER COLUMN id TYPE VARCHAR(32) COLLATE "C"',
    'ALTER TABLE decisions ALTER COLUMN id TYPE VARCHAR(32) COLLATE "C"',
    'ALTER TABLE decisions ALTER COLUMN case_id TYPE VARCHAR(32) COLLATE "C"',
)


async def make(_apps: object, editor: BaseSchemaEditor) -> None:
    for statement in (*BYTEWISE, OPEN) if editor.DIALECT == "postgres" else (OPEN,):
        await editor.client.execute_query(statement)


async def drop(_apps: object, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query("DROP INDEX cases_open")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [ops.RunPython(make, drop)]
