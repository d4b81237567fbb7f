"""What a person's restrictions mean for what they write: nothing while suspended, now and then while slowed, read first while held."""

import math
from datetime import timedelta

from forum.db.reading import moment, row
from forum.db.work import Work
from forum.discussions.screening import Hold
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import TooMany
from forum.kernel.messages import N_
from forum.people import restrictions
from forum.people.models import RestrictionKind
from forum.people.restrictions import EVERYWHERE, Restricted, of_kind, require_free

READ_FIRST = Hold("restricted", N_("Everything that the author sends is read before it is published, for the time being."))


async def still_free(work: Work, actor: Actor, space_id: str, holds: list[Hold], *, new: bool) -> list[Hold]:
    """Return the holds of a text under the lock of its space: what was set for its author since it was screened counts too.

    Raises Forbidden when the author is suspended, TooMany when a `new` comment comes too soon after the last one. An edit is no new
    comment: who is slowed down may still mend what they have said.
    """
    found = await restrictions.active(actor.person_id, space_id, work.connection)
    require_free(found)
    if new:
        for one in of_kind(found, RestrictionKind.SLOW):
            await _require_time(work, actor, one, space_id)
    held = of_kind(found, RestrictionKind.HOLD) and all(hold.phase != READ_FIRST.phase for hold in holds)
    return [*holds, READ_FIRST] if held else holds


async def _require_time(work: Work, actor: Actor, slowed: Restricted, space_id: str) -> None:
    sql, params = "SELECT MAX(received_at) AS last FROM comments WHERE author_id = ?", [actor.person_id]
    if slowed.space_id != EVERYWHERE:
        sql, params = f"{sql} AND space_id = ?", [*params, space_id]
    found = await row(sql, params, work.connection)
    last = moment(found["last"]) if found else None
    if last is None:
        return
    wait = (last + timedelta(seconds=slowed.every) - clock.now()).total_seconds()
    if wait > 0:
        raise TooMany(math.ceil(wait), "restricted.slow")
