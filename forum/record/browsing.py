"""Read the record whole, public entries and others, newest first: for those who account for it. Who may read which log its callers know."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from forum.db.connect import at_hand, reader
from forum.db.reading import Row, dialect, escaped, moment, rows

BATCH = 500
"""Entries that are read at once when all of them are wanted."""
APART = 50
"""Logs that are looked into one by one, each by its own index; more of them are read together."""
_COLUMNS = "e.log_id, e.seq, e.public_seq, e.kind, e.at, e.actor_id, e.capacity, e.subject, e.data, e.prev, e.hash"
_ORDER = "ORDER BY e.at DESC, e.seq DESC, e.log_id DESC LIMIT ?"


class Place(NamedTuple):
    """Where an entry stands among those of all logs: after the number in its own log, so that no log tells how long others are."""

    at: datetime
    seq: int
    log_id: str


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it is written; `data` is its canonical JSON, to the letter what `hash` covers."""

    log_id: str
    seq: int
    public_seq: int | None
    kind: str
    at: datetime
    actor_id: str | None
    capacity: str
    subject: str | None
    data: str
    prev: str
    hash: str

    @property
    def place(self) -> Place:
        return Place(self.at, self.seq, self.log_id)


@dataclass(frozen=True, slots=True)
class Words:
    """What is searched for: `text` in the kind, each of `pieces` in the data, or one of `subjects`; any of them is enough."""

    text: str
    pieces: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are wanted; empty values mean any. `logs` None means every log.

    `kinds` are beginnings of kinds, `holding` a piece of the data, `until` a moment that is not included any more, `after` the place of
    the last entry known.
    """

    logs: tuple[str, ...] | None
    actors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    capacity: str = ""
    holding: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: Words | None = None
    after: Place | None = None


class _Where:
    """Conditions and their values, in the order of the statement."""

    def __init__(self) -> None:
        self.sql: list[str] = []
        self.values: list[object] = []

    def add(self, sql: str, *values: object) -> None:
        self.sql.append(sql)
        self.values += values

    def among(self, column: str, values: Sequence[str]) -> None:
        if len(values) == 1:
            # Said as what it is: with a list, SQLite would rather go through a whole log in order than look the one up.
            self.add(f"{column} = ?", *values)
        elif values:
            self.add(f"{column} IN ({', '.join('?' for _ in values)})", *values)

    def any_like(self, column: str, patterns: Sequence[str]) -> None:
        if patterns:
            self.add(f"({' OR '.join(_like(column) for _ in patterns)})", *patterns)

    def __str__(self) -> str:
        return f" WHERE {' AND '.join(self.sql)} " if self.sql else " "


def _like(column: str) -> str:
    return f"{column} LIKE ? ESCAPE '\\'"


def _on_sqlite() -> bool:
    return dialect(reader()) == "sqlite"


def _time(value: datetime) -> object:
    # SQLite keeps times as text, the one that the ORM writes: in UTC it sorts as time does.
    return value.astimezone(UTC).isoformat(sep=" ") if _on_sqlite() else value


def _search(where: _Where, words: Words) -> None:
    either, values = [_like("e.kind")], [f"%{escaped(words.text)}%"]
    for piece in words.pieces:
        either.append(_like("e.data"))
        values.append(f"%{escaped(piece)}%")
    if words.subjects:
        either.append(f"e.subject IN ({', '.join('?' for _ in words.subjects)})")
        values += words.subjects
    where.add(f"({' OR '.join(either)})", *values)


def _conditions(wanted: Wanted) -> _Where:
    where = _Where()
    where.among("e.actor_id", wanted.actors)
    where.among("e.subject", wanted.subjects)
    where.any_like("e.kind", [f"{escaped(kind)}%" for kind in wanted.kinds])
    if wanted.capacity:
        where.add("e.capacity = ?", wanted.capacity)
    if wanted.holding:
        where.any_like("e.data", [f"%{escaped(wanted.holding)}%"])
    if wanted.since:
        where.add("e.at >= ?", _time(wanted.since))
    if wanted.until:
        where.add("e.at < ?", _time(wanted.until))
    if wanted.words:
        _search(where, wanted.words)
    if wanted.after:
        at = _time(wanted.after.at)
        # Said apart as well: a range of the index on either database.
        where.add("e.at <= ?", at)
        where.add("(e.at, e.seq, e.log_id) < (?, ?, ?)", at, wanted.after.seq, wanted.after.log_id)
    return where


def _one_log(log_id: str, wanted: Wanted, limit: int) -> tuple[str, list[object]]:
    where = _conditions(wanted)
    where.add("e.log_id = ?", log_id)
    # What happened to something is a few entries, found by it and sorted then: the sign keeps SQLite from going through the log in order.
    order = _ORDER.replace("e.at", "+e.at") if wanted.subjects and _on_sqlite() else _ORDER
    return f"SELECT {_COLUMNS} FROM record_entries e{where}{order}", [*where.values, limit]


def _together(wanted: Wanted, limit: int) -> tuple[str, list[object]]:
    where = _conditions(wanted)
    # What somebody did is found by who it was. PostgreSQL knows how many entries those are; from SQLite the sign keeps the index of the
    # logs, which it would rather go through.
    where.among("+e.log_id" if _on_sqlite() else "e.log_id", wanted.logs or ())
    return f"SELECT {_COLUMNS} FROM record_entries e{where}{_ORDER}", [*where.values, limit]


def _statement(wanted: Wanted, limit: int) -> tuple[str, list[object]]:
    logs = wanted.logs
    if wanted.actors or logs is None or len(logs) > APART:
        return _together(wanted, limit)
    parts = [_one_log(log_id, wanted, limit) for log_id in logs]
    if len(parts) == 1:
        return parts[0]
    joined = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS b{number}" for number, (sql, _) in enumerate(parts))
    values = [value for _, some in parts for value in some]
    return f"SELECT {_COLUMNS} FROM ({joined}) AS e {_ORDER}", [*values, limit]


def _written(found: Row) -> Written:
    return Written(**(dict(found) | {"at": moment(found["at"])}))


async def entries(wanted: Wanted, limit: int) -> list[Written]:
    """Return up to `limit` entries, newest first, by one statement; none when `logs` names none."""
    if wanted.logs is not None and not wanted.logs:
        return []
    sql, values = _statement(wanted, limit)
    return [_written(one) for one in await rows(sql, values)]


async def all_entries(wanted: Wanted) -> AsyncIterator[list[Written]]:
    """Give all entries that are wanted, newest first, BATCH at a time."""
    while found := await entries(wanted, BATCH):
        yield found
        if len(found) < BATCH:
            return
        wanted = replace(wanted, after=found[-1].place)


async def in_order(log_id: str, after: int, limit: int) -> list[Row]:
    """Return up to `limit` rows of one log after the number `after`, in the order of their numbers."""
    sql = f"SELECT {_COLUMNS} FROM record_entries e WHERE e.log_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?"
    return await rows(sql, [log_id, after, limit], at_hand())


def as_written(found: Sequence[Row]) -> list[Written]:
    """Return rows of `in_order` as entries: plain work, which need not be done on the event loop."""
    return [_written(one) for one in found]
