"""Export the record: files streamed as they are read, and the fact that somebody took one."""

import csv
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from starlette.responses import StreamingResponse

from forum.db.work import begin
from forum.discussions.events import Act, tell
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.canonical import Json, digest
from forum.kernel.errors import Forbidden
from forum.kernel.events import FORUM_LOG
from forum.people.sessions import actor_of_session
from forum.record.appending import lock
from forum.record.browsing import Wanted, Written, all_entries
from moderation.audit import queries
from moderation.audit.asked import Asked
from moderation.audit.policy import logs_of
from moderation.audit.shown import plain
from moderation.views.spreadsheet import safe_cell

COLUMNS = [
    "log",
    "space",
    "seq",
    "public_seq",
    "at",
    "kind",
    "capacity",
    "actor",
    "actor_name",
    "subject",
    "data",
    "prev",
    "hash",
]
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is exported: by whom, which entries, and the addresses of spaces by id."""

    actor: Actor
    wanted: Wanted | None
    slugs: Mapping[str, str]

    def name(self, ending: str) -> str:
        """Return the name of the file: letters, digits and hyphens alone."""
        logs = (self.wanted.logs if self.wanted else None) or ()
        of = self.slugs.get(logs[0], logs[0]) if len(logs) == 1 else "all"
        return f"record-{of}-{clock.now():%Y-%m-%d}.{ending}"


def _table(rows: Iterable[Iterable[object]]) -> str:
    made = StringIO()
    csv.writer(made).writerows([safe_cell(value) for value in row] for row in rows)
    return made.getvalue()


def _shown(taken: Taken, one: Written, people: Mapping[str, str]) -> dict[str, object]:
    """Return an entry with what its ids stand for."""
    return plain(one) | {"space": taken.slugs.get(one.log_id), "actor_name": people.get(one.actor_id or "")}


async def _pieces(taken: Taken) -> AsyncIterator[list[dict[str, object]]]:
    """Give the entries some hundred at a time, as long as whoever asked may read them."""
    if taken.wanted is None:
        return
    async for found in all_entries(taken.wanted):
        await _require_still(taken.actor)
        people = await queries.names(one.actor_id for one in found)
        yield [_shown(taken, one, people) for one in found]


async def _require_still(actor: Actor) -> None:
    """Raise Forbidden when the right to read was taken back meanwhile: the file is broken off."""
    now = await actor_of_session(actor.session_id) if actor.session_id else None
    before, after = logs_of(actor), logs_of(now) if now else ()
    if after is not None and (before is None or set(before) - set(after)):
        raise Forbidden("forbidden")


async def as_csv(taken: Taken) -> AsyncIterator[str]:
    """Give the entries as a table (RFC 4180), newest first, its head before them."""
    yield BOM + _table([COLUMNS])
    async for some in _pieces(taken):
        yield _table([one[name] for name in COLUMNS] for one in some)


async def as_json(taken: Taken) -> AsyncIterator[str]:
    """Give the entries as one JSON array, newest first, an entry a line."""
    yield "["
    between = "\n"
    async for some in _pieces(taken):
        yield between + ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in some)
        between = ",\n"
    yield "\n]\n"


FORMATS: Mapping[str, tuple[Callable[[Taken], AsyncIterator[str]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}
"""How each format is written, and its media type."""


def file(taken: Taken, ending: str) -> StreamingResponse:
    """Return the export as a file that is sent while it is read, and stored nowhere."""
    write, media = FORMATS[ending]
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{taken.name(ending)}"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(write(taken), headers=headers, media_type=media)


async def tell_exported(actor: Actor, asked: Asked, wanted: Wanted | None, ending: str) -> None:
    """Tell that `actor` takes a file: in the log that it is of, when it is of one, else in the forum's own.

    What was typed stays out of the record: people and comments are named by id, words by their digest.
    """
    logs = wanted.logs if wanted else None
    log_id = logs[0] if logs and len(logs) == 1 else FORUM_LOG
    as_moderator = actor.moderates(log_id) or not actor.is_secretariat
    act = Act(actor, Capacity.MODERATOR if as_moderator else Capacity.SECRETARIAT)
    async with begin() as work:
        await lock(work, log_id)
        subject = log_id if log_id != FORUM_LOG else None
        await tell(work, "audit.exported", log_id, act, subject, format=ending, filters=_told(asked, wanted))


def _told(asked: Asked, wanted: Wanted | None) -> Json:
    told: dict[str, Json] = {}
    for name in ("capacity", "group", "case", "since", "until"):
        if value := getattr(asked, name):
            told[name] = value
    if asked.q:
        told["q"] = digest(asked.q)
    if asked.space:
        told["spaces"] = _list(wanted.logs if wanted else None)
    if asked.actor:
        told["actors"] = _list(wanted.actors if wanted else None)
    if asked.comment:
        told["comments"] = _list(wanted.subjects if wanted else None)
    return told


def _list(ids: Sequence[str] | None) -> list[Json]:
    return list(ids or ())
