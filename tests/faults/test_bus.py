"""F4: Valkey dies under a running forum. Posting goes on, readiness says so, limits do not open, and afterwards all is as before."""

import time
from pathlib import Path

import httpx2
import pytest

from tests.faults.pair import wait_for_readiness
from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.support.server import Server, demo_server
from tests.support.valkey import valkey_server

pytestmark = [pytest.mark.server, pytest.mark.faults]


def refused(server: Server, times: int) -> int:
    """Return how many of so many wrong passwords were refused as too many."""
    data = {"email": "delegate-b@demo.example", "password": "a wrong pass phrase"}
    answers = [httpx2.post(f"{server.url}/api/v1/tokens", json=data).status_code for _ in range(times)]
    return answers.count(429)


def test_valkey_dies_and_comes_back(tmp_path: Path, seen: Seen) -> None:
    with valkey_server() as valkey, demo_server(tmp_path, FORUM_BUS_URL=valkey.url, FORUM_RATE_LIMITS="on") as server:
        wait_for_readiness(server, "ok")
        delegate = server.api("delegate-a@demo.example")
        delegate.comment(1, "While Valkey is well.")
        valkey.kill()
        wait_for_readiness(server, "degraded")
        slowest = 0.0
        for number in range(5):
            began = time.monotonic()
            delegate.comment(1, f"Without Valkey, {number}.")
            slowest = max(slowest, time.monotonic() - began)
        assert slowest < 1.0
        times = size(40, 100)  # of ten a process grants two, and there may be two processes
        found = refused(server, times)
        seen.note("F4", f"without Valkey: {found} of {times} wrong passwords refused unasked")
        assert found >= 0.9 * times
        valkey.start()
        wait_for_readiness(server, "ok")
        delegate.comment(1, "Valkey is back.")
        assert server.stop() == 0
        assert "Traceback" not in server.output()
