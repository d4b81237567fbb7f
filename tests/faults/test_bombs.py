"""F14: frames that are too long, announced or sent; bodies that would be large if they were inflated."""

import struct
import time

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.faults.process import resident
from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.faults.test_oversize import targets
from tests.faults.wire import Wire, status
from tests.stories.people import Browser, socket_url
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
MEGABYTE = 1024 * 1024
BOMBS = size(5, 100)


def test_a_long_frame_closes_the_socket(shared: Server) -> None:
    for text, code in (("x" * 2000, 1009), ('{"kind": "ping"}' + " " * 2000, 1009), ("[" * 900, 1008), ("{}", 1008)):
        with connect(socket_url(shared), compression=None) as follower:
            follower.send(text)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    follower.recv(5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code, text[:20]


def test_bombs_are_refused_at_once(shared: Server, seen: Seen) -> None:
    """A frame of 64 MB is announced and begun; compression is offered and not taken."""
    before, slowest = resident(shared.pid), 0.0
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Extensions": "permessage-deflate"}
    for _ in range(BOMBS):
        with Wire(shared) as wire:
            wire.head(f"GET /live/spaces/{SPACE}", headers)
            assert wire.answered(5)
            began = time.monotonic()
            wire.give(bytes((0x81, 0xFF)) + struct.pack("!Q", 64 * MEGABYTE) + b"mask" + b"x" * 1000)
            found = b""
            while struct.pack("!H", 1009) not in found and time.monotonic() < began + 10:
                found += wire.socket.recv(65536)
            slowest = max(slowest, time.monotonic() - began)
            assert status(found) == 101
            assert b"permessage-deflate" not in found
            assert b"\x88" in found
    seen.took("F14", f"{BOMBS} frames of 64 MB announced: 1009 within", slowest, 1)
    more = resident(shared.pid) - before
    seen.figure("F14", "memory more than before", max(0.0, more), "MB", 10)
    assert more <= 20


def test_what_is_compressed_is_not_inflated(shared: Server) -> None:
    author = shared.api("delegate-a@demo.example")
    with Browser(shared, "delegate-a@demo.example") as browser:
        for path, headers in targets(author, browser, shared):
            for coding in ("gzip", "deflate", "br", "gzip, identity"):
                sent = {**headers, "Content-Encoding": coding}
                answer = browser.http.post(path, content=b"\x1f\x8b" + b"\0" * 1000, headers=sent)
                assert answer.status_code == 415, (path, coding)
