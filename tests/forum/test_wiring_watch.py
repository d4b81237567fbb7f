"""What another process has written is noticed by the one that serves: pages are let go of, rights are asked again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from forum import wiring
from forum.discussions import founding
from forum.discussions.forms import QuestionForm
from forum.kernel.actors import Role
from forum.live.bus import REVOKED, Message
from forum.live.memory import MemoryBus
from forum.people import accounts, roles
from forum.web.generations import Generations, Moment
from tests.support import world


class Watching:
    """A process that watches; nothing tells it what is written but the record."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Message]] = []
        self.parts = wiring.Parts(MemoryBus(), wiring.Pages(Generations()))

    def hear(self, topic: str, message: Message) -> None:
        self.heard.append((topic, message))

    async def hears(self, topic: str, message: Message) -> None:
        """Wait for a message."""
        async with asyncio.timeout(10):
            while (topic, message) not in self.heard:  # noqa: ASYNC110 - the watch sleeps too
                await asyncio.sleep(0.02)

    async def lets_go(self, name: str, before: Moment) -> None:
        """Wait until the pages that carry `name` are let go of."""
        async with asyncio.timeout(10):
            while self.parts.pages.generations.unchanged([name], before):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)


@pytest.fixture
async def watching(tmp_path: Path) -> AsyncIterator[Watching]:
    async with world.database(tmp_path):
        made = Watching()
        made.parts.bus.subscribe(made.hear)
        await made.parts.bus.start()
        task = asyncio.create_task(wiring.watch(made.parts))
        await asyncio.sleep(0.2)  # it has looked once
        yield made
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_what_is_written_elsewhere_is_noticed(watching: Watching) -> None:
    clerk = await world.actor_for(await world.person("Clerk", secretariat=True))
    mona = await world.person("Mona")
    hall = await world.space("hall", moderators=[mona])
    before = watching.parts.pages.generations.now
    await founding.set_question(clerk, hall.id, QuestionForm(number=1, text={"en": "Asked anew?"}))
    await watching.lets_go(f"space:{hall.id}", before)
    await roles.revoke(mona.id, hall.id, Role.MODERATOR, clerk)
    await watching.hears(REVOKED, {"person": mona.id})
    watching.heard.clear()
    nora = await world.person("Nora")
    await accounts.suspend(nora.id, clerk)
    await watching.hears(REVOKED, {"person": nora.id})
    assert watching.heard == [(REVOKED, {"person": nora.id})], "each entry is noticed once"
