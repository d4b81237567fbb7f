"""Who moderates a space at this moment, whatever a request that began before believes."""

from forum.db.reading import row
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden

SITTING = (
    "r.role IN ('moderator', 'facilitator') AND (p.suspended_at IS NULL OR p.suspended_until <= ?)"
    " AND NOT EXISTS (SELECT 1 FROM restrictions x WHERE x.person_id = p.id AND x.space_id IN (r.space_id, '')"
    " AND x.kind = 'suspended' AND x.lifted_at IS NULL AND (x.until IS NULL OR x.until > ?))"
)
"""A condition on `space_roles r JOIN persons p`: moderates, and is suspended from nothing there. It takes the time twice."""


async def require_sitting(person_id: str | None, space_id: str) -> Actor:
    """Return whoever moderates the space now; the caller holds its lock. Raises Forbidden for whoever does not, or is suspended."""
    found = await _sitting(person_id, space_id)
    if found is None:
        raise Forbidden("forbidden")
    return found


async def sits(person_id: str, space_id: str) -> bool:
    """Return whether this person moderates the space now."""
    return await _sitting(person_id, space_id) is not None


async def _sitting(person_id: str | None, space_id: str) -> Actor | None:
    now = clock.now()
    found = await row(
        "SELECT p.id, p.name, p.lang FROM space_roles r JOIN persons p ON p.id = r.person_id"
        f" WHERE p.id = ? AND r.space_id = ? AND {SITTING} LIMIT 1",
        [person_id, space_id, now, now],
    )
    return Actor(person_id=found["id"], name=found["name"], lang=found["lang"]) if found else None
