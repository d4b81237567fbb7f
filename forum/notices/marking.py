"""Mark notices as read: by their own person alone, and what is another's or unknown is passed over in silence."""

from collections.abc import Sequence

from forum.kernel import clock
from forum.notices.queries import present


async def mark(person_id: str, ids: Sequence[str]) -> int:
    """Mark these notices of a person as read; return how many were unread until now."""
    return await present(person_id).filter(id__in=list(ids), read_at=None).update(read_at=clock.now())


async def mark_until(person_id: str, last: str) -> int:
    """Mark the notice `last` and all older ones as read, and none that has come since; return how many were unread until now."""
    return await present(person_id).filter(id__lte=last, read_at=None).update(read_at=clock.now())
