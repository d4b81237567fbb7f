"""Read what the home shows: one statement for each kind of thing, whatever the number of spaces and of what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forum.db.fields import json_value
from forum.db.reading import Row, moment, rows
from forum.discussions.models import SpaceState
from forum.kernel import clock
from forum.kernel.actors import Actor
from moderation.office import SITTING
from moderation.rules.scopes import Scope, scope_of

MOST_SPACES = 50
MOST_THREADS = 10
QUIET_DAYS = 3
"""Days after which a thread that nobody has answered is shown."""
CHART_DAYS = 30
_MOST_IDS = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A space on the home. `languages` are those that it accepts; `given` those of whoever looks, None for all."""

    id: str
    slug: str
    title: Mapping[str, str]
    state: str
    zone: str
    closes_at: datetime | None
    languages: Sequence[str]
    given: frozenset[str] | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """That something is published in a space: by which kind of entity ("" for a person), which State, in which language."""

    space_id: str
    kind: str
    state: str
    lang: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A published comment of its own that has no published reply."""

    id: str
    slug: str
    symbol: str
    question: int
    author: str
    lang: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Moderating:
    """Somebody who moderates a space: in which languages (None: all), and of which State they are a national ("" if not noted)."""

    space_id: str
    person_id: str
    languages: frozenset[str] | None
    nationality: str


def marks(values: Sequence[object]) -> str:
    """Return as many parameters, for IN."""
    return ", ".join("?" for _ in values)


def parsed(column: object) -> list[str]:
    """Return a column of codes, which the database may hand out as JSON."""
    found = json_value(column)
    return list(found) if isinstance(found, list) else []


async def places(actor: Actor) -> tuple[list[Place], bool]:
    """Return the spaces of a moderator, and for the secretariat all that are open now besides; whether there are more than are shown.

    Open ones come first, the soonest deadline before the others.
    """
    scope: Scope = await scope_of(actor)
    mine = sorted(scope)[:_MOST_IDS]
    which = f"id IN ({marks(mine)})" if mine else "1 = 0"
    params: list[object] = list(mine)
    if actor.is_secretariat:
        which, params = f"({which} OR state = ?)", [*params, SpaceState.OPEN.value]
    found = await rows(
        f"SELECT id, slug, title, state, zone, closes_at, languages FROM spaces WHERE {which}"
        " ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'announced' THEN 1 ELSE 2 END, closes_at, slug LIMIT ?",
        [*params, MOST_SPACES + 1],
    )
    return [_place(one, scope) for one in found[:MOST_SPACES]], len(found) > MOST_SPACES


def _place(found: Row, scope: Scope) -> Place:
    title = json_value(found["title"])
    return Place(
        id=found["id"],
        slug=found["slug"],
        title=title,
        state=found["state"],
        zone=found["zone"],
        closes_at=moment(found["closes_at"]),
        languages=parsed(found["languages"]),
        given=scope.get(found["id"]),
        mine=found["id"] in scope,
    )


def given_sql(given: Sequence[Place], space: str, lang: str) -> tuple[str, list[object]]:
    """Return the SQL condition that keeps what is in these spaces and in the languages given there, and its parameters.

    `space` and `lang` are the columns that hold them.
    """
    whole = [one.id for one in given if one.given is None]
    parts, params = ([f"{space} IN ({marks(whole)})"] if whole else []), list[object](whole)
    for one in given:
        if one.given is not None:
            languages = sorted(one.given)
            parts.append(f"({space} = ? AND {lang} IN ({marks(languages)}))")
            params += [one.id, *languages]
    return f"({' OR '.join(parts)})" if parts else "1 = 0", params


async def waiting(given: Sequence[Place]) -> list[Row]:
    """Return how many cases wait, by space and kind."""
    where, params = given_sql(given, "space_id", "lang")
    return await rows(f"SELECT space_id, kind, SUM(n) AS n FROM case_counts WHERE {where} GROUP BY space_id, kind", params)


async def late(given: Sequence[Place]) -> list[Row]:
    """Return how many cases have waited longer than the goal of their space, by space."""
    where, params = given_sql(given, "space_id", "lang")
    sql = f"SELECT space_id, COUNT(*) AS n FROM cases WHERE state = 'open' AND due_at < ? AND {where} GROUP BY space_id"
    return await rows(sql, [clock.now(), *params])


async def seconds(given: Sequence[Place]) -> list[Row]:
    """Return how many decisions wait for a second moderator, by space."""
    where, params = given_sql(given, "k.space_id", "k.lang")
    return await rows(
        "SELECT k.space_id, COUNT(*) AS n FROM proposals o JOIN cases k ON k.id = o.case_id"
        f" WHERE o.needs_second = ? AND k.state = 'open' AND {where} GROUP BY k.space_id",
        [True, *params],
    )


async def moderating(space_ids: Sequence[str]) -> list[Moderating]:
    """Return everybody who can moderate these spaces now."""
    if not space_ids:
        return []
    now = clock.now()
    found = await rows(
        "SELECT DISTINCT r.space_id, r.person_id, CAST(m.languages AS TEXT) AS languages, m.nationality FROM space_roles r"
        " JOIN persons p ON p.id = r.person_id"
        " LEFT JOIN moderator_scopes m ON m.person_id = r.person_id AND m.space_id = r.space_id"
        f" WHERE r.space_id IN ({marks(space_ids)}) AND {SITTING}",
        [*space_ids, now, now],
    )
    return [
        Moderating(one["space_id"], one["person_id"], frozenset(parsed(one["languages"])) or None, one["nationality"] or "")
        for one in found
    ]


async def voices(space_ids: Sequence[str]) -> list[Voice]:
    """Return who is heard in these spaces: what is published, once for each kind of speaker, State and language."""
    if not space_ids:
        return []
    found = await rows(
        "SELECT DISTINCT c.space_id, COALESCE(e.kind, '') AS kind,"
        " CASE WHEN e.kind IN ('state', 'observer') THEN e.code ELSE '' END AS state, r.lang"
        " FROM comments c JOIN revisions r ON r.id = c.shown_id LEFT JOIN entities e ON e.id = c.entity_id"
        f" WHERE c.space_id IN ({marks(space_ids)}) AND c.state = 'published'",
        space_ids,
    )
    return [Voice(one["space_id"], one["kind"], one["state"], one["lang"]) for one in found]


async def unanswered(given: Sequence[Place]) -> tuple[list[Unanswered], bool]:
    """Return the comments that have waited longest for an answer in open spaces, and whether there are more."""
    where, params = given_sql([one for one in given if one.state == SpaceState.OPEN.value], "c.space_id", "r.lang")
    # Whatever is below a comment has its path before its own: one look into the index of the thread tells of any answer.
    found = await rows(
        "SELECT c.id, s.slug, c.symbol, q.number AS question, p.name AS author, r.lang, c.published_at FROM comments c"
        " JOIN revisions r ON r.id = c.shown_id JOIN spaces s ON s.id = c.space_id JOIN questions q ON q.id = c.question_id"
        " JOIN persons p ON p.id = c.author_id"
        f" WHERE {where} AND c.state = 'published' AND c.depth = 0 AND c.published_at < ?"
        " AND NOT EXISTS (SELECT 1 FROM comments a WHERE a.question_id = c.question_id AND a.path > c.path"
        " AND a.path < c.path || '~' AND a.state = 'published')"
        " ORDER BY c.published_at, c.id LIMIT ?",
        [*params, clock.now() - timedelta(days=QUIET_DAYS), MOST_THREADS + 1],
    )
    shown = [Unanswered(**(dict(one) | {"published_at": moment(one["published_at"])})) for one in found[:MOST_THREADS]]
    return shown, len(found) > MOST_THREADS


async def days(space_ids: Sequence[str], first: date) -> list[Row]:
    """Return what the figures of these spaces say since a day: by day, name and, for times alone, detail."""
    if not space_ids:
        return []
    return await rows(
        "SELECT day, name, CASE name WHEN 'waited' THEN detail ELSE '' END AS step, SUM(n) AS n FROM desk_days"
        f" WHERE space_id IN ({marks(space_ids)}) AND day >= ? AND name IN ('opened', 'decided', 'waited')"
        " GROUP BY day, name, step ORDER BY day",
        [*space_ids, first.isoformat()],
    )
