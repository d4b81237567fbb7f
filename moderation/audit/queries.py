"""Read the record for those who account for it: a constant number of statements, whatever the length of the logs."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum.db.fields import json_value
from forum.db.reading import Row, escaped, moment, rows
from forum.discussions.addresses import is_id
from forum.kernel.actors import Actor
from forum.kernel.errors import Problem, invalid
from forum.kernel.events import FORUM_LOG
from forum.kernel.locales import LANGS, pick
from forum.record import browsing
from forum.record.browsing import Place, Wanted, Words, Written
from forum.web.catalogue import current, gettext
from moderation.audit.asked import FORUM, GROUPS, Asked, check, days
from moderation.audit.policy import logs_of, may_read
from moderation.reasons import REASONS

PEOPLE = 50
"""People that a name may fit."""
_SYMBOL = re.compile(r"([A-Za-z0-9]{1,12})/Q([0-9]{1,4})/([0-9]{1,9})", re.IGNORECASE)
_PERSONS = ("person", "by", "author", "from")
_ENTITIES = ("entity",)


@dataclass(frozen=True, slots=True)
class Space:
    """A space whose log may be read, with its title by language."""

    id: str
    slug: str
    title: dict[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """A comment that entries are about; `case` is its newest case, "" when it has none."""

    symbol: str
    state: str
    space_id: str
    author_id: str
    case: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was written with a decision: to the author in `lang`, the facts it rests on first, and among moderators."""

    facts: str
    text: str
    lang: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, with the data that each holds; `next` is the place from which the rest follows, None at the end."""

    items: list[tuple[Written, dict[str, Any]]]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the ids in a page of entries stand for.

    `said` are the decisions by case, revision and action; `named` what their reason was called when they were made, by decision and
    language; `reasons` what the spaces call their reasons now, by space and code; `cases` the language of each case.
    """

    people: dict[str, str]
    comments: dict[str, About]
    entities: dict[str, str]
    said: dict[tuple[str, str, str], list[Said]]
    named: dict[str, dict[str, str]]
    reasons: dict[tuple[str, str], dict[str, str]]
    cases: dict[str, str]


async def spaces(actor: Actor) -> list[Space]:
    """Return the spaces whose logs `actor` may read, by address."""
    allowed = logs_of(actor)
    if allowed is None:
        found = await rows("SELECT id, slug, title FROM spaces ORDER BY slug")
    else:
        found = await _by_ids("SELECT id, slug, title FROM spaces WHERE id IN ({}) ORDER BY slug", allowed)
    return [Space(one["id"], one["slug"], json_value(one["title"])) for one in found]


async def _by_ids(sql: str, ids: Iterable[str]) -> list[Row]:
    wanted = sorted(set(ids))
    return await rows(sql.format(", ".join("?" for _ in wanted)), wanted) if wanted else []


async def narrow(actor: Actor, readable: Sequence[Space], asked: Asked) -> Wanted | None:
    """Return what the filters ask for within what `actor` may read (`readable`, from `spaces`); None when nothing can fit.

    Raises Refusal naming the filter that is wrong.
    """
    check(asked)
    logs, subjects, holding = _logs(actor, readable, asked.space), tuple[str, ...](), ""
    if asked.comment or asked.case:
        place = await (_case(asked.case) if asked.case else _comment(asked.comment))
        # A comment of another moderator's space is as unknown as none.
        places = [one for one in place if may_read(actor, one[0]) and (logs is None or one[0] in logs)]
        if asked.case and asked.comment:
            there = await _comment(asked.comment)
            places = [one for one in places if one in there]
        logs, subjects = tuple(sorted({log for log, _ in places})), tuple(comment for _, comment in places)
        holding = f'"case":"{asked.case}"' if asked.case else ""
    actors = await _people(asked.actor) if asked.actor else ()
    if (logs is not None and not logs) or (asked.actor and not actors):
        return None
    since, until = days(asked)
    return Wanted(
        logs=logs,
        actors=actors,
        subjects=subjects,
        holding=holding,
        capacity=asked.capacity,
        kinds=GROUPS[asked.group] if asked.group else (),
        since=since,
        until=until,
        words=await _words(asked.q) if asked.q else None,
    )


def _logs(actor: Actor, readable: Sequence[Space], space: str) -> tuple[str, ...] | None:
    if space == FORUM:
        return (FORUM_LOG,) if actor.is_secretariat else ()
    if space:
        return tuple(one.id for one in readable if one.slug == space)
    return logs_of(actor)


async def _people(text: str) -> tuple[str, ...]:
    if is_id(text):
        return (text,)
    # SQLite folds the letters of English alone: what was typed is looked for as it is, too.
    sql = "SELECT id FROM persons WHERE lower(name) LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\' LIMIT ?"
    found = await rows(sql, [f"%{escaped(text.casefold())}%", f"%{escaped(text)}%", PEOPLE + 1])
    if len(found) > PEOPLE:
        # Some of them left out would be a false account.
        raise invalid(actor=Problem("audit.many", {"limit": PEOPLE}))
    return tuple(one["id"] for one in found)


async def _comment(text: str) -> list[tuple[str, str]]:
    """Return (space, comment) of the comment with this id, or of those with this symbol."""
    if is_id(text):
        found = await rows("SELECT space_id, id FROM comments WHERE id = ?", [text])
        return [(one["space_id"], one["id"]) for one in found]
    symbol = _SYMBOL.fullmatch(text)
    if symbol is None:
        return []
    # By the numbers that it is made of, which are indexed.
    sql = (
        "SELECT c.space_id, c.id FROM spaces s JOIN questions q ON q.space_id = s.id JOIN comments c ON c.question_id = q.id"
        " WHERE s.symbol = ? AND q.number = ? AND c.number = ? ORDER BY c.id"
    )
    found = await rows(sql, [symbol[1].upper(), int(symbol[2]), int(symbol[3])])
    return [(one["space_id"], one["id"]) for one in found]


async def _case(case_id: str) -> list[tuple[str, str]]:
    found = await rows("SELECT space_id, comment_id FROM cases WHERE id = ?", [case_id])
    return [(one["space_id"], one["comment_id"]) for one in found]


SHORTEST_NAME = 3


async def _words(text: str) -> Words:
    folded = text.casefold()
    about = await _comment(text)
    named = sorted(await _reasons_named(folded)) if len(folded) >= SHORTEST_NAME else []
    holding = (f'"reason":"{folded}', *(f'"reason":"{code}"' for code in named))
    return Words(folded, holding, tuple(comment for _, comment in about))


async def _reasons_named(folded: str) -> set[str]:
    """Return the codes of the reasons whose name, in the reader's language, holds these words: it is the name that the page shows."""
    own = await rows("SELECT code, name FROM space_reasons")
    named = [(one["code"], pick(json_value(one["name"]), current())[0]) for one in own]
    named += [(one.code, gettext(one.name)) for one in REASONS]
    return {code for code, name in named if folded in name.casefold()}


async def page(wanted: Wanted | None, limit: int) -> Page:
    """Return up to `limit` entries, newest first."""
    found = await browsing.entries(wanted, limit + 1) if wanted else []
    items = [(one, json.loads(one.data)) for one in found[:limit]]
    return Page(items, items[-1][0].place if len(found) > limit else None)


async def names(ids: Iterable[str | None]) -> dict[str, str]:
    """Return the names of people by id."""
    found = await _by_ids("SELECT id, name FROM persons WHERE id IN ({})", (one for one in ids if one))
    return {one["id"]: one["name"] for one in found}


async def known(items: Sequence[tuple[Written, dict[str, Any]]], lang: str) -> Known:
    """Return what the ids in these entries stand for, in seven statements at most."""
    subjects = {one.subject for one, _ in items if one.subject}
    actors = {one.actor_id for one, _ in items if one.actor_id}
    said, named = await _said({str(data["case"]) for one, data in items if one.kind == "case.decided" and "case" in data})
    cases, newest = await _cases(subjects)
    return Known(
        people=await names(subjects | actors | _ids(items, _PERSONS)),
        comments=await _comments(subjects, newest),
        entities=await _entities(subjects | _ids(items, _ENTITIES), lang),
        said=said,
        named=named,
        cases=cases,
        reasons=await _reasons({one.log_id for one, data in items if "reason" in data or "code" in data}),
    )


def _ids(items: Sequence[tuple[Written, dict[str, Any]]], keys: Sequence[str]) -> set[str]:
    return {data[key] for _, data in items for key in keys if isinstance(data.get(key), str) and is_id(data[key])}


async def _comments(ids: Iterable[str], newest: Mapping[str, str]) -> dict[str, About]:
    found = await _by_ids("SELECT id, symbol, state, space_id, author_id FROM comments WHERE id IN ({})", ids)
    return {
        one["id"]: About(one["symbol"], one["state"], one["space_id"], one["author_id"], newest.get(one["id"], ""))
        for one in found
    }


async def _cases(comments: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the language of each case of these comments, and the newest case of each comment."""
    found = await _by_ids("SELECT id, comment_id, lang FROM cases WHERE comment_id IN ({}) ORDER BY id", comments)
    return {one["id"]: one["lang"] for one in found}, {one["comment_id"]: one["id"] for one in found}


async def _entities(ids: Iterable[str], lang: str) -> dict[str, str]:
    assert lang in LANGS
    found = await _by_ids(f"SELECT id, name_{lang} AS name FROM entities WHERE id IN ({{}})", ids)
    return {one["id"]: one["name"] for one in found}


async def _said(case_ids: Iterable[str]) -> tuple[dict[tuple[str, str, str], list[Said]], dict[str, dict[str, str]]]:
    sql = (
        "SELECT id, case_id, revision_id, action, facts, text, text_lang, note, decided_at, reason_name FROM decisions"
        " WHERE case_id IN ({}) ORDER BY case_id, case_version"
    )
    said: dict[tuple[str, str, str], list[Said]] = {}
    named: dict[str, dict[str, str]] = {}
    for one in await _by_ids(sql, case_ids):
        made = Said(one["facts"], one["text"], one["text_lang"], one["note"], moment(one["decided_at"]))
        said.setdefault((one["case_id"], one["revision_id"], one["action"]), []).append(made)
        named[one["id"]] = json_value(one["reason_name"])
    return said, named


async def _reasons(log_ids: Iterable[str]) -> dict[tuple[str, str], dict[str, str]]:
    found = await _by_ids("SELECT space_id, code, name FROM space_reasons WHERE space_id IN ({})", log_ids)
    return {(one["space_id"], one["code"]): json_value(one["name"]) for one in found}
