"""Read what surrounds one case: notes, the author's standing, phrases, neighbours in the queue, sources to compare, a target named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forum.db.reading import moment, row, rows
from forum.discussions.addresses import is_id
from forum.discussions.models import CommentState
from forum.kernel.actors import Actor
from moderation.rules.models import Phrase
from moderation.rules.scopes import scope_of

COUNTED = ("publish", "return", "reject", "remove")
MOST_NOTES = 200
_LINK = re.compile(r"(?:^|[/#])(?:comments/|c-)?([0-9a-f]{32})(?:[/?#].*)?$")


@dataclass(frozen=True, slots=True)
class Noted:
    """A note of a moderator for the others. `declined` is what it disagrees with, as the note keeps it; "" for other notes."""

    id: str
    text: str
    by: str
    at: datetime
    declined: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an author has fared in a space: comments that are published now, and how often one was returned, rejected or removed.

    `waiting` counts new texts and changes of published ones.
    """

    published: int
    returned: int
    rejected: int
    removed: int
    waiting: int

    @property
    def is_first(self) -> bool:
        """Whether nothing of this author's has been published or decided on before, and one text at most waits."""
        return not (self.published or self.returned or self.rejected or self.removed) and self.waiting <= 1


@dataclass(frozen=True, slots=True)
class Source:
    """A revision as it was written, to be compared with another."""

    number: int
    state: str
    lang: str
    source: str
    made_at: datetime


async def notes_on(comment_id: str) -> list[Noted]:
    """Return the moderators' notes on a comment, of whichever of its cases, oldest first; the caller has checked who asks."""
    sql = (
        "SELECT n.id, n.text, p.name AS writer, n.made_at, n.declined FROM case_notes n JOIN persons p ON p.id = n.by_id"
        " WHERE n.comment_id = ? ORDER BY n.made_at DESC, n.id DESC LIMIT ?"
    )
    found = await rows(sql, [comment_id, MOST_NOTES])
    return [Noted(one["id"], one["text"], one["writer"], moment(one["made_at"]), one["declined"]) for one in reversed(found)]


async def standing(author_id: str, space_id: str) -> Standing:
    """Return how an author has fared in a space."""
    now_sql = "SELECT state, COUNT(*) AS n FROM comments WHERE author_id = ? AND space_id = ? GROUP BY state"
    states = await rows(now_sql, [author_id, space_id])
    sql = (
        "SELECT d.action, COUNT(*) AS n FROM comments c JOIN decisions d ON d.comment_id = c.id"
        " WHERE c.author_id = ? AND c.space_id = ? GROUP BY d.action"
    )
    edits_sql = (
        "SELECT COUNT(*) AS n FROM comments c JOIN cases k ON k.comment_id = c.id"
        " WHERE c.author_id = ? AND c.space_id = ? AND k.state = 'open' AND k.kind = 'edit'"
    )
    edits = await row(edits_sql, [author_id, space_id])
    now = {one["state"]: int(one["n"]) for one in states}
    decided = {one["action"]: int(one["n"]) for one in await rows(sql, [author_id, space_id])}
    return Standing(
        published=now.get(CommentState.PUBLISHED.value, 0),
        returned=decided.get("return", 0),
        rejected=decided.get("reject", 0),
        removed=decided.get("remove", 0),
        waiting=now.get(CommentState.HELD.value, 0) + (int(edits["n"]) if edits else 0),
    )


async def phrases_of(space_id: str) -> list[Phrase]:
    """Return the phrases that moderators of a space use: its own before those of all spaces."""
    found = await Phrase.filter(space_id__in=[space_id, ""]).order_by("place", "id")
    return sorted(found, key=lambda phrase: phrase.space_id == "")


async def neighbours(actor: Actor, case_id: str) -> tuple[str | None, str | None]:
    """Return the ids of the open cases before and after this one in the queue that is given to `actor`; None at its ends."""
    where, values = _given(await scope_of(actor))
    if not values:
        return None, None
    # "open" is written out: only then can the index of the open cases be used, whatever plan the database keeps.
    sql = f"SELECT id FROM cases WHERE state = 'open' AND ({where}) AND id "
    before = await row(f"{sql} < ? ORDER BY id DESC LIMIT 1", [*values, case_id])
    after = await row(f"{sql} > ? ORDER BY id LIMIT 1", [*values, case_id])
    return (before["id"] if before else None), (after["id"] if after else None)


def _given(scope: Mapping[str, frozenset[str] | None]) -> tuple[str, list[object]]:
    whole = sorted(space for space, languages in scope.items() if languages is None)
    parts, values = [], list[object](whole)
    if whole:
        parts.append(f"space_id IN ({', '.join('?' for _ in whole)})")
    for space, languages in sorted(scope.items()):
        if languages is not None:
            parts.append(f"(space_id = ? AND lang IN ({', '.join('?' for _ in languages)}))")
            values += [space, *sorted(languages)]
    return " OR ".join(parts), values


async def sources_of(comment_id: str) -> list[Source]:
    """Return the revisions of a comment as they were written, oldest first; the caller has checked who asks."""
    sql = "SELECT number, state, lang, source, made_at FROM revisions WHERE comment_id = ? ORDER BY number"
    found = await rows(sql, [comment_id])
    return [Source(one["number"], one["state"], one["lang"], one["source"], moment(one["made_at"])) for one in found]


async def comment_named(space_id: str, given: str) -> str:
    """Return the id of the comment that is named by its id, its symbol or an address with its id; what names none comes back, cut."""
    text = given.strip()
    linked = _LINK.search(text)
    if linked and not is_id(text):
        return linked[1]
    if is_id(text):
        return text
    found = (
        await row("SELECT id FROM comments WHERE space_id = ? AND symbol = ?", [space_id, text.upper()[:30]]) if text else None
    )
    return str(found["id"]) if found else text[:32]


async def name_of(person_id: str) -> str:
    """Return the name of somebody, "" for nobody."""
    found = await row("SELECT name FROM persons WHERE id = ?", [person_id])
    return str(found["name"]) if found else ""
