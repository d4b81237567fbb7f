"""Let old notices go: all after a year, those that were read after three months."""

from datetime import timedelta
from typing import Final

from tortoise.expressions import Q

from forum.kernel import clock
from forum.notices.models import Notice

KEPT: Final = timedelta(days=365)
KEPT_READ: Final = timedelta(days=90)
BATCH: Final = 500
"""Notices that one statement deletes: nobody waits for a long one."""


async def sweep() -> int:
    """Delete what has been kept long enough and return how many notices that were."""
    now, gone = clock.now(), 0
    old = Notice.filter(Q(created_at__lt=now - KEPT) | Q(read_at__lt=now - KEPT_READ))
    while ids := await old.limit(BATCH).values_list("id", flat=True):
        # Small statements, each a transaction of its own: whoever marks theirs as read at this moment waits for one at most.
        gone += await Notice.filter(id__in=list(ids)).delete()
        if len(ids) < BATCH:
            break
    return gone
