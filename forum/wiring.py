"""Wiring: the only place that knows all packages. Which listeners hear which facts, in which order, is read here.

Inside the transaction: the record first (it numbers the fact), then moderation, then the index of the search. After the commit: the page
cache, before the answer to the write leaves; then the live bus; then what concerns people.
"""

import asyncio
import logging
from dataclasses import dataclass, replace

from forum.db import work
from forum.db.work import After
from forum.discussions import screening
from forum.discussions.indexing import index_comment, index_question, index_space
from forum.kernel.events import FORUM_LOG, Fact
from forum.live.bus import RESYNC, REVOKED, SPACE, Bus, Listener, Message
from forum.people import sessions
from forum.record.appending import append
from forum.record.reading import public_heads
from forum.web.identity import Resolved
from forum.web.pagecache import Generations
from moderation.listeners import open_or_close_case
from moderation.live import announce
from moderation.screening import PHASES

log = logging.getLogger(__name__)

APPS = {
    "forum": {
        "models": ["forum.record.models", "forum.people.models", "forum.discussions.models"],
        "default_connection": "default",
        "migrations": "forum.db.migrations",
    },
    "moderation": {
        "models": ["moderation.models"],
        "default_connection": "default",
        "migrations": "moderation.migrations",
    },
}
"""The models of both packages, for Tortoise."""

INSIDE = (
    ("", append),
    ("comment.", open_or_close_case),
    ("comment.", index_comment),
    ("space.", index_space),
    ("question.", index_question),
)
"""Listeners inside the transaction, in order: (beginning of the fact's kind, listener)."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What listeners after the commit act on."""

    bus: Bus
    generations: Generations


def after(parts: Parts) -> tuple[tuple[str, After], ...]:
    """Return the listeners after the commit, in order."""

    async def refresh_pages(fact: Fact) -> None:
        # Only what the public can see changes a public page; a held comment must not even touch it.
        if fact.log == FORUM_LOG:
            return
        if fact.public or fact.kind.startswith(("space.", "question.")):
            parts.generations.bump(f"space:{fact.log}", "spaces")

    async def tell_followers(fact: Fact) -> None:
        if fact.public_seq is not None:
            await parts.bus.publish("space", {"space": fact.log, "seq": fact.public_seq})

    async def ask_rights_again(fact: Fact) -> None:
        if fact.log != FORUM_LOG:
            await parts.bus.publish("revoked", {"space": fact.log})
        elif fact.subject is not None:
            await parts.bus.publish("revoked", {"person": fact.subject})

    return (
        ("", refresh_pages),
        ("", tell_followers),
        ("case.", announce(parts.bus)),
        ("person.suspended", ask_rights_again),
        ("role.", ask_rights_again),
        ("space.rewritten", ask_rights_again),
    )


def page_listener(generations: Generations) -> Listener:
    """Return a listener of the bus that lets go of the pages other processes have changed; it must hear before the followers do."""
    heard: dict[str, str | int] = {}

    def hear(topic: str, message: Message) -> None:
        if topic == RESYNC:
            generations.bump_all()
        elif topic == SPACE and heard.get(str(message["space"])) != message["seq"]:
            # Every process tells, by and by, what it found in the database: the same number again changes nothing.
            heard[str(message["space"])] = message["seq"]
            generations.bump(f"space:{message['space']}", "spaces")
        elif topic == REVOKED and "space" in message:
            generations.bump(f"space:{message['space']}", "spaces")

    return hear


def install(parts: Parts) -> None:
    """Install both tables of listeners and the screening phases."""
    work.install(INSIDE, after(parts))
    screening.install(PHASES)


async def resolve(secret: str) -> Resolved | None:
    """Return who carries `secret`, with a new secret when a change of role asks for one."""
    found = await sessions.resolve(secret)
    if found is None:
        return None
    if not found.rotate:
        return Resolved(found.actor)
    renewed = await sessions.rotate(found.session_id)
    if renewed is None:
        return None
    return Resolved(replace(found.actor, session_id=sessions.session_id(renewed)), renewed)


WATCH_EVERY = 3.0
"""Seconds between two looks at the heads of the logs."""


async def watch(parts: Parts) -> None:
    """Notice what another process, such as the command line, has written, and tell this one's pages and followers; for ever."""
    known = await public_heads()
    while True:
        await asyncio.sleep(WATCH_EVERY)
        try:
            heads = await public_heads()
        except Exception:
            log.exception("the heads of the logs cannot be read")
            continue
        for space_id, seq in heads.items():
            if known.get(space_id) != seq:
                parts.generations.bump(f"space:{space_id}", "spaces")
                await parts.bus.publish("space", {"space": space_id, "seq": seq})
        known = heads
