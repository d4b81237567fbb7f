"""Which record is meant, and how many are read from end to end at once."""

import asyncio

from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.kernel.events import FORUM_LOG
from moderation.audit.asked import FORUM
from moderation.audit.queries import Space

AT_ONCE = asyncio.Semaphore(2)
"""Records that one process reads from end to end at the same time."""


def log_named(actor: Actor, spaces: list[Space], space: str) -> str:
    """Return the id of the log that is named; raises NotFound for one that `actor` may not read, as for none."""
    if space == FORUM and actor.is_secretariat:
        return FORUM_LOG
    for one in spaces:
        if one.slug == space:
            return one.id
    raise NotFound
