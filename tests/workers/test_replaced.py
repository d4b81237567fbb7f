"""Workers come and go while people read and write: nobody is refused, nobody is cut off, followers miss nothing."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from forum.workers import APP, Plan
from tests.house.sources import ROOT
from tests.stories.people import Follower, socket_url
from tests.support import postgres
from tests.support.ports import free_port
from tests.support.server import SPACE, Server, demo_server
from tests.support.workers import connection_to, lines, pids
from tests.workers.asking import asking

pytestmark = [pytest.mark.server, pytest.mark.faults, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo_server(tmp_path_factory.mktemp("replaced"), stack="workers", FORUM_DRAIN_SECONDS="2") as running:
        yield running


def publish(server: Server, number: int) -> None:
    author, moderator = server.api("delegate-a@demo.example"), server.api("moderator@demo.example")
    for _ in range(number):
        moderator.decide(author.comment(3, "While workers come and go.")["id"])


def head(server: Server) -> int:
    return int(server.api().ask("GET", f"/spaces/{SPACE}")["seq"])


def wait_until_replaced(server: Server, before: set[int]) -> set[int]:
    """Wait until two workers answer, none of whom was there before."""
    end = time.monotonic() + 60
    while alive(before):
        assert time.monotonic() < end, f"still there: {alive(before)}\n{server.output()}"
        time.sleep(0.05)
    after = pids(server)
    assert not after & before
    return after


def alive(processes: set[int]) -> set[int]:
    return {pid for pid in processes if os.path.exists(f"/proc/{pid}")}


def test_a_reload_harms_nobody(server: Server) -> None:
    before = pids(server)
    start = head(server)
    followers = [Follower(socket_url(server, start), sock=connection_to(server, pid)) for pid in before for _ in range(2)]
    publish(server, 1)
    assert all(one.reaches(start + 1) for one in followers)
    # Readiness too: no load balancer need know of a reload, however long it is given at the end.
    with asking(server, "/readyz") as clients:
        os.kill(server.pid, signal.SIGHUP)
        publish(server, 3)
        wait_until_replaced(server, before)
        publish(server, 1)
    assert not [fault for one in clients for fault in one.faults], "nobody was refused or cut off"
    assert all(one.answered > 10 for one in clients)
    for one in followers:
        assert one.wait(lambda it: it.code is not None)
        assert one.code == 1012
        again = Follower(socket_url(server, one.seqs()[-1]))
        assert again.reaches(start + 5)
        assert one.seqs() + again.seqs() == list(range(start + 1, start + 6)), "no gap, nothing twice"
        again.close()
    assert "Traceback" not in server.output()


def test_a_worker_that_is_killed_is_replaced(server: Server) -> None:
    before = pids(server)
    victim, witness = sorted(before)
    start = head(server)
    lost = Follower(socket_url(server, start), sock=connection_to(server, victim))
    kept = Follower(socket_url(server, start), sock=connection_to(server, witness))
    os.kill(victim, signal.SIGKILL)
    assert lost.wait(lambda one: one.code is not None)
    publish(server, 2)
    assert kept.reaches(start + 2)
    again = Follower(socket_url(server, start))
    assert again.reaches(start + 2)
    after = pids(server)
    assert witness in after
    assert victim not in after
    assert kept.code is None, "nobody else notices"
    kept.close()
    again.close()


def test_a_worker_is_replaced_while_the_database_is_away(server: Server) -> None:
    """The new one waits for it: the forum does not end because both happen at once."""
    before = pids(server)
    database = postgres.shared()
    database.kill()
    try:
        os.kill(min(before), signal.SIGKILL)
        end = time.monotonic() + 30
        while "the database does not answer yet" not in server.output():
            assert time.monotonic() < end, server.output()
            time.sleep(0.05)
        assert server.api().http.get("/healthz").status_code == 200, "the other one is there"
    finally:
        database.start()
    with lines(server) as found:
        assert max(before) in found
        [new] = set(found) - before
        assert found[new].ask("GET", f"/api/v1/spaces/{SPACE}").status == 200


def test_workers_are_added_and_taken_away(server: Server) -> None:
    os.kill(server.pid, signal.SIGTTIN)
    three = pids(server, 3)
    os.kill(server.pid, signal.SIGTTOU)
    end = time.monotonic() + 20
    while len(alive(three)) > 2:
        assert time.monotonic() < end, "nobody left"
        time.sleep(0.05)
    assert pids(server) < three


@pytest.mark.parametrize("app", [APP, "forum.workers:nothing_of_the_kind"])
def test_a_worker_that_cannot_start_ends_the_parent(server: Server, app: str) -> None:
    """Not an endless loop: settings that the parent took and no worker can use, and a program that is not there."""
    plan = Plan(
        app=app, host="127.0.0.1", port=free_port(), workers=2, trusted_proxies="", drain_seconds=0, log_level=logging.INFO
    )
    env = server.settings() | {"FORUM_DATABASE_URL": "sqlite://"}
    command = [sys.executable, "-m", "forum.workers", plan.as_text()]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "failed to start, stopping the parent process" in done.stderr
    assert done.stderr.endswith("The lines above say why.\n")


def test_workers_do_not_outlive_their_parent(server: Server) -> None:
    before = pids(server)
    server.stop(signal.SIGKILL)
    end = time.monotonic() + 15
    while alive(before):
        assert time.monotonic() < end, f"orphans: {alive(before)}"
        time.sleep(0.05)
    server.start()
    assert len(pids(server)) == 2
