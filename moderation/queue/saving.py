"""Keep a filter under a name, and forget it. What a moderator keeps is theirs alone: no other sees it, and no log tells of it."""

from dataclasses import dataclass

from forum.db.reading import dialect, execute, rows
from forum.db.work import begin
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, NotFound, Problem, invalid
from moderation.queue.filters import QueueFilter, read_query
from moderation.queue.models import SavedFilter

MOST = 20
NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept filter."""

    id: str
    name: str
    wanted: QueueFilter


async def keep(actor: Actor, name: str, wanted: QueueFilter) -> None:
    """Keep a filter under a name. Raises Refusal for a name that is empty or too long, Conflict for one that is taken and beyond MOST."""
    cleaned = " ".join(name.split())
    if not cleaned:
        raise invalid(name=Problem("field.required"))
    if len(cleaned) > NAME_LIMIT:
        raise invalid(name=Problem("field.too_long", {"limit": NAME_LIMIT}))
    async with begin() as work:
        if dialect(work.connection) != "sqlite":  # there one transaction writes at a time
            await rows("SELECT id FROM persons WHERE id = ? FOR UPDATE", [actor.person_id], work.connection)
        names = await rows("SELECT name FROM saved_filters WHERE person_id = ?", [actor.person_id], work.connection)
        if cleaned in {one["name"] for one in names}:
            raise _stands("filter.taken")
        if len(names) >= MOST:
            raise _stands("filter.many", limit=MOST)
        await SavedFilter.create(
            using_db=work.connection, person_id=actor.person_id, name=cleaned, query=wanted.query, made_at=clock.now()
        )


def _stands(key: str, **params: object) -> Conflict:
    """Return the refusal that names what is kept already as what stands in the way."""
    refused = Conflict("form.invalid", {})
    refused.fields["name"] = Problem(key, params)
    return refused


async def forget(actor: Actor, filter_id: str) -> None:
    """Forget a filter. Raises NotFound unless it is the actor's own."""
    async with begin() as work:
        sql = "DELETE FROM saved_filters WHERE id = ? AND person_id = ?"
        if not await execute(sql, [filter_id, actor.person_id], work.connection):
            raise NotFound


async def kept(actor: Actor) -> list[Kept]:
    """Return what `actor` has kept, in the order in which it was."""
    found = await rows("SELECT id, name, query FROM saved_filters WHERE person_id = ? ORDER BY id", [actor.person_id])
    return [Kept(one["id"], one["name"], read_query(one["query"])) for one in found]
