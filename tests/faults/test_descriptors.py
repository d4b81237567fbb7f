"""F18: more connections than the process may open: it lives, does not spin, and answers again when they are gone."""

import resource
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.faults.pair import until
from tests.faults.process import descriptors, limit, worked
from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.support.server import Server, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
LIMIT = 256
CONNECTIONS = 400
HELD = size(2.0, 10.0)


def test_out_of_descriptors(tmp_path: Path, seen: Seen) -> None:
    with demo_server(tmp_path) as server:
        limit(server.pid, resource.RLIMIT_NOFILE, LIMIT)
        with ExitStack() as stack:
            for _ in range(CONNECTIONS):
                opened = stack.enter_context(socket.socket())
                opened.settimeout(2)
                opened.connect(("127.0.0.1", server.port))
                opened.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            until(lambda: descriptors(server.pid) >= LIMIT - 8, 10, "it has all the descriptors that it may have")
            before, began = worked(server.pid), time.monotonic()
            time.sleep(HELD)
            share = (worked(server.pid) - before) / (time.monotonic() - began)
            seen.figure("F18", f"processor while {CONNECTIONS} connections meet {LIMIT} descriptors", 100 * share, "%", 50)
            assert share < 0.9, "it spins"
        released = time.monotonic()
        until(lambda: answers(server), 10, "it answers again")
        seen.took("F18", "recovered after the release", time.monotonic() - released, 2)
        server.api("delegate-a@demo.example").comment(1, "Written after the flood.")
        assert server.stop() == 0


def answers(server: Server) -> bool:
    try:
        return httpx2.get(f"{server.url}/en/", timeout=2, follow_redirects=True).status_code == 200
    except httpx2.HTTPError:
        return False
