"""The index on SQLite: FTS5 over tokens that are made already, so that its own tokenizer only takes them apart at spaces.

Numbers are FTS5's own order: the newest documents come first without sorting, and a page costs the same for a common word and a rare one.
"""

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.reading import execute, rows
from forum.search.index import UPSERT, WHOLE, Document, Index, Wanted, forget


def _any(tokens: list[str]) -> str:
    quoted = " OR ".join(f'"{token}"' for token in tokens)
    return f"({quoted})"


class SqliteIndex(Index):
    """Two tables: documents, and under the same number their tokens."""

    source = "SELECT {columns} FROM search_tokens JOIN search_documents d ON d.id = search_tokens.rowid"
    match = "search_tokens MATCH ?"
    number = "search_tokens.rowid"

    async def put(self, using: BaseDBAsyncClient, document: Document) -> None:
        sql = f"INSERT INTO search_documents (kind, ref, place, lang) VALUES (?, ?, ?, ?){UPSERT} RETURNING id"
        made = await rows(sql, [document.kind, document.ref, document.place, document.lang], using)
        sql = "INSERT OR REPLACE INTO search_tokens (rowid, tokens) VALUES (?, ?)"
        await execute(sql, [made[0]["id"], " ".join(document.tokens())], using)

    async def remove(self, using: BaseDBAsyncClient, kind: str, ref: str) -> None:
        sql = "DELETE FROM search_tokens WHERE rowid = (SELECT id FROM search_documents WHERE kind = ? AND ref = ?)"
        await execute(sql, [kind, ref], using)
        await forget(using, kind, ref)

    async def clear(self, using: BaseDBAsyncClient) -> None:
        await execute("DELETE FROM search_tokens", [], using)
        await execute("DELETE FROM search_documents", [], using)

    async def settle(self, using: BaseDBAsyncClient) -> None:
        """FTS5 merges what it has as it goes: nothing more than the mark is needed."""
        await execute(f"INSERT INTO search_documents (kind, ref, place, lang) VALUES (?, '', '', ''){UPSERT}", [WHOLE], using)

    def expression(self, wanted: Wanted) -> str:
        every = " AND ".join(_any(list(term)) for term in wanted.terms())
        never = wanted.excluded()
        return f"({every}) NOT {_any(never)}" if never else every
