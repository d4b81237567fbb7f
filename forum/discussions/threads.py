"""Read comments in thread order: one index range scan, whatever the length of the thread.

Every statement filters by `policy.visible_sql` and hands out text only where `policy.sight` allows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from forum.db.reading import Row, moment, row, rows
from forum.discussions.models import PATH_LENGTH, SEGMENT, CommentState, Space
from forum.discussions.policy import Sight, Standing, sight, visible_sql
from forum.kernel.actors import Actor
from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import LANGS

BEYOND = "z" * PATH_LENGTH
"""Added to a path: after everything below it, before its next sibling."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The comment that another one answers."""

    id: str
    author_name: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A comment as one actor may see it.

    `html` and `source` are empty where only a stub is shown. `seq` is the public number of the last entry about it, 0 before any.
    `pending` is the state of an edit that waits beside a published text; only the author and moderators get it.
    """

    id: str
    space_id: str
    question: int
    parent: str | None
    path: str
    depth: int
    author_id: str
    author_name: str
    speaking_for: str
    entity_name: str
    lang: str
    html: str
    source: str
    paragraphs: int
    state: str
    version: int
    symbol: str
    stub_reason: str
    seq: int
    received_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    reply_to: Answered | None
    pending: str | None

    @property
    def is_stub(self) -> bool:
        return self.state in {CommentState.REMOVED.value, CommentState.WITHDRAWN.value} and not self.html


@dataclass(frozen=True, slots=True)
class Slice:
    """Some comments in thread order; `next` is the cursor of the rest, None at the end."""

    items: list[Seen]
    next: str | None


def _columns(lang: str, comments: str = "comments") -> str:
    """Return the statement that reads comments with all that is shown of them; `comments` may be a selection of them."""
    assert lang in LANGS
    return (
        "SELECT c.id, c.space_id, q.number AS question, c.parent_id, c.path, c.depth, c.author_id, p.name AS author_name,"
        f" c.speaking_for, COALESCE(e.name_{lang}, '') AS entity_name, r.lang, r.html, r.source, r.paragraphs, c.state,"
        " c.version, c.symbol, c.stub_reason, c.public_seq, c.received_at, c.published_at, c.edited_at, c.reply_to_id,"
        " t.symbol AS to_symbol, t.state AS to_state, t.author_id AS to_author, t.published_at AS to_published,"
        " tp.name AS to_name, w.state AS pending"
        f" FROM {comments} c JOIN questions q ON q.id = c.question_id JOIN persons p ON p.id = c.author_id"
        " JOIN revisions r ON r.id = c.shown_id LEFT JOIN entities e ON e.id = c.entity_id"
        " LEFT JOIN comments t ON t.id = c.reply_to_id LEFT JOIN persons tp ON tp.id = t.author_id"
        " LEFT JOIN revisions w ON w.id = c.pending_id"
    )


_QUESTION = "c.question_id = (SELECT id FROM questions WHERE space_id = ? AND number = ?)"


def _answered(actor: Actor, found: Row) -> Answered | None:
    if found["reply_to_id"] is None:
        return None
    standing = Standing(found["space_id"], found["to_author"], found["to_state"], found["to_published"] is not None)
    shown = sight(actor, standing)
    name = found["to_name"] if shown is Sight.TEXT else ""
    return Answered(found["reply_to_id"], name, found["to_symbol"])


def _sight(actor: Actor, found: Row) -> Sight:
    standing = Standing(found["space_id"], found["author_id"], found["state"], found["published_at"] is not None)
    return sight(actor, standing)


def _seen(actor: Actor, found: Row) -> Seen:
    text = _sight(actor, found) is Sight.TEXT
    inside = actor.person_id == found["author_id"] or actor.moderates(found["space_id"])
    return Seen(
        id=found["id"],
        space_id=found["space_id"],
        question=found["question"],
        parent=found["parent_id"],
        path=found["path"],
        depth=found["depth"],
        author_id=found["author_id"],
        author_name=found["author_name"] if text else "",
        speaking_for=found["speaking_for"] if text else "",
        entity_name=found["entity_name"] if text else "",
        lang=found["lang"],
        html=found["html"] if text else "",
        source=found["source"] if text else "",
        paragraphs=found["paragraphs"] if text else 0,
        state=found["state"],
        version=found["version"],
        symbol=found["symbol"],
        stub_reason=found["stub_reason"],
        seq=found["public_seq"],
        received_at=moment(found["received_at"]),
        published_at=moment(found["published_at"]),
        edited_at=moment(found["edited_at"]),
        reply_to=_answered(actor, found),
        pending=found["pending"] if inside else None,
    )


async def one(actor: Actor, comment_id: str, lang: str) -> Seen | None:
    """Return a comment if `actor` may see it; the caller checks that the space is readable."""
    found = await row(f"{_columns(lang)} WHERE c.id = ?", [comment_id])
    if found is None or _sight(actor, found) is Sight.NOTHING:
        return None
    return _seen(actor, found)


async def some(actor: Actor, ids: Sequence[str], lang: str) -> dict[str, Seen]:
    """Return by id those of the comments that `actor` may see; the caller checks that their spaces are readable."""
    if not ids:
        return {}
    marks = ", ".join("?" for _ in ids)
    found = await rows(f"{_columns(lang)} WHERE c.id IN ({marks})", list(ids))
    return {one["id"]: _seen(actor, one) for one in found if _sight(actor, one) is not Sight.NOTHING}


def _slice(actor: Actor, found: list[Row], limit: int) -> Slice:
    items = [_seen(actor, one_row) for one_row in found[:limit]]
    return Slice(items, items[-1].id if len(found) > limit else None)


async def _after_path(actor: Actor, space: Space, question_id: str, cursor: str) -> str:
    visible, params = visible_sql(actor, space.id)
    found = await row(
        f"SELECT c.path FROM comments c WHERE c.id = ? AND c.question_id = ? AND {visible}",
        [cursor, question_id, *params],
    )
    if found is None:
        raise invalid(after=Problem("page.cursor"))
    return str(found["path"])


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a thread is wanted: up to `limit` comments after the comment `after`, from the start if empty."""

    after: str = ""
    limit: int = 50


async def thread(actor: Actor, space: Space, question_id: str, lang: str, window: Window | None = None) -> Slice:
    """Return up to `limit` comments of a question in thread order, after the comment `after` if given.

    Raises Refusal when the cursor is not a comment of this thread that `actor` may see.
    """
    wanted = window or Window()
    path = await _after_path(actor, space, question_id, wanted.after) if wanted.after else ""
    found = await _following(actor, space, lang, (question_id, path), wanted.limit + 1)
    return _slice(actor, found, wanted.limit)


async def _following(actor: Actor, space: Space, lang: str, place: tuple[str, str], limit: int) -> list[Row]:
    """Return up to `limit` rows of a question after a path, in order; `place` is (question id, path)."""
    return await _in_order(lang, actor, space, ("c.question_id = ? AND c.path > ?", place), limit)


async def _in_order(lang: str, actor: Actor, space: Space, where: tuple[str, Sequence[object]], limit: int) -> list[Row]:
    """Return the first `limit` rows in thread order that fulfil a condition, (SQL, values), on comments alone.

    They are chosen first, from the index, and everything else is joined to those few: otherwise PostgreSQL may come to think that
    joining and sorting the whole thread is cheaper. The limit is written out, so that it can keep one plan for all threads.
    """
    visible, params = visible_sql(actor, space.id)
    condition, values = where
    chosen = f"(SELECT c.* FROM comments c WHERE {condition} AND {visible} ORDER BY c.path LIMIT {int(limit)})"
    found = await rows(_columns(lang, chosen), [*values, *params])
    return sorted(found, key=itemgetter("path"))


async def before(actor: Actor, space: Space, question_id: str, cursor: str, limit: int = 50) -> str | None:
    """Return the cursor whose page comes right before the one that starts after `cursor`.

    None for the first page, and for a cursor that is not a comment of this thread that `actor` may see.
    """
    visible, params = visible_sql(actor, space.id)
    found = await row(
        # The place first, which the index alone tells; then who stands there.
        "SELECT f.id FROM comments f WHERE f.question_id = ? AND f.path ="
        " (SELECT c.path FROM comments c WHERE c.question_id = ? AND c.path <="
        f" (SELECT c.path FROM comments c WHERE c.id = ? AND c.question_id = ? AND {visible})"
        f" AND {visible} ORDER BY c.path DESC LIMIT 1 OFFSET {int(limit)})",
        [question_id, question_id, cursor, question_id, *params, *params],
    )
    return str(found["id"]) if found else None


async def all_in_space(actor: Actor, space: Space, lang: str, window: Window | None = None) -> Slice:
    """Return up to `limit` comments of all questions, question by question in thread order.

    A statement for each question until there are enough: in one for all of them, PostgreSQL would read and sort every comment.
    """
    wanted, number, path = window or Window(), 0, ""
    visible, params = visible_sql(actor, space.id)
    if wanted.after:
        found = await row(
            "SELECT q.number, c.path FROM comments c JOIN questions q ON q.id = c.question_id"
            f" WHERE c.id = ? AND c.space_id = ? AND {visible}",
            [wanted.after, space.id, *params],
        )
        if found is None:
            raise invalid(after=Problem("page.cursor"))
        number, path = int(found["number"]), str(found["path"])
    listed: list[Row] = []
    sql = "SELECT id FROM questions WHERE space_id = ? AND number >= ? ORDER BY number"
    for question in await rows(sql, [space.id, number]):
        listed += await _following(actor, space, lang, (question["id"], path), wanted.limit + 1 - len(listed))
        if len(listed) > wanted.limit:
            break
        path = ""
    return _slice(actor, listed, wanted.limit)


async def branch(actor: Actor, space: Space, comment: Seen, lang: str) -> list[Seen]:
    """Return the ancestors of a comment, outermost first, and the comment itself."""
    paths = [comment.path[: SEGMENT * (level + 1)] for level in range(comment.depth + 1)]
    where = f"{_QUESTION} AND c.path IN ({', '.join('?' for _ in paths)})", [space.id, comment.question, *paths]
    return [_seen(actor, one_row) for one_row in await _in_order(lang, actor, space, where, len(paths))]


async def replies(actor: Actor, space: Space, comment: Seen, lang: str, limit: int = 20) -> list[Seen]:
    """Return the first `limit` comments below a comment, in thread order."""
    below = [space.id, comment.question, comment.path, comment.path + BEYOND]
    where = f"{_QUESTION} AND c.path > ? AND c.path < ?", below
    return [_seen(actor, one_row) for one_row in await _in_order(lang, actor, space, where, limit)]


async def of_author(actor: Actor, lang: str, *, limit: int = 100, after: str = "") -> list[Seen]:
    """Return what `actor` has written anywhere, newest first; only what comes after the comment `after`, if one is named."""
    where, params = "", list[object]()
    if after:
        since = "(SELECT b.received_at FROM comments b WHERE b.id = ? AND b.author_id = ?)"
        where = f" AND (c.received_at < {since} OR (c.received_at = {since} AND c.id > ?))"
        params = [after, actor.person_id, after, actor.person_id, after]
    found = await rows(
        f"{_columns(lang)} WHERE c.author_id = ?{where} ORDER BY c.received_at DESC, c.id LIMIT ?",
        [actor.person_id, *params, limit],
    )
    return [_seen(actor, one_row) for one_row in found]
