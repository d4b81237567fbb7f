"""Load spaces and questions through the actor: what one may not see is not found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import inf

from forum.db.connect import reader
from forum.db.reading import keyed, moment, row, rows
from forum.discussions.forms import SLUG
from forum.discussions.models import Deadline, Question, Space, SpaceState, Visibility
from forum.discussions.policy import require_read
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.kernel.locales import LANGS

PUBLIC_ORDER = {
    SpaceState.OPEN.value: 0,
    SpaceState.ANNOUNCED.value: 1,
    SpaceState.CLOSED.value: 2,
    SpaceState.SUMMARISED.value: 3,
    SpaceState.ARCHIVED.value: 4,
    SpaceState.DRAFT.value: 5,
}


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline that was moved: from when to when, why, and when that was decided."""

    before: datetime
    after: datetime
    reason: str
    reason_lang: str
    set_at: datetime


async def addressed(slug: str) -> Space | None:
    """Return the space with this address, whoever may read it."""
    if not SLUG.fullmatch(slug):
        # Not even asked for: a zero byte, or more than the column holds, is an error to one database and nothing to another.
        return None
    return await Space.get_or_none(slug=slug, using_db=reader())


async def space_by_slug(actor: Actor, slug: str) -> Space:
    """Return the space with this address if `actor` may read it; raises NotFound."""
    return require_read(actor, await addressed(slug))


async def space_by_id(actor: Actor, space_id: str) -> Space:
    """Return the space with this id if `actor` may read it; raises NotFound."""
    return require_read(actor, await Space.get_or_none(id=space_id, using_db=reader()))


async def questions_of(space_id: str) -> list[Question]:
    """Return the questions of a space in the order of their numbers."""
    return await Question.filter(space_id=space_id).using_db(reader()).order_by("number")


async def questions_by_space(space_ids: Iterable[str]) -> dict[str, list[Question]]:
    """Return the questions of each space in the order of their numbers, in one statement."""
    by_space: dict[str, list[Question]] = {space_id: [] for space_id in space_ids}
    for question in await Question.filter(space_id__in=list(by_space)).using_db(reader()).order_by("number"):
        by_space[question.space_id].append(question)
    return by_space


async def question_of(space: Space, number: int) -> Question:
    """Return the question `number` of the space; raises NotFound."""
    found = await Question.get_or_none(space_id=space.id, number=number, using_db=reader())
    if found is None:
        raise NotFound
    return found


async def listed(actor: Actor, objective: int | None = None) -> list[Space]:
    """Return the spaces `actor` may read, optionally those about one objective.

    Open ones come first, soonest deadline first; then announced ones, soonest opening first; then the others, latest first.
    """
    query = Space.all().using_db(reader())
    if objective is not None:
        ids = await rows("SELECT space_id FROM space_objectives WHERE objective = ?", [objective])
        query = query.filter(id__in=[found["space_id"] for found in ids])
    if not actor.is_secretariat:
        mine = [space for space, roles in actor.roles.items() if roles]
        public = (
            await Space.filter(visibility=Visibility.PUBLIC.value)
            .using_db(reader())
            .exclude(state=SpaceState.DRAFT.value)
            .values_list("id", flat=True)
        )
        query = query.filter(id__in=[*mine, *public])
    found = [space for space in await query if actor.is_secretariat or actor.moderates(space.id) or space.state != "draft"]
    return sorted(found, key=_place)


def _place(space: Space) -> tuple[int, float, str]:
    ahead = space.state in {SpaceState.OPEN.value, SpaceState.ANNOUNCED.value}
    when = space.opens_at if space.state == SpaceState.ANNOUNCED.value else space.closes_at
    seconds = when.timestamp() if when else inf
    return PUBLIC_ORDER[space.state], seconds if ahead or not when else -seconds, space.slug


async def objectives_of(space_ids: Iterable[str]) -> dict[str, list[int]]:
    """Return the objectives of each space."""
    wanted = list(space_ids)
    by_space: dict[str, list[int]] = {space_id: [] for space_id in wanted}
    if wanted:
        marks = ", ".join("?" for _ in wanted)
        sql = f"SELECT space_id, objective FROM space_objectives WHERE space_id IN ({marks}) ORDER BY objective"
        for found in await rows(sql, wanted):
            by_space[found["space_id"]].append(int(found["objective"]))
    return by_space


async def published_counts(space_ids: Iterable[str]) -> dict[str, int]:
    """Return how many comments are published in each space: the only count that anybody is told."""
    wanted = list(space_ids)
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT space_id, SUM(published) AS n FROM questions WHERE space_id IN ({marks}) GROUP BY space_id"
    return {found["space_id"]: int(found["n"]) for found in await rows(sql, wanted)}


async def moderating_entities(space_id: str) -> list[str]:
    """Return the ids of the entities that moderate a space."""
    found = await rows("SELECT entity_id FROM space_entities WHERE space_id = ? ORDER BY id", [space_id])
    return [one["entity_id"] for one in found]


async def entities_by_space(space_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the ids of the entities that moderate each of the spaces."""
    wanted = list(space_ids)
    by_space: dict[str, list[str]] = {space_id: [] for space_id in wanted}
    if wanted:
        marks = ", ".join("?" for _ in wanted)
        for found in await rows(
            f"SELECT space_id, entity_id FROM space_entities WHERE space_id IN ({marks}) ORDER BY id", wanted
        ):
            by_space[found["space_id"]].append(found["entity_id"])
    return by_space


async def extensions(space_id: str) -> list[Extension]:
    """Return the extensions of a space, oldest first."""
    moved = await Deadline.filter(space_id=space_id).exclude(before=None).using_db(reader()).order_by("id")
    return [Extension(one.before, one.closes_at, one.reason, one.reason_lang, one.set_at) for one in moved if one.before]


@dataclass(frozen=True, slots=True)
class OwnText:
    """The latest text of one's own comment, as it waits or stands; `pending` tells that it waits beside a published one.

    `entity_names` holds for whom the comment speaks, by language; it is empty for a personal one.
    """

    id: str
    space_id: str
    author_id: str
    question: int
    state: str
    version: int
    symbol: str
    lang: str
    source: str
    pending: bool
    entity_names: dict[str, str]


async def own_text(actor: Actor, comment_id: str) -> OwnText | None:
    """Return the latest text of a comment of the actor's; None for another's comment as for none."""
    names = ", ".join(f"e.name_{lang}" for lang in LANGS)
    found = await row(
        "SELECT c.id, c.space_id, c.author_id, q.number AS question, c.state, c.version, c.symbol, r.lang, r.source,"
        f" c.pending_id, c.entity_id, {names} FROM comments c JOIN questions q ON q.id = c.question_id"
        " JOIN revisions r ON r.id = COALESCE(c.pending_id, c.shown_id) LEFT JOIN entities e ON e.id = c.entity_id"
        " WHERE c.id = ? AND c.author_id = ?",
        [comment_id, actor.person_id],
    )
    if found is None:
        return None
    named: dict[str, str] = {lang: str(found[f"name_{lang}"]) for lang in LANGS} if found["entity_id"] else {}
    taken = ("id", "space_id", "author_id", "question", "state", "version", "symbol", "lang", "source")
    return OwnText(**{name: found[name] for name in taken}, pending=found["pending_id"] is not None, entity_names=named)


@dataclass(frozen=True, slots=True)
class Own:
    """What a person has of their own in a question: a draft, a comment or an edit that others do not see as they do, and whom
    they may speak for: (id, name) of each entity."""

    draft: bool
    waits: bool
    entities: tuple[tuple[str, str], ...]


async def own_in_question(actor: Actor, question_id: str, lang: str) -> Own:
    """Return what makes the page of a question different for `actor`, in one statement."""
    assert lang in LANGS
    found = await keyed(
        f"SELECT a.entity_id, e.name_{lang} AS entity_name, d.id AS draft_id,"
        " (SELECT c.id FROM comments c WHERE c.author_id = p.id AND c.question_id = ?"
        " AND (c.pending_id IS NOT NULL OR c.state NOT IN ('published', 'withdrawn')) LIMIT 1) AS waiting_id"
        " FROM persons p LEFT JOIN drafts d ON d.person_id = p.id AND d.place = ?"
        " LEFT JOIN affiliations a ON a.person_id = p.id AND a.status = 'verified'"
        " LEFT JOIN entities e ON e.id = a.entity_id WHERE p.id = ? ORDER BY a.declared_at, a.id LIMIT 500",
        [question_id, f"q:{question_id}", actor.person_id],
    )
    verified = tuple((one["entity_id"], one["entity_name"]) for one in found if one["entity_id"] is not None)
    # Nobody of that id: somebody whose account is just going. Nothing is put together for them.
    return Own(
        draft=not found or found[0]["draft_id"] is not None,
        waits=not found or found[0]["waiting_id"] is not None,
        entities=verified,
    )


async def has_comments(space_id: str) -> bool:
    """Return whether any comment was ever received in the space, held ones included: for the secretariat's rules only."""
    return await row("SELECT 1 AS x FROM comments WHERE space_id = ? LIMIT 1", [space_id]) is not None


async def due(now: datetime) -> list[tuple[str, str]]:
    """Return (space id, transition) for what the clock must do: "open" or "close"."""
    found = await rows(
        "SELECT id, state, opens_at, closes_at FROM spaces WHERE state IN ('announced', 'open')",
    )
    wanted = []
    for space in found:
        opens, closes = moment(space["opens_at"]), moment(space["closes_at"])
        if space["state"] == "announced" and opens is not None and opens <= now:
            wanted.append((space["id"], "open"))
        elif space["state"] == "open" and closes is not None and closes <= now:
            wanted.append((space["id"], "close"))
    return wanted
