"""Strands: how the queue is read. Each walks one index in order and stops when it has a page; a page is what comes first in all of them.

The kept counts say how many cases any choice of space, question, language, region and kind has. From them is known, without asking the
database, which index holds least beside what is wanted, or that nothing is wanted at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from forum.discussions.addresses import is_id
from forum.kernel.actors import Actor
from moderation.models import CaseState
from moderation.queue.filters import LATE, NO_REGION, QueueFilter
from moderation.queue.recusal import recused

FEW = 1000
"""So many cases are read and sorted rather than walked through in order."""
MOST = 60
"""Strands of one statement, about: each costs the database a descent into an index."""
DESCENT = 4
"""What such a descent costs, in rows of a walk."""
FENCED = {
    "question_number": "k.question_number + 0",
    **{name: f"k.{name} || ''" for name in ("lang", "region", "kind", "space_id")},
}
"""Columns so written that no index is sought for them."""


@dataclass(frozen=True, slots=True)
class DeskSpace:
    """A space that somebody moderates. `languages` are those of the cases seen there, None for all; `goal_days` are working days."""

    id: str
    slug: str
    title: Mapping[str, str]
    zone: str
    goal_days: int
    languages: frozenset[str] | None

    def sees(self, lang: str) -> bool:
        """Whether cases of this language are given to the moderator here."""
        return self.languages is None or lang in self.languages

    def day_ends(self, now: datetime) -> datetime:
        """Return when the day ends here."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that somebody moderates, at one moment."""

    actor: Actor
    spaces: tuple[DeskSpace, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """How many cases wait with one space, question, language, region and kind."""

    space_id: str
    question_number: int
    lang: str
    region: str
    kind: str
    n: int


@dataclass(frozen=True, slots=True)
class Strand:
    """Conditions on the cases `k`, and their values."""

    where: tuple[str, ...]
    values: tuple[object, ...]


def equalities(wanted: QueueFilter) -> dict[str, object]:
    """Return the columns, and their values, that a filter asks for."""
    region = "" if wanted.region == NO_REGION else wanted.region
    asked = {"question_number": wanted.question, "lang": wanted.lang, "kind": wanted.kind}
    return {column: value for column, value in asked.items() if value} | ({"region": region} if wanted.region else {})


def strands(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot], limit: int) -> list[Strand]:
    """Return the strands that hold what is wanted, none when there is nothing of it. `limit` is how many cases are read of each."""
    if not wanted.waits and (wanted.due or wanted.mine or wanted.second):
        return []
    spaces = [one for one in desk.spaces if wanted.space in ("", one.slug)]
    parts = [(space, lang) for space in spaces for lang in _languages(space, wanted)]
    room = max(1, MOST // max(1, len(parts)))
    return [one for space, lang in parts for one in _Part(desk, space, lang, wanted).strands(slots, limit, room)]


def _languages(space: DeskSpace, wanted: QueueFilter) -> Iterable[str]:
    """Return the languages to look for one by one; "" is any."""
    if wanted.lang:
        return [wanted.lang] if space.sees(wanted.lang) else []
    return [""] if space.languages is None else sorted(space.languages)


@dataclass(frozen=True, slots=True)
class _Part:
    """What is wanted of one space, in one language or any."""

    desk: Desk
    space: DeskSpace
    lang: str
    wanted: QueueFilter

    def strands(self, slots: Sequence[Slot], limit: int, room: int) -> Iterator[Strand]:
        equal = equalities(self.wanted) | ({"lang": self.lang} if self.lang else {})
        if not self.wanted.waits:
            for state in [self.wanted.state] if self.wanted.state else CaseState:
                yield self._strand(CaseState(state), equal, "space_id")
            return
        here = [one for one in slots if one.space_id == self.space.id]
        fitting = [one for one in here if all(getattr(one, column) == value for column, value in equal.items())]
        total = sum(one.n for one in fitting)
        if not total:
            return
        driver = self._driver(equal, total)
        if driver:
            yield self._strand(CaseState.OPEN, equal, driver)
            return
        sizes = {column: sum(one.n for one in here if getattr(one, column) == value) for column, value in equal.items()}
        column = min(sizes, key=lambda one: sizes[one], default="space_id")
        if equal and len(fitting) <= room and min(1, limit / total) * sizes[column] > limit + DESCENT * len(fitting):
            for one in fitting:
                every = {name: getattr(one, name) for name in ("question_number", "lang", "region", "kind")}
                yield self._strand(CaseState.OPEN, every, "slot")
        else:
            yield self._strand(CaseState.OPEN, equal, column)

    def _driver(self, equal: Mapping[str, object], total: int) -> str:
        """Return what the database is to go by because it is known to be little, "" where the counts must say."""
        if self.wanted.comment:
            return "comment"
        if self.wanted.mine:
            return "mine"
        if self.wanted.second:
            return "second"
        return "due" if self.wanted.due and not (equal and total <= FEW) else ""

    def _strand(self, state: CaseState, equal: Mapping[str, object], driver: str) -> Strand:
        # The state is written out: only then can the indexes of the open cases be used, whatever plan the database keeps.
        # Proposals are few: what waits for a second moderator is found by their ids, and no index of the state may be walked instead.
        column = "k.state || ''" if driver == "second" else "k.state"
        where, values = [f"{column} = '{state.value}'"], list[object]()
        plain = {"slot": set(equal) | {"space_id"}, "due": {"space_id"}}.get(driver, {"space_id", driver})
        if driver in {"mine", "second", "comment"}:
            plain = set()
        for column, value in {"space_id": self.space.id, **equal}.items():
            where.append(f"{f'k.{column}' if column in plain else FENCED[column]} = ?")
            values.append(value)
        for sql, given in self._more(driver):
            where.append(sql)
            values += given
        return Strand(tuple(where), tuple(values))

    def _more(self, driver: str) -> Iterator[tuple[str, list[object]]]:
        wanted, now, person_id = self.wanted, self.desk.now, self.desk.actor.person_id
        if wanted.comment:
            # What is no id is that of no comment, and not every database takes every character.
            yield "k.comment_id = ?", [wanted.comment if is_id(wanted.comment) else ""]
        if wanted.mine:
            yield "k.claimed_by_id = ? AND k.claimed_until > ?", [person_id, now]
        if wanted.second:
            yield "k.id IN (SELECT o.case_id FROM proposals o WHERE o.space_id = ? AND o.needs_second)", [self.space.id]
        if wanted.due:
            due = "k.due_at" if driver == "due" else "COALESCE(k.due_at, k.due_at)"
            bounds = [now] if wanted.due == LATE else [now, self.space.day_ends(now)]
            yield (f"{due} < ?" if wanted.due == LATE else f"{due} >= ? AND {due} < ?"), list(bounds)
        if wanted.may:
            assert person_id
            why, given = recused(person_id)
            yield f"{why} = ''", given


SQL = tuple[str, list[object]]
"""A statement and its values."""


def statement(found: Sequence[Strand], columns: str, order: Sequence[str], limit: int, beyond: Sequence[object] = ()) -> SQL:
    """Return the statement of the first cases of all strands: `columns` of `k`, in `order`, after the case of which that is `beyond`.

    Names in `order` that begin with "-" turn all of it round.
    """
    values: list[object] = []
    parts = []
    way, sign = (" DESC", "<") if order[0].startswith("-") else ("", ">")
    order = [one.removeprefix("-") for one in order]
    by = ", ".join(f"k.{one}" for one in order)
    sorted_by = ", ".join(f"k.{one}{way}" for one in order)
    for number, strand in enumerate(found):
        where = list(strand.where)
        values += [*strand.values, *beyond]
        if beyond:
            marks = ", ".join("?" for _ in beyond)
            where.append(f"({by}) {sign} ({marks})" if len(order) > 1 else f"{by} {sign} ?")
        sql = f"SELECT {columns} FROM cases k WHERE {' AND '.join(where)} ORDER BY {sorted_by} LIMIT {int(limit)}"
        parts.append(f"SELECT * FROM ({sql}) AS s{number}")
    together = " UNION ALL ".join(parts)
    return (
        f"SELECT * FROM ({together}) AS every_strand ORDER BY {', '.join(f'{one}{way}' for one in order)} LIMIT {int(limit)}",
        values,
    )
