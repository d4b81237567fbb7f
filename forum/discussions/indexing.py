"""What can be searched: facts about comments, spaces and questions become documents of the index, in the transaction that tells them.

Only texts that every reader of their space sees are indexed: a text that waits, was refused or is gone has no token anywhere in it.
"""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.reading import Row, row, rows
from forum.db.work import Work, begin
from forum.discussions.models import Question, Space
from forum.discussions.policy import text_for_all_sql
from forum.kernel.events import Fact
from forum.kernel.locales import DEFAULT_LANG
from forum.record.appending import lock
from forum.search.engines import index
from forum.search.index import Document
from forum.text.excerpt import plain_text

COMMENT, SPACE, QUESTION = "comment", "space", "question"
SHOWN = frozenset({"comment.published", "comment.edited"})
GONE = frozenset({"comment.removed", "comment.withdrawn"})
BATCH = 100
"""Comments indexed anew in one transaction: nobody who posts meanwhile waits for more."""


async def index_comment(work: Work, fact: Fact) -> None:
    """Hear what happens to comments: index what is published, forget what is gone."""
    if fact.kind in GONE:
        await index(work.connection).remove(work.connection, COMMENT, str(fact.subject))
    if fact.kind in SHOWN:
        sql = "SELECT r.comment_id AS id, r.lang, r.html, c.symbol FROM revisions r JOIN comments c ON c.id = r.comment_id"
        found = await row(f"{sql} WHERE r.id = ?", [fact.data["revision"]], work.connection)
        assert found is not None
        # A comment gets its symbol after this fact is told.
        await _put_comment(work.connection, found, fact.log, str(fact.data.get("symbol") or found["symbol"]))


async def index_space(work: Work, fact: Fact) -> None:
    """Hear of a space that was founded or whose texts were rewritten."""
    if fact.kind in {"space.founded", "space.rewritten"}:
        await _put_space(work.connection, await Space.get(id=fact.log))


async def index_question(work: Work, fact: Fact) -> None:
    """Hear of a question that was written or dropped."""
    if fact.kind == "question.dropped":
        await index(work.connection).remove(work.connection, QUESTION, str(fact.subject))
    else:
        await _put_question(work.connection, await Question.get(id=str(fact.subject)))


async def _put_comment(using: BaseDBAsyncClient, found: Row, space_id: str, symbol: str) -> None:
    texts = [(found["lang"], plain_text(found["html"])), (DEFAULT_LANG, symbol)]
    await index(using).put(using, Document(COMMENT, found["id"], space_id, found["lang"], texts))


async def _put_space(using: BaseDBAsyncClient, space: Space) -> None:
    notes = [(lang, plain_text(html)) for lang, html in space.note_html.items()]
    await index(using).put(using, Document(SPACE, space.id, space.id, "", [*space.title.items(), *notes]))


async def _put_question(using: BaseDBAsyncClient, question: Question) -> None:
    await index(using).put(using, Document(QUESTION, question.id, question.space_id, "", list(question.text.items())))


async def reindex() -> int:
    """Make the index anew from the tables and return how many texts are in it. Searches meanwhile find what is there already."""
    async with begin() as work:
        await index(work.connection).clear(work.connection)
    count = 0
    for one in await rows("SELECT id FROM spaces ORDER BY created_at, id"):
        space_id = str(one["id"])
        async with begin() as work:
            await lock(work, space_id)
            await _put_space(work.connection, await Space.get(id=space_id))
            for question in await Question.filter(space_id=space_id).order_by("number"):
                await _put_question(work.connection, question)
                count += 1
        count += 1
    shown, params = text_for_all_sql()
    order = "c.published_at, c.space_id, c.question_id, c.number"
    ids = [str(one["id"]) for one in await rows(f"SELECT c.id FROM comments c WHERE {shown} ORDER BY {order}", params)]
    for start in range(0, len(ids), BATCH):
        count += await _reindex_comments(ids[start : start + BATCH])
    async with begin() as work:
        await index(work.connection).settle(work.connection)
    return count


async def _reindex_comments(ids: Sequence[str]) -> int:
    """Index comments in the order of `ids`, as they stand under the locks of their spaces: what is gone by then is left out."""
    marks = ", ".join("?" for _ in ids)
    shown, params = text_for_all_sql()
    sql = "SELECT c.id, c.space_id, c.symbol, r.lang, r.html FROM comments c JOIN revisions r ON r.id = c.shown_id"
    async with begin() as work:
        spaces = await rows(f"SELECT DISTINCT space_id FROM comments WHERE id IN ({marks})", ids, work.connection)
        for space_id in sorted(one["space_id"] for one in spaces):
            await lock(work, space_id)
        found = {
            one["id"]: one for one in await rows(f"{sql} WHERE c.id IN ({marks}) AND {shown}", [*ids, *params], work.connection)
        }
        for comment_id in ids:
            if one := found.get(comment_id):
                await _put_comment(work.connection, one, one["space_id"], one["symbol"])
    return len(found)
