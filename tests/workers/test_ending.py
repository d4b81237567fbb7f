"""F7: the end in order, of one process and of several. Readiness first, then the socket, then the followers, and what has begun is done."""

import os
import signal
from pathlib import Path

import pytest

from tests.stories.people import Follower, socket_url
from tests.support.server import Server, demo_server
from tests.support.workers import connection_to, pids
from tests.workers.asking import asking, wait_for_readiness

pytestmark = [pytest.mark.server, pytest.mark.faults, pytest.mark.slow]
DRAIN = "3"


@pytest.mark.parametrize("stack", ["sqlite", "workers"])
def test_readiness_ends_first(tmp_path: Path, stack: str) -> None:
    """While `/readyz` answers 503 everything else is served as before; then followers are told to come back."""
    with demo_server(tmp_path, "serve", stack=stack, FORUM_DRAIN_SECONDS=DRAIN) as server:
        if stack == "workers":
            pids(server)
        follower = Follower(socket_url(server, 0))
        process = server.process
        assert process is not None
        with asking(server) as clients:
            process.send_signal(signal.SIGTERM)
            wait_for_readiness(server, 503)
            late = Follower(socket_url(server, 0))
            posted = server.api("delegate-a@demo.example").comment(1, "Before the doors close.")
        assert not [fault for one in clients for fault in one.faults]
        assert posted["state"] == "held"
        assert (follower.code, late.code) == (None, None)
        for one in (follower, late):
            assert one.wait(lambda it: it.code is not None)
            assert one.code == 1012
        assert process.wait(15) == 0, server.output()
        assert "Traceback" not in server.output()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("stack", ["sqlite", "workers"])
def test_the_end_comes_soon_and_in_order(tmp_path: Path, stack: str, number: signal.Signals) -> None:
    """Without a load balancer nobody waits; a second signal ends the wait for one."""
    with demo_server(tmp_path, stack=stack, FORUM_DRAIN_SECONDS="60" if number == signal.SIGTERM else "0") as server:
        processes = pids(server) if stack == "workers" else {server.pid}
        followers = [Follower(socket_url(server, 0), sock=connection_to(server, pid)) for pid in processes]
        assert hurried(server, number) == 0, server.output()
        for one in followers:
            assert one.wait(lambda it: it.code is not None)
            assert one.code == 1012
        assert "Traceback" not in server.output()
        assert not server.rows("SELECT name FROM leases"), "the next leader need not wait"


def hurried(server: Server, number: signal.Signals) -> int:
    if number == signal.SIGTERM:
        assert server.process is not None
        server.process.send_signal(number)
        wait_for_readiness(server, 503)
    return server.stop(number)


def test_a_frozen_worker_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with demo_server(tmp_path, stack="workers") as server:
        frozen, _ = pids(server)
        os.kill(frozen, signal.SIGSTOP)
        assert server.stop() == 0
        assert "is killed" in server.output()
