"""Wiring: the only place that knows all packages. Which listeners hear which facts, in which order, is read here.

Inside the transaction: the record first (it numbers the fact), then moderation with what it tells authors, then the index
of the search. After the commit: the page
cache, before the answer to the write leaves; then the live bus; then what concerns people.
"""

import asyncio
import logging
from dataclasses import dataclass, replace

from forum.db import work
from forum.db.work import After
from forum.discussions import cautions, screening
from forum.discussions.indexing import index_comment, index_question, index_space
from forum.discussions.subjects import subjects
from forum.discussions.views.founding import install_tabs
from forum.kernel.events import FORUM_LOG, Fact
from forum.kernel.messages import N_
from forum.live.bus import RESYNC, REVOKED, SPACE, Bus, Listener, Message
from forum.notices import kinds, sources
from forum.people import sessions
from forum.people.reaching import recipient
from forum.record.appending import append
from forum.record.reading import Head, heads, kinds_since
from forum.web.generations import Generations
from forum.web.identity import Resolved
from moderation.appeals.cautions import caution as appeals_caution
from moderation.figures.keeping import keep as keep_figures
from moderation.listeners import open_or_close_case
from moderation.live import announce
from moderation.noticing import KINDS, LISTENERS
from moderation.reporting import open_report
from moderation.sanctions.listeners import end_with_account
from moderation.screening import PHASES, hints
from moderation.similar.keeping import keep_signature

log = logging.getLogger(__name__)

APPS = {
    "forum": {
        "models": [
            "forum.db.models",
            "forum.record.models",
            "forum.notices.models",
            "forum.people.models",
            "forum.discussions.models",
            "forum.discussions.flags",
        ],
        "default_connection": "default",
        "migrations": "forum.db.migrations",
    },
    "moderation": {
        "models": [
            "moderation.models",
            "moderation.rules.models",
            "moderation.sanctions.models",
            "moderation.queue.models",
            "moderation.figures.models",
            "moderation.screening.models",
            "moderation.similar.models",
        ],
        "default_connection": "default",
        "migrations": "moderation.migrations",
    },
}
"""The models of both packages, for Tortoise."""

INSIDE = (
    ("", append),
    ("", keep_figures),
    ("comment.", open_or_close_case),
    ("person.restored", end_with_account),
    ("comment.flagged", open_report),
    *LISTENERS,
    ("comment.", keep_signature),
    ("comment.", index_comment),
    ("space.", index_space),
    ("question.", index_question),
)
"""Listeners inside the transaction, in order: (beginning of the fact's kind, listener)."""
TABS = (("/rules", N_("Rules of moderation")),)
"""What the secretariat finds about a space beside the forum's own pages."""
ON_PAGES = ("space.", "question.")
"""Beginnings of the kinds that public pages show without being public entries."""
RIGHTS = ("person.suspended", "person.restricted", "person.unrestricted", "role.", "space.rewritten", "desk.changed")
"""Beginnings of the kinds after which somebody may follow less than before, or more."""


class Pages:
    """Lets go of the pages of a space, once for each public number of it that this process comes to know, whoever tells it."""

    def __init__(self, generations: Generations) -> None:
        self.generations = generations
        self._known: dict[str, int] = {}

    def reached(self, space_id: str, seq: int) -> bool:
        """Note that a space has come to `seq`; False when that was known."""
        if self._known.get(space_id) == seq:
            return False
        self._known[space_id] = seq
        self.changed(space_id)
        return True

    def changed(self, space_id: str) -> None:
        """Note that something of a space that has no public number has changed: its name, its questions, who may read it."""
        self.generations.bump(f"space:{space_id}", "spaces")


@dataclass(frozen=True, slots=True)
class Parts:
    """What listeners after the commit act on."""

    bus: Bus
    pages: Pages


def after(parts: Parts) -> tuple[tuple[str, After], ...]:
    """Return the listeners after the commit, in order."""

    async def refresh_pages(fact: Fact) -> None:
        # Only what the public can see changes a public page; a held comment must not even touch it.
        if fact.log == FORUM_LOG:
            return
        if fact.public_seq is not None:
            parts.pages.reached(fact.log, fact.public_seq)
        elif fact.public or fact.kind.startswith(ON_PAGES):
            parts.pages.changed(fact.log)

    async def tell_followers(fact: Fact) -> None:
        if fact.public_seq is not None:
            await parts.bus.publish("space", {"space": fact.log, "seq": fact.public_seq})

    async def ask_rights_again(fact: Fact) -> None:
        await _ask_rights_again(parts.bus, fact.kind, fact.log, fact.subject)

    return (
        ("", refresh_pages),
        ("", tell_followers),
        ("case.", announce(parts.bus)),
        *((kind, ask_rights_again) for kind in RIGHTS),
    )


async def _ask_rights_again(bus: Bus, kind: str, log_id: str, subject: str | None) -> None:
    # What a space's log says of a person concerns that person alone: thousands of followers need not be asked.
    if log_id != FORUM_LOG and not kind.startswith("person."):
        await bus.publish(REVOKED, {"space": log_id})
    elif subject is not None:
        await bus.publish(REVOKED, {"person": subject})


def page_listener(pages: Pages) -> Listener:
    """Return a listener of the bus that lets go of the pages other processes have changed; it must hear before the followers do."""

    def hear(topic: str, message: Message) -> None:
        if topic == RESYNC:
            pages.generations.bump_all()
        elif topic == SPACE:
            pages.reached(str(message["space"]), int(message["seq"]))
        elif topic == REVOKED and "space" in message:
            pages.changed(str(message["space"]))

    return hear


def install(parts: Parts) -> None:
    """Install both tables of listeners, the screening phases and the notices."""
    work.install(INSIDE, after(parts))
    screening.install(PHASES, hints)
    cautions.install(appeals_caution)
    install_tabs(TABS)
    install_notices()


def install_notices() -> None:
    """Install the kinds of notices and whom they ask."""
    kinds.install(KINDS)
    sources.install(recipient, subjects)


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


WATCH_EVERY = 1.5
"""Seconds between two looks at the heads of the logs: who was suspended on the command line follows for two seconds more at most."""
WATCHED = 1000
"""Entries of a log that are looked through; after more than that everybody's right is asked again anyway, by and by."""


async def watch(parts: Parts) -> None:
    """Notice what another process, such as the command line, has written, and tell this one's pages and followers; for ever."""
    known: dict[str, Head] | None = None
    while True:
        try:
            found = await heads()
            for log_id, head in found.items() if known is not None else ():
                before = (known or {}).get(log_id, Head(0, 0))
                if before != head:
                    await _notice(parts, log_id, before, head)
            known = found
        except Exception:
            log.exception("the heads of the logs cannot be read")
        await asyncio.sleep(WATCH_EVERY)


async def _notice(parts: Parts, log_id: str, before: Head, head: Head) -> None:
    """Let pages and followers know of the entries after `before`, whoever has written them."""
    news = await kinds_since(log_id, before.seq, WATCHED)
    told = head.public_seq != before.public_seq
    if told:
        parts.pages.reached(log_id, head.public_seq)
    elif log_id != FORUM_LOG and any(kind.startswith(ON_PAGES) for kind, _ in news):
        parts.pages.changed(log_id)
    if told:
        await parts.bus.publish(SPACE, {"space": log_id, "seq": head.public_seq})
    for kind, subject in news:
        if kind.startswith(RIGHTS):
            await _ask_rights_again(parts.bus, kind, log_id, subject)
