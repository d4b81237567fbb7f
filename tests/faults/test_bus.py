"""F4: Valkey dies under a running forum. Posting goes on, readiness says so, limits do not open, and afterwards all is as before."""

import time
from pathlib import Path

import httpx2
import pytest

from tests.support.server import Server, demo_server
from tests.support.valkey import valkey_server

pytestmark = [pytest.mark.server, pytest.mark.faults]


def readiness(server: Server) -> str:
    answer = httpx2.get(f"{server.url}/readyz")
    assert answer.status_code == 200
    return answer.text


def wait_for(server: Server, text: str) -> None:
    end = time.monotonic() + 5
    while not readiness(server).startswith(text):
        assert time.monotonic() < end, f"never {text}:\n{server.output()}"
        time.sleep(0.05)


def refused(server: Server, times: int) -> int:
    """Return how many of so many wrong passwords were refused as too many."""
    data = {"email": "delegate-b@demo.example", "password": "a wrong pass phrase"}
    answers = [httpx2.post(f"{server.url}/api/v1/tokens", json=data).status_code for _ in range(times)]
    return answers.count(429)


def test_valkey_dies_and_comes_back(tmp_path: Path) -> None:
    with valkey_server() as valkey, demo_server(tmp_path, FORUM_BUS_URL=valkey.url, FORUM_RATE_LIMITS="on") as server:
        assert readiness(server) == "ok\n"
        delegate = server.api("delegate-a@demo.example")
        delegate.comment(1, "While Valkey is well.")
        valkey.kill()
        wait_for(server, "degraded")
        slowest = 0.0
        for number in range(5):
            began = time.monotonic()
            delegate.comment(1, f"Without Valkey, {number}.")
            slowest = max(slowest, time.monotonic() - began)
        assert slowest < 1.0
        assert refused(server, 40) >= 36, "of ten a process grants two, and there may be two processes"
        valkey.start()
        wait_for(server, "ok")
        delegate.comment(1, "Valkey is back.")
        assert server.stop() == 0
        assert "Traceback" not in server.output()
