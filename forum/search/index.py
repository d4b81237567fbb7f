"""The index that both engines implement: put a document, remove it, find documents, count them.

Rights are never in the index. `Live` joins the live tables and says which documents a reader may see at this moment; every statement
that finds or counts goes through it. Newest first: a document's number grows with each one that is put for the first time.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.reading import Row, execute, row, rows
from forum.search.analyser import Query, tokens

# Tokens of the analyser hold letters, digits and marks alone: nothing that is typed can look like one of these.
_KIND, _PLACE, _LANG = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found. `kind` and `ref` name it, `place` is the id of the whole that it belongs to ("" for none).

    `lang` is the one language of its texts, "" for several; `texts` are (language, plain text).
    """

    kind: str
    ref: str
    place: str
    lang: str
    texts: Sequence[tuple[str, str]]

    def tokens(self) -> list[str]:
        """Return the tokens of the texts, and those by which the index itself narrows a search."""
        return [_KIND + self.kind, _PLACE + self.place, _LANG + self.lang, *tokens(self.texts)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: in which kinds, and, unless empty, in which place and language.

    What is in the `passed_over` places is not even looked at, so that it costs no time that could be measured.
    """

    query: Query
    kinds: Sequence[str]
    place: str = ""
    lang: str = ""
    passed_over: Sequence[str] = ()

    def terms(self) -> list[Sequence[str]]:
        """Return the terms, of each of which one token must be there."""
        narrowed: list[Sequence[str]] = [[_KIND + kind for kind in self.kinds]]
        if self.place:
            narrowed.append([_PLACE + self.place])
        if self.lang:
            narrowed.append([_LANG + self.lang])
        return [*self.query.terms, *narrowed]

    def excluded(self) -> list[str]:
        """Return the tokens none of which may be there."""
        return [_PLACE + place for place in self.passed_over]


@dataclass(frozen=True, slots=True)
class Live:
    """Which documents `d` (kind, ref, place, lang) exist for a reader now: joins of the live tables, a condition, its parameters."""

    joins: str
    where: str
    params: Sequence[object]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found."""

    kind: str
    ref: str
    place: str
    lang: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many documents by (place, language), of the newest ones when there are `more` than were counted."""

    by: dict[tuple[str, str], int]
    more: bool


WHOLE = "(whole)"
"""The kind of a document without tokens, which no search finds: it is there when the others are complete."""


class Index(ABC):
    """An engine. The class variables are the parts of its statements: `source` ends with the tables in which documents are `d`."""

    source: ClassVar[str]
    match: ClassVar[str]
    number: ClassVar[str]

    @abstractmethod
    async def put(self, using: BaseDBAsyncClient, document: Document) -> None:
        """Add a document, or change what is known of it; it keeps its number."""

    @abstractmethod
    async def remove(self, using: BaseDBAsyncClient, kind: str, ref: str) -> None:
        """Take a document out, with all its tokens; one that is not there is no error."""

    @abstractmethod
    async def clear(self, using: BaseDBAsyncClient) -> None:
        """Take all documents out."""

    @abstractmethod
    async def settle(self, using: BaseDBAsyncClient) -> None:
        """Say that the index is whole, and do what helps an engine after many documents were put at once."""

    @abstractmethod
    def expression(self, wanted: Wanted) -> str:
        """Return the engine's own form of what is wanted, a parameter of its statements."""

    async def ask(self, sql: str, params: Sequence[object]) -> list[Row]:
        """Run a statement that matches documents."""
        return await rows(sql, params)

    async def whole(self) -> bool:
        """Tell whether the index was made from all there is, and has been kept since: one that was cut short is not."""
        return await row("SELECT id FROM search_documents WHERE kind = ? AND ref = ''", [WHOLE]) is not None

    def statement(self, wanted: Wanted, live: Live, before: int | None, limit: int) -> tuple[str, list[object]]:
        """Return the statement that finds documents, and its parameters: `limit` at most, those before the number `before`."""
        older = f" AND {self.number} < ?" if before is not None else ""
        joined = f"{self.source} {live.joins} WHERE {self.match} AND ({live.where}){older}"
        sql = joined.replace("{columns}", "d.kind, d.ref, d.place, d.lang") + f" ORDER BY {self.number} DESC LIMIT ?"
        bounds = [limit] if before is None else [before, limit]
        return sql, [self.expression(wanted), *live.params, *bounds]

    async def find(self, wanted: Wanted, live: Live, before: int | None, limit: int) -> list[Hit]:
        """Return up to `limit` documents, newest first, that were put before the one with the number `before`."""
        found = await self.ask(*self.statement(wanted, live, before, limit))
        return [Hit(one["kind"], one["ref"], one["place"], one["lang"]) for one in found]

    async def count(self, wanted: Wanted, live: Live, most: int) -> Counted:
        """Count the newest documents by place and language, `most` of them at the utmost: the work is bounded."""
        sql, params = self.statement(wanted, live, None, most + 1)
        grouped = await self.ask(f"SELECT place, lang, COUNT(*) AS n FROM ({sql}) AS found GROUP BY place, lang", params)
        by = {(one["place"], one["lang"]): int(one["n"]) for one in grouped}
        return Counted(by, sum(by.values()) > most)

    async def position(self, kind: str, ref: str, live: Live) -> int | None:
        """Return the number of a document that the reader may see, to go on from; None for another."""
        sql = f"SELECT d.id FROM search_documents d {live.joins} WHERE d.kind = ? AND d.ref = ? AND ({live.where})"
        found = await row(sql, [kind, ref, *live.params])
        return int(found["id"]) if found else None


UPSERT = " ON CONFLICT (kind, ref) DO UPDATE SET place = excluded.place, lang = excluded.lang"


async def forget(using: BaseDBAsyncClient, kind: str, ref: str) -> None:
    """Delete the row of a document."""
    await execute("DELETE FROM search_documents WHERE kind = ? AND ref = ?", [kind, ref], using)
