"""The index on PostgreSQL: tokens that are made already as a tsvector, with a GIN index.

The planner chooses between the GIN index, for words that are rare, and walking from the newest document until enough have matched, for
words that are common. It can, because the column keeps the frequency of ten thousand tokens, and because each search is planned anew: a
plan kept for any word would be the wrong one for most.
"""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from forum.db.connect import READ
from forum.db.reading import Row, execute, rows
from forum.search.index import UPSERT, WHOLE, Document, Index, Wanted, forget


def _any(tokens: list[str]) -> str:
    quoted = " | ".join(f"'{token}'" for token in tokens)
    return f"({quoted})"


class PostgresIndex(Index):
    """One table: a document and its tokens."""

    source = "SELECT {columns} FROM search_documents d"
    match = "d.tokens @@ CAST(CAST(? AS text) AS tsquery)"
    number = "d.id"

    async def put(self, using: BaseDBAsyncClient, document: Document) -> None:
        # Not to_tsvector: its parser would take the tokens apart once more, by the rules of the database's locale.
        sql = (
            "INSERT INTO search_documents (kind, ref, place, lang, tokens) VALUES (?, ?, ?, ?, array_to_tsvector(CAST(? AS text[])))"
            f"{UPSERT}, tokens = excluded.tokens"
        )
        await execute(sql, [document.kind, document.ref, document.place, document.lang, document.tokens()], using)

    async def remove(self, using: BaseDBAsyncClient, kind: str, ref: str) -> None:
        await forget(using, kind, ref)

    async def clear(self, using: BaseDBAsyncClient) -> None:
        await execute("DELETE FROM search_documents", [], using)

    async def ask(self, sql: str, params: Sequence[object]) -> list[Row]:
        async with in_transaction(READ) as connection:
            await connection.execute_query("SET LOCAL plan_cache_mode = force_custom_plan")
            return await rows(sql, params, connection)

    async def settle(self, using: BaseDBAsyncClient) -> None:
        sql = f"INSERT INTO search_documents (kind, ref, place, lang, tokens) VALUES (?, '', '', '', ''){UPSERT}"
        await execute(sql, [WHOLE], using)
        await execute("ANALYZE search_documents", [], using)

    def expression(self, wanted: Wanted) -> str:
        every = " & ".join(_any(list(term)) for term in wanted.terms())
        never = wanted.excluded()
        return f"({every}) & !{_any(never)}" if never else every
