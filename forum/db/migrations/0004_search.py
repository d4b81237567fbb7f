"""The index of the search: its own tables, in each database's own kind. `imrf-forum migrate` fills them afterwards."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

SQLITE = (
    "CREATE TABLE search_documents (id INTEGER PRIMARY KEY AUTOINCREMENT, kind VARCHAR(12) NOT NULL, ref VARCHAR(32) NOT NULL,"
    " place VARCHAR(32) NOT NULL, lang VARCHAR(2) NOT NULL, UNIQUE (kind, ref))",
    # Which tokens a document has, not where: words are found, not phrases.
    "CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, tokenize='ascii', detail='none', columnsize=0)",
)
POSTGRES = (
    "CREATE TABLE search_documents (id BIGSERIAL PRIMARY KEY, kind VARCHAR(12) NOT NULL, ref VARCHAR(32) NOT NULL,"
    " place VARCHAR(32) NOT NULL, lang VARCHAR(2) NOT NULL, tokens TSVECTOR NOT NULL, UNIQUE (kind, ref))",
    # The planner must tell a rare word from a common one: their plans are the worst for one another.
    "ALTER TABLE search_documents ALTER COLUMN tokens SET STATISTICS 1000",
    "CREATE INDEX search_documents_tokens ON search_documents USING GIN (tokens) WITH (gin_pending_list_limit = 512)",
)


async def make(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    for statement in SQLITE if editor.client.capabilities.dialect == "sqlite" else POSTGRES:
        await editor.client.execute_query(statement)


async def drop(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    if editor.client.capabilities.dialect == "sqlite":
        await editor.client.execute_query("DROP TABLE search_tokens")
    await editor.client.execute_query("DROP TABLE search_documents")


class Migration(migrations.Migration):
    dependencies = [("forum", "0003_public_threads")]

    operations = [ops.RunPython(make, drop)]
