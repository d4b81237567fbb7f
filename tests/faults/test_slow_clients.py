"""F13: who drips headers, or connects and is silent, is closed by the forum itself, with no proxy before it; others notice nothing."""

import contextlib
import threading

import httpx2
import pytest

from tests.faults.wire import Wire, status
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults, pytest.mark.slow]
PAGE = f"/en/spaces/{SPACE}/questions/1"
DRIPPING, SILENT, SENDING = 60, 20, 20


def test_slow_clients_are_closed_and_nobody_waits_for_them(shared: Server) -> None:
    """With the bounds that ship: ten seconds for a head, twenty for a body that hardly moves."""
    with contextlib.ExitStack() as stack:
        dripping, silent, sending = (
            [stack.enter_context(Wire(shared)) for _ in range(number)] for number in (DRIPPING, SILENT, SENDING)
        )
        for wire in dripping:
            wire.give(b"GET / HTTP/1.1\r\nX-Slow: ")
        for wire in sending:
            wire.head("POST /api/v1/tokens", {"Content-Type": "application/json", "Content-Length": "5000"})
        over = threading.Event()
        seen: list[int] = []
        reading = threading.Thread(target=_read, args=(shared, over, seen))
        reading.start()
        waiting = {*dripping, *silent, *sending}
        try:
            while waiting and next(iter(waiting)).seconds < 45:
                for wire in [*waiting]:
                    if wire.answered() or (wire not in silent and not wire.give(b"x")):
                        waiting.discard(wire)
                over.wait(0.5)
        finally:
            over.set()
            reading.join()
        assert not waiting
        assert {status(wire.answer()) for wire in dripping + sending} <= {408, 0}
        assert {wire.answer() for wire in silent} == {b""}
    assert len(seen) > 50
    assert set(seen) == {200}
    assert "Traceback" not in shared.output()


def _read(server: Server, over: threading.Event, seen: list[int]) -> None:
    with httpx2.Client(base_url=server.url, timeout=10) as client:
        while not over.wait(0.1):
            seen.append(client.get(PAGE).status_code)
