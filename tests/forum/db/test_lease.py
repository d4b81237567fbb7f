"""The lease of the one leader, on a real PostgreSQL; on SQLite it is always ours."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum import wiring
from forum.db import reading
from forum.db.connect import connect, disconnect, writer
from forum.db.lease import Lease
from forum.kernel import clock
from tests.support import postgres, world

pytestmark = pytest.mark.server
LONG = 60.0


@pytest.fixture
async def database() -> AsyncIterator[None]:
    await connect(await postgres.new_database(), wiring.APPS)
    try:
        yield
    finally:
        await disconnect()


async def table() -> list[tuple[str, str]]:
    return [(row["name"], row["holder"]) for row in await reading.rows("SELECT name, holder FROM leases")]


async def end_of(lease: Lease, seconds: float) -> None:
    """Let the lease end so many seconds from now, by the clock of the database."""
    sql = "UPDATE leases SET until = extract(epoch FROM clock_timestamp()) + ? WHERE name = ?"
    assert await reading.execute(sql, [seconds, lease.name], writer()) == 1


@pytest.mark.usefixtures("database")
class TestOnPostgres:
    async def test_of_twenty_at_once_one_holds(self) -> None:
        leases = [Lease("work", LONG) for _ in range(20)]
        assert not any(lease.held for lease in leases)
        got = await asyncio.gather(*(lease.hold() for lease in leases))
        assert got.count(True) == 1
        assert [lease.held for lease in leases] == got
        assert await table() == [("work", leases[got.index(True)].holder)]

    async def test_the_holder_renews_and_nobody_else_takes(self) -> None:
        one, other = Lease("work", LONG), Lease("work", LONG)
        assert await one.hold()
        for _ in range(3):
            assert not await other.hold()
            assert await one.hold()
        assert (one.held, other.held) == (True, False)

    async def test_leases_of_other_names_are_other_leases(self) -> None:
        assert await Lease("work", LONG).hold()
        assert await Lease("other work", LONG).hold()

    async def test_who_lets_go_is_followed_at_once(self) -> None:
        one, other = Lease("work", LONG), Lease("work", LONG)
        assert await one.hold()
        await other.release()
        assert not await other.hold(), "only the holder lets go"
        await one.release()
        assert not one.held
        assert await other.hold()
        assert not await one.hold()

    async def test_a_dead_holder_is_followed_when_its_time_is_over(self) -> None:
        dead, heir = Lease("work", LONG), Lease("work", LONG)
        assert await dead.hold()
        await end_of(dead, 5)
        assert not await heir.hold()
        await end_of(dead, -0.001)
        assert await heir.hold()
        assert not await dead.hold(), "one that wakes up again learns that it is over"
        assert not dead.held

    async def test_a_holder_that_hears_nothing_counts_by_itself(self) -> None:
        lease = Lease("work", 0.05)
        assert await lease.hold()
        await asyncio.sleep(0.06)
        assert not lease.held

    async def test_clocks_of_machines_do_not_matter(self) -> None:
        """Nor does it when that of the database was set back by a year."""
        one, other = Lease("work", LONG), Lease("work", LONG)
        assert await one.hold()
        with clock.running(lambda: datetime(2050, 1, 1, tzinfo=UTC)):
            assert not await other.hold()
        await end_of(one, 365 * 86400)
        assert await other.hold()


async def test_on_sqlite_nobody_waits_for_one_that_crashed(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        crashed, next_one = Lease("work"), Lease("work")
        assert await crashed.hold()
        assert await next_one.hold()
        assert next_one.held
        await next_one.release()
        assert not next_one.held
