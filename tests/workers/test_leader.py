"""Everything timed happens once, whoever does it, and whoever dies doing it."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forum import wiring
from forum.db.connect import connect, disconnect
from forum.discussions.models import SpaceState
from forum.kernel import clock
from forum.people.models import Person
from tests.support import world
from tests.support.server import Server, demo_server
from tests.support.stacks import apart
from tests.support.workers import Line, lines

pytestmark = [pytest.mark.server, pytest.mark.faults, pytest.mark.slow]
DUE = 60
SPACES = "'hall-%'"


async def announce(url: str) -> None:
    """Let there be announced spaces whose time to open has come, and open ones whose time is over, as many again."""
    await connect(url, wiring.APPS)
    try:
        moderator = await Person.filter(email="moderator@demo.example").get()
        now = clock.now()
        begun, over = now - timedelta(days=2), now - timedelta(seconds=1)
        for number in range(DUE):
            due: dict[str, Any] = {"opens_at": over, "state": SpaceState.ANNOUNCED.value}
            if number % 2:
                due = {"opens_at": begun, "closes_at": over, "state": SpaceState.OPEN.value}
            await world.space(f"hall-{number}", moderators=[moderator], questions=1, **due)
    finally:
        await disconnect()


def transitions(server: Server) -> list[tuple[str, str, int]]:
    """Return (address of the space, kind, how often) of all that the clock did."""
    sql = f"""
        SELECT spaces.slug, kind, COUNT(*) FROM record_entries JOIN spaces ON spaces.id = log_id
        WHERE slug LIKE {SPACES} AND kind IN ('space.opened', 'space.closed') GROUP BY spaces.slug, kind ORDER BY spaces.slug
    """
    return [(slug, kind, count) for slug, kind, count in server.rows(sql)]


def wait_for(server: Server, number: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while len(transitions(server)) < number:
        assert time.monotonic() < end, f"{len(transitions(server))} of {number}\n{server.output()}"
        time.sleep(0.01)


def leaders(server: Server) -> list[int]:
    with lines(server) as found:
        return [pid for pid, line in found.items() if line.metric("forum_leader") == "1"]


def test_the_leader_dies_in_the_middle_of_its_work(tmp_path: Path) -> None:
    with demo_server(tmp_path, stack="workers") as server:
        [leader] = leaders(server)
        apart(announce(server.settings()["FORUM_DATABASE_URL"]))
        wait_for(server, 3, 15)
        os.kill(leader, signal.SIGKILL)
        done = len(transitions(server))
        assert done < DUE, "it was killed in the middle"
        wait_for(server, DUE, 45)
        [successor] = leaders(server)
        assert successor != leader
        expected = {(f"hall-{n}", "space.closed" if n % 2 else "space.opened", 1) for n in range(DUE)}
        assert set(transitions(server)) == expected
        said = server.run("-m", "forum", "verify")
        assert all(line.endswith("whole") for line in said.strip().splitlines()), said
        assert "Traceback" not in server.output()


@contextlib.contextmanager
def beside(folder: Path, first: Server) -> Iterator[Server]:
    """Run a second server, on another port, on the database of the first."""
    env = {"FORUM_DATABASE_URL": first.settings()["FORUM_DATABASE_URL"]}
    server = Server(folder / "second", env, "serve")
    try:
        server.start()
        yield server
    finally:
        server.close()


def leads(server: Server) -> bool:
    line = Line(server)
    try:
        return line.metric("forum_leader") == "1"
    finally:
        line.close()


def test_a_frozen_leader_wakes_up_and_does_nothing_twice(tmp_path: Path) -> None:
    """Taken for dead in the middle of its work, it goes on where it stood while another leads already."""
    with demo_server(tmp_path, stack="postgres") as server, beside(tmp_path, server) as second:
        assert (leads(server), leads(second)) == (True, False)
        apart(announce(server.settings()["FORUM_DATABASE_URL"]))
        wait_for(server, 3, 15)
        os.kill(server.pid, signal.SIGSTOP)
        end = time.monotonic() + 30
        while not leads(second):
            assert time.monotonic() < end, "nobody took over"
            time.sleep(0.1)
        os.kill(server.pid, signal.SIGCONT)
        wait_for(second, DUE, 60)
        assert (leads(server), leads(second)) == (False, True)
        assert {count for _, _, count in transitions(second)} == {1}
