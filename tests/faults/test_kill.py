"""kill -9 while six writers post: what was acknowledged is there once, what was not can be sent again under the same key."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.faults.writing import check_all_there, check_whole, read_only, until_written, writers
from tests.house.sources import ROOT
from tests.support.server import SPACE, Server, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]


async def test_kill_while_posting(tmp_path: Path, seen: Seen) -> None:
    with demo_server(tmp_path) as server:
        async with writers(server) as made:
            running = [asyncio.create_task(writer.write()) for writer in made]
            await until_written(made, size(30, 300))
            await asyncio.to_thread(server.kill)
            await asyncio.wait_for(asyncio.gather(*running), 20)
            assert sum(len(writer.unknown) for writer in made) >= 1, "it was killed while they wrote"
            assert not any(writer.refused for writer in made)
            began = time.monotonic()
            await asyncio.to_thread(server.start)
            seen.took("F1", "ready after the start", time.monotonic() - began, 3)
            await check_all_there(server, made)
            taken, unknown = (
                sum(map(len, sets)) for sets in zip(*((one.acknowledged, one.unknown) for one in made), strict=True)
            )
            seen.note("F1", f"killed while 6 writers posted: {taken} acknowledged, {unknown} unanswered; 0 lost, 0 doubled")
        check_whole(server)
        assert "Traceback" not in server.output()


def loading(database: Path) -> list[Path]:
    """The files of a demonstration that is not complete yet."""
    return list(database.parent.glob(f"{database.name}.*.loading/{database.name}"))


def kill_while_it_loads(server: Server, seconds: float) -> None:
    """Start, and kill `seconds` after the first people are there."""
    command = [sys.executable, "-m", "forum", "demo", "--port", str(server.port)]
    process = subprocess.Popen(command, cwd=ROOT, env=server.settings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(1000):
        time.sleep(0.02)
        with contextlib.suppress(sqlite3.Error, IndexError), read_only(loading(server.database)[-1]) as database:
            if database.execute("SELECT COUNT(*) FROM persons").fetchone() != (0,):
                break
    time.sleep(seconds)
    process.kill()
    process.wait()
    assert not server.database.exists(), "it is there before it is complete"


def test_a_first_start_that_was_killed_begins_anew(tmp_path: Path) -> None:
    """Whoever stops the first start half-way has a whole demonstration at the second."""
    server = Server(tmp_path / "new.sqlite3", {})
    try:
        for seconds in (0.0, 0.25):
            kill_while_it_loads(server, seconds)
        server.start()
        assert server.api().ask("GET", f"/spaces/{SPACE}")["counts"]["comments"] == 30
        check_whole(server)
    finally:
        server.close()
