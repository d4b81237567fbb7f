"""Read the queue and the history of a case: a constant number of statements, whatever the number of cases."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forum.db.reading import Row, moment, row, rows
from forum.discussions.addresses import is_id
from forum.discussions.forms import SLUG
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.kernel.locales import LANGS
from moderation.models import CaseState
from moderation.policy import scope
from moderation.rules.scopes import require_handles


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case as moderators see it, with the text that is to be decided on.

    `claimed_by` is empty when nobody holds the lease; `holds` are (phase, message id) pairs.
    """

    id: str
    version: int
    state: str
    kind: str
    space_id: str
    space_slug: str
    space_title: dict[str, str]
    question: int
    comment_id: str
    comment_state: str
    comment_version: int
    symbol: str
    parent_id: str | None
    revision_id: str
    revision: int
    revision_state: str
    lang: str
    source: str
    html: str
    author_id: str
    author_name: str
    speaking_for: str
    entity_name: str
    holds: list[tuple[str, str]]
    claimed_by_id: str | None
    claimed_by: str
    claimed_until: datetime | None
    opened_at: datetime
    due_at: datetime | None
    region: str
    ref: str
    proposal: "Proposed | None"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision on a case that is not carried out yet. `due_at` is None while it waits for a second moderator."""

    action: str
    by_id: str
    by: str
    at: datetime
    due_at: datetime | None
    needs_second: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the case's page and the author's page show it; `note` is for moderators only."""

    case_id: str
    action: str
    reason: str
    text: str
    text_lang: str
    note: str
    by: str
    at: datetime
    revision_id: str
    comment_id: str
    id: str
    kind: str
    clause: str
    reason_name: dict[str, str]
    reason_text: dict[str, str]
    facts: str
    automated: list[str]
    waited: int
    seconded_by: str
    appeal_until: datetime | None


@dataclass(frozen=True, slots=True)
class Revised:
    """A revision as moderators see it: also those that were replaced, returned or dropped."""

    id: str
    number: int
    state: str
    lang: str
    html: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases are wanted; empty values mean any."""

    space: str = ""
    state: str = CaseState.OPEN.value
    comment: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Cases, oldest first; `next` is the cursor of the rest, None at the end."""

    items: list[Waiting]
    next: str | None


def _columns(lang: str) -> str:
    assert lang in LANGS
    return (
        "SELECT k.id, k.version, k.state, k.kind, k.space_id, s.slug AS space_slug, s.title AS space_title,"
        " k.question_number AS question, k.comment_id, c.state AS comment_state, c.version AS comment_version, c.symbol,"
        " c.reply_to_id AS parent_id, k.revision_id, r.number AS revision, r.state AS revision_state, r.lang, r.source,"
        f" r.html, c.author_id, p.name AS author_name, c.speaking_for, COALESCE(e.name_{lang}, '') AS entity_name,"
        " k.holds, k.claimed_by_id, COALESCE(h.name, '') AS claimed_by, k.claimed_until, k.opened_at, k.due_at, k.region, k.ref,"
        " o.action AS p_action, o.made_by_id AS p_by_id, m.name AS p_by, o.made_at AS p_at, o.due_at AS p_due, o.needs_second AS p_second"
        " FROM cases k JOIN spaces s ON s.id = k.space_id JOIN comments c ON c.id = k.comment_id"
        " JOIN revisions r ON r.id = k.revision_id JOIN persons p ON p.id = c.author_id"
        " LEFT JOIN entities e ON e.id = c.entity_id LEFT JOIN persons h ON h.id = k.claimed_by_id"
        " LEFT JOIN proposals o ON o.case_id = k.id LEFT JOIN persons m ON m.id = o.made_by_id"
    )


def _texts(column: str | dict[str, str]) -> dict[str, str]:
    """Return a column of texts by language, which the database may hand out as JSON."""
    found: dict[str, str] = json.loads(column) if isinstance(column, str) else column
    return found


def _waiting(found: Row) -> Waiting:
    values = dict(found)
    until = moment(values["claimed_until"])
    held = until is not None and until > clock.now()
    values["claimed_until"] = until if held else None
    values["claimed_by"] = values["claimed_by"] if held else ""
    values["claimed_by_id"] = values["claimed_by_id"] if held else None
    values["opened_at"], values["due_at"] = moment(values["opened_at"]), moment(values["due_at"])
    values["proposal"] = _proposed({name: values.pop(f"p_{name}") for name in ("action", "by_id", "by", "at", "due", "second")})
    values["holds"] = [(hold["phase"], hold["reason"]) for hold in json.loads(values["holds"])]
    values["space_title"] = _texts(values["space_title"])
    return Waiting(**values)


def _proposed(found: Row) -> Proposed | None:
    if found["action"] is None:
        return None
    due = moment(found["due"])
    return Proposed(found["action"], found["by_id"], found["by"] or "", moment(found["at"]), due, bool(found["second"]))


async def queue(actor: Actor, wanted: QueueFilter, lang: str, limit: int = 50) -> QueuePage:
    """Return the cases of the spaces that `actor` moderates, oldest first."""
    spaces = scope(actor)
    unheard_of = (wanted.space and not SLUG.fullmatch(wanted.space)) or (wanted.comment and not is_id(wanted.comment))
    if not spaces or unheard_of:
        return QueuePage([], None)
    marks = ", ".join("?" for _ in spaces)
    where, params = [f"k.space_id IN ({marks})"], list[object](spaces)
    if wanted.state == CaseState.OPEN.value:
        # Written out: only then can the index of the open cases be used, whatever plan the database keeps.
        where.append("k.state = 'open'")
    elif wanted.state:
        where.append("k.state = ?")
        params.append(wanted.state)
    for column, value in (("s.slug", wanted.space), ("k.comment_id", wanted.comment)):
        if value:
            where.append(f"{column} = ?")
            params.append(value)
    if wanted.after:
        where.append("k.id > ?")
        params.append(wanted.after)
    sql = f"{_columns(lang)} WHERE {' AND '.join(where)} ORDER BY k.id LIMIT ?"
    found = await rows(sql, [*params, limit + 1])
    items = [_waiting(one) for one in found[:limit]]
    return QueuePage(items, items[-1].id if len(found) > limit else None)


async def case(actor: Actor, case_id: str, lang: str) -> Waiting:
    """Return one case; raises NotFound when there is none or `actor` does not moderate its space."""
    found = await row(f"{_columns(lang)} WHERE k.id = ?", [case_id])
    if found is None:
        raise NotFound
    await require_handles(actor, found["space_id"], found["lang"])
    return _waiting(found)


async def waiting_counts(actor: Actor) -> dict[str, int]:
    """Return how many open cases each moderated space has, by its address; spaces without any have no entry."""
    spaces = scope(actor)
    if not spaces:
        return {}
    marks = ", ".join("?" for _ in spaces)
    sql = (
        "SELECT s.slug, COUNT(*) AS n FROM cases k JOIN spaces s ON s.id = k.space_id"
        f" WHERE k.state = 'open' AND k.space_id IN ({marks}) GROUP BY s.slug"
    )
    return {found["slug"]: int(found["n"]) for found in await rows(sql, spaces)}


_DECIDED = (
    "SELECT d.case_id, d.action, d.reason, d.text, d.text_lang, d.note, p.name AS decider, d.decided_at, d.revision_id, d.comment_id,"
    " d.id, d.kind, d.clause, d.reason_name, d.reason_text, d.facts, d.automated, d.waited, COALESCE(q.name, '') AS seconded_by,"
    " d.appeal_until FROM decisions d JOIN persons p ON p.id = d.decided_by_id LEFT JOIN persons q ON q.id = d.seconded_by_id"
)


def _decided(found: Row) -> Decided:
    values = dict(found)
    values["by"], values["at"] = values.pop("decider"), moment(values.pop("decided_at"))
    values["appeal_until"] = moment(values["appeal_until"])
    for name in ("reason_name", "reason_text", "automated"):
        values[name] = json.loads(values[name])
    return Decided(**values)


async def decisions_on(comment_id: str) -> list[Decided]:
    """Return all decisions on a comment, oldest first; the caller has checked who asks."""
    return [_decided(one) for one in await rows(f"{_DECIDED} WHERE d.comment_id = ? ORDER BY d.id", [comment_id])]


async def last_decisions(case_ids: Sequence[str]) -> dict[str, Decided]:
    """Return the last decision on each of these cases, by case; the caller has checked who asks."""
    if not case_ids:
        return {}
    marks = ", ".join("?" for _ in case_ids)
    found = await rows(f"{_DECIDED} WHERE d.case_id IN ({marks}) ORDER BY d.id", case_ids)
    return {one["case_id"]: _decided(one) for one in found}


async def last_decisions_for(person_id: str, comment_ids: Sequence[str]) -> dict[str, Decided]:
    """Return the last decision on each of these comments of a person, by comment: for the author, without note and name."""
    if not comment_ids:
        return {}
    marks = ", ".join("?" for _ in comment_ids)
    found = await rows(
        f"{_DECIDED} JOIN comments c ON c.id = d.comment_id WHERE c.author_id = ? AND d.comment_id IN ({marks}) ORDER BY d.id",
        [person_id, *comment_ids],
    )
    return {one["comment_id"]: replace(_decided(one), note="", by="", seconded_by="") for one in found}


async def open_case_on(comment_id: str) -> str | None:
    """Return the id of the case on a comment that waits, None when nothing waits; the caller has checked who asks."""
    found = await row("SELECT id FROM cases WHERE comment_id = ? AND state = 'open'", [comment_id])
    return str(found["id"]) if found else None


async def desk_spaces(actor: Actor) -> list[tuple[str, dict[str, str]]]:
    """Return (address, title by language) of the spaces that `actor` moderates."""
    spaces = scope(actor)
    if not spaces:
        return []
    marks = ", ".join("?" for _ in spaces)
    found = await rows(f"SELECT slug, title FROM spaces WHERE id IN ({marks}) ORDER BY slug", spaces)
    return [(one["slug"], _texts(one["title"])) for one in found]


async def revisions_of(comment_id: str) -> list[Revised]:
    """Return the revisions of a comment for moderators, oldest first."""
    found = await rows(
        "SELECT id, number, state, lang, html, made_at FROM revisions WHERE comment_id = ? ORDER BY number",
        [comment_id],
    )
    return [Revised(**(dict(one) | {"made_at": moment(one["made_at"])})) for one in found]
