"""The index on PostgreSQL: tokens that are made already as a tsvector, with a GIN index.

Documents are matched before anything else, by the index and nothing else: how often a word occurs is not known when a plan is kept for
any word, and a plan that walks from the newest document until enough have matched would be a disaster for a rare one.
"""

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.reading import execute
from forum.search.index import UPSERT, Document, Index, Wanted, forget


def _any(tokens: list[str]) -> str:
    quoted = " | ".join(f"'{token}'" for token in tokens)
    return f"({quoted})"


class PostgresIndex(Index):
    """One table: a document and its tokens, which are kept apart from the row."""

    source = (
        "WITH d AS MATERIALIZED (SELECT id, kind, ref, place, lang FROM search_documents"
        " WHERE tokens @@ CAST(CAST(? AS text) AS tsquery)) SELECT {columns} FROM d"
    )
    match = "TRUE"
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

    def expression(self, wanted: Wanted) -> str:
        every = " & ".join(_any(list(term)) for term in wanted.terms())
        never = wanted.excluded()
        return f"({every}) & !{_any(never)}" if never else every
