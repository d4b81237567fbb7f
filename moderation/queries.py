"""Read single cases and what was decided; many cases are read by `moderation.queue`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forum.db.fields import json_value
from forum.db.reading import Row, moment, row, rows
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.kernel.locales import LANGS
from moderation.models import Action
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
    """A decision on a case that is not carried out yet. `due_at` is None while it waits for a second moderator.

    `form` and `ground` are those of the row: `moderation.rules.grounds` and `moderation.forms` read them.
    """

    action: str
    by_id: str
    by: str
    at: datetime
    due_at: datetime | None
    needs_second: bool
    form: str
    ground: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the case's page and the author's page show it; `note` is for moderators only, and empty for the text's own author."""

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


def columns(lang: str) -> str:
    """Return the beginning of a statement that reads cases `k` as `waiting` takes them, names in `lang`."""
    assert lang in LANGS
    return (
        "SELECT k.id, k.version, k.state, k.kind, k.space_id, s.slug AS space_slug, s.title AS space_title,"
        " k.question_number AS question, k.comment_id, c.state AS comment_state, c.version AS comment_version, c.symbol,"
        " c.reply_to_id AS parent_id, k.revision_id, r.number AS revision, r.state AS revision_state, r.lang, r.source,"
        f" r.html, c.author_id, p.name AS author_name, c.speaking_for, COALESCE(e.name_{lang}, '') AS entity_name,"
        " k.holds, k.claimed_by_id, COALESCE(h.name, '') AS claimed_by, k.claimed_until, k.opened_at, k.due_at, k.region, k.ref,"
        " o.action AS p_action, o.made_by_id AS p_by_id, m.name AS p_by, o.made_at AS p_at, o.due_at AS p_due, o.needs_second AS p_second,"
        " o.form AS p_form, o.ground AS p_ground"
        " FROM cases k JOIN spaces s ON s.id = k.space_id JOIN comments c ON c.id = k.comment_id"
        " JOIN revisions r ON r.id = k.revision_id JOIN persons p ON p.id = c.author_id"
        " LEFT JOIN entities e ON e.id = c.entity_id LEFT JOIN persons h ON h.id = k.claimed_by_id"
        " LEFT JOIN proposals o ON o.case_id = k.id LEFT JOIN persons m ON m.id = o.made_by_id"
    )


def waiting(found: Row) -> Waiting:
    """Return a row of `columns` as a case."""
    values = dict(found)
    until = moment(values["claimed_until"])
    held = until is not None and until > clock.now()
    values["claimed_until"] = until if held else None
    values["claimed_by"] = values["claimed_by"] if held else ""
    values["claimed_by_id"] = values["claimed_by_id"] if held else None
    values["opened_at"], values["due_at"] = moment(values["opened_at"]), moment(values["due_at"])
    values["proposal"] = _proposed(
        {name: values.pop(f"p_{name}") for name in ("action", "by_id", "by", "at", "due", "second", "form", "ground")}
    )
    values["holds"] = [(hold["phase"], hold["reason"]) for hold in json.loads(values["holds"])]
    values["space_title"] = json_value(values["space_title"])
    return Waiting(**values)


def _proposed(found: Row) -> Proposed | None:
    if found["action"] is None:
        return None
    due = moment(found["due"])
    return Proposed(
        found["action"],
        found["by_id"],
        found["by"] or "",
        moment(found["at"]),
        due,
        bool(found["second"]),
        found["form"],
        found["ground"],
    )


async def case(actor: Actor, case_id: str, lang: str) -> Waiting:
    """Return one case; raises NotFound when there is none or `actor` does not moderate its space."""
    found = await row(f"{columns(lang)} WHERE k.id = ?", [case_id])
    if found is None:
        raise NotFound
    await require_handles(actor, found["space_id"], found["lang"])
    return waiting(found)


_DECIDED = (
    "SELECT d.case_id, d.action, d.reason, d.text, d.text_lang, d.note, p.name AS decider, d.decided_at, d.revision_id, d.comment_id,"
    " d.id, d.kind, d.clause, d.reason_name, d.reason_text, d.facts, d.automated, d.waited, COALESCE(q.name, '') AS seconded_by,"
    " d.appeal_until, c.author_id FROM decisions d JOIN comments c ON c.id = d.comment_id"
    " JOIN persons p ON p.id = d.decided_by_id LEFT JOIN persons q ON q.id = d.seconded_by_id"
)


def _decided(found: Row, actor: Actor) -> Decided:
    values = dict(found)
    if values.pop("author_id") == actor.person_id:
        values |= kept_from_author(values["action"])
    values["by"], values["at"] = values.pop("decider"), moment(values.pop("decided_at"))
    values["appeal_until"] = moment(values["appeal_until"])
    for name in ("reason_name", "reason_text", "automated"):
        values[name] = json.loads(values[name])
    return Decided(**values)


def kept_from_author(action: str) -> dict[str, str]:
    """Return what the author of a text is not told of a decision, emptied: notes, and the words of a keep, which are for who reported.

    Here, where decisions are read, because an author may be a moderator of the space and look from any of its pages.
    """
    hidden = {"note": ""}
    return hidden | {"text": "", "facts": ""} if action == Action.KEEP.value else hidden


async def decisions_on(actor: Actor, comment_id: str) -> list[Decided]:
    """Return all decisions on a comment as `actor` may read them, oldest first; the caller has checked who asks."""
    return [_decided(one, actor) for one in await rows(f"{_DECIDED} WHERE d.comment_id = ? ORDER BY d.id", [comment_id])]


async def last_decisions(actor: Actor, case_ids: Sequence[str]) -> dict[str, Decided]:
    """Return the last decision on each of these cases as `actor` may read it, by case; the caller has checked who asks."""
    if not case_ids:
        return {}
    marks = ", ".join("?" for _ in case_ids)
    found = await rows(f"{_DECIDED} WHERE d.case_id IN ({marks}) ORDER BY d.id", case_ids)
    return {one["case_id"]: _decided(one, actor) for one in found}


async def last_decisions_for(author: Actor, comment_ids: Sequence[str]) -> dict[str, Decided]:
    """Return the last decision on each of these comments of a person, by comment: for the author, without note and name."""
    if not comment_ids:
        return {}
    marks = ", ".join("?" for _ in comment_ids)
    found = await rows(
        f"{_DECIDED} WHERE c.author_id = ? AND d.comment_id IN ({marks}) ORDER BY d.id",
        [author.person_id, *comment_ids],
    )
    return {one["comment_id"]: unnamed(_decided(one, author)) for one in found}


def unnamed(decided: Decided) -> Decided:
    """Return a decision as its author reads it: without who made it."""
    return replace(decided, by="", seconded_by="")


async def open_case_on(comment_id: str, besides: str = "") -> str | None:
    """Return the id of the case on a comment that waits `besides` a known one, None when none does; the caller has checked who asks."""
    found = await row(
        "SELECT id FROM cases WHERE comment_id = ? AND state = 'open' AND id <> ? ORDER BY id DESC", [comment_id, besides]
    )
    return str(found["id"]) if found else None


async def revisions_of(comment_id: str) -> list[Revised]:
    """Return the revisions of a comment for moderators, oldest first."""
    found = await rows(
        "SELECT id, number, state, lang, html, made_at FROM revisions WHERE comment_id = ? ORDER BY number",
        [comment_id],
    )
    return [Revised(**(dict(one) | {"made_at": moment(one["made_at"])})) for one in found]
