"""Wiring: the only place that knows all packages. Which listeners hear which facts, in which order, is read here.

Inside the transaction: the record first (it numbers the fact), then moderation. After the commit: the page cache, before the answer
to the write leaves; then the live bus; then what concerns people.
"""

from dataclasses import dataclass, replace

from forum.db import work
from forum.db.work import After
from forum.discussions import live as discussions_live
from forum.discussions import screening
from forum.kernel.actors import Actor
from forum.kernel.events import FORUM_LOG, Fact
from forum.live.bus import Bus
from forum.people import sessions
from forum.record.appending import append
from forum.web.identity import Resolved
from forum.web.pagecache import Generations
from moderation.listeners import open_or_close_case
from moderation.live import announce
from moderation.screening import PHASES

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

    async def close_sockets(fact: Fact) -> None:
        if fact.subject is not None:
            await parts.bus.publish("revoked", {"person": fact.subject})

    return (
        ("", refresh_pages),
        ("", tell_followers),
        ("case.", announce(parts.bus)),
        ("person.suspended", close_sockets),
        ("role.", close_sockets),
    )


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


async def authorise(person_id: str | None, session_id: str | None, space_id: str) -> bool:
    """Return whether a follower may still follow: the session still opens, and the space may still be read."""
    if person_id is None or session_id is None:
        return await discussions_live.may_follow(Actor(), space_id)
    actor = await sessions.actor_of_session(session_id)
    return actor is not None and actor.person_id == person_id and await discussions_live.may_follow(actor, space_id)
