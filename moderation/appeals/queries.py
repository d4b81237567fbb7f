"""Read the appeal that a case is about, with the decision it is against."""

from dataclasses import dataclass
from datetime import datetime

from forum.db.reading import moment, row, rows
from forum.kernel.actors import Actor
from moderation.queries import Decided, decisions_on


@dataclass(frozen=True, slots=True)
class Appealed:
    """The appeal of a case: the author's words in `lang`, the decision against which it is, and what came of it.

    `outcome` is "" while it waits, then "upheld", "overturned" or "closed".
    """

    id: str
    decision: Decided
    text: str
    lang: str
    at: datetime
    outcome: str
    settled_at: datetime | None


async def appeal_of(actor: Actor, case_id: str) -> Appealed | None:
    """Return the appeal of a case as `actor` may read it, None for a case of another kind; the caller has checked who asks."""
    found = await row(
        "SELECT id, decision_id, comment_id, text, lang, made_at, outcome, settled_at FROM appeals WHERE case_id = ?", [case_id]
    )
    if found is None:
        return None
    [decision] = [one for one in await decisions_on(actor, found["comment_id"]) if one.id == found["decision_id"]]
    made, settled = moment(found["made_at"]), moment(found["settled_at"])
    return Appealed(found["id"], decision, found["text"], found["lang"], made, found["outcome"], settled)


async def appeals_that_wait(author_id: str) -> frozenset[str]:
    """Return the ids of the comments about which an appeal of this author waits."""
    found = await rows("SELECT comment_id FROM appeals WHERE author_id = ? AND outcome = ''", [author_id])
    return frozenset(one["comment_id"] for one in found)
