"""SQLite with several writers: they wait for each other, and a failed beginning leaves nothing locked."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tortoise.exceptions import OperationalError

from forum.db.connect import writer
from forum.db.work import begin
from forum.people.models import Person
from tests.support import world

pytestmark = pytest.mark.sqlite

TURNS = 40
WRITER = f"""
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
print("ready", flush=True)
sys.stdin.readline()
for _ in range({TURNS}):
    other.execute("BEGIN IMMEDIATE")
    (name,) = other.execute("SELECT name FROM persons").fetchone()
    other.execute("UPDATE persons SET name = ?", (str(int(name) + 1),))
    other.execute("COMMIT")
other.close()
"""


async def count_up(times: int) -> None:
    """Read, then write, in one transaction: what a deferred one fails at when another process wrote in between."""
    for _ in range(times):
        async with begin():
            who = await Person.get()
            who.name = str(int(who.name) + 1)
            await who.save(update_fields=["name"])


async def test_two_processes_read_then_write_without_a_locked_database(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        await world.person("0")
        other = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "forum.sqlite3")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert other.stdin is not None
        assert other.stdout is not None
        with other:
            assert await asyncio.to_thread(other.stdout.readline) == b"ready\n"
            other.stdin.write(b"\n")
            other.stdin.flush()
            await asyncio.gather(count_up(TURNS // 2), count_up(TURNS // 2))
            assert await asyncio.to_thread(other.wait, 20) == 0
        assert (await Person.get()).name == str(2 * TURNS), "no turn was lost"


async def test_twenty_tasks_take_turns(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        await world.person("0")
        await asyncio.gather(*(count_up(1) for _ in range(20)))
        assert (await Person.get()).name == "20"


def held(path: Path) -> sqlite3.Connection:
    """Return another handle that holds the write lock of the file."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


async def test_a_beginning_that_fails_releases_the_lock(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        await world.person("0")
        await writer().execute_query("PRAGMA busy_timeout = 30")
        other = held(tmp_path / "forum.sqlite3")
        for _ in range(3):
            with pytest.raises(OperationalError):
                await asyncio.wait_for(count_up(1), 5)
        other.close()
        await asyncio.wait_for(count_up(1), 5)
        assert (await Person.get()).name == "1"


async def test_giving_up_while_waiting_to_begin_leaves_no_transaction_open(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        await world.person("0")
        other = held(tmp_path / "forum.sqlite3")
        waiting = asyncio.create_task(count_up(1))
        await asyncio.sleep(0.1)
        waiting.cancel()
        asyncio.get_running_loop().call_later(0.1, other.rollback)
        with pytest.raises(asyncio.CancelledError):
            await waiting
        # A write outside any transaction must be committed by itself: another handle sees it, and can write.
        await Person.filter(name="0").update(name="7")
        assert other.execute("SELECT name FROM persons").fetchall() == [("7",)]
        other.execute("BEGIN IMMEDIATE")
        other.close()


async def test_giving_up_inside_a_transaction_undoes_it(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        who = await world.person("0")
        inside = asyncio.Event()

        async def never_ends() -> None:
            async with begin():
                await Person.filter(id=who.id).update(name="1")
                inside.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(never_ends())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await Person.get()).name == "0"
        await asyncio.wait_for(count_up(1), 5)
