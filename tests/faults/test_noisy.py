"""F22: one space is asked for without pause; another one is read as before."""

import asyncio
import time

import pytest

from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
RATE = size(100, 200)
SECONDS = size(1.5, 15.0)
NOISY = f"/en/spaces/{SPACE}/questions"
QUIET = "/en/spaces/imrf-2022-rt4"
CONNECTIONS = 8


class Line:
    """One kept connection on which pages are fetched, at next to no cost."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.statuses: set[int] = set()

    async def open(self) -> "Line":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        return self

    async def get(self, path: str) -> float:
        """Fetch a page and return the seconds it took."""
        began = time.monotonic()
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        self.statuses.add(int(head[9:12]))
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await self._reader.readexactly(length)
        return time.monotonic() - began

    def close(self) -> None:
        self._writer.close()


async def reading(line: Line, seconds: float) -> list[float]:
    """Fetch the quiet space now and then; return the times."""
    took: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        took.append(await line.get(f"{QUIET}?page={len(took)}"))
        await asyncio.sleep(0.03)
    return took


async def noise(line: Line, over: asyncio.Event, pause: float) -> int:
    """Fetch the noisy space at a fixed pace, a page that nobody keeps every time; return how often."""
    number = 0
    while not over.is_set():
        began = time.monotonic()
        await line.get(f"{NOISY}/{1 + number % 3}?q={id(line)}-{number}")
        number += 1
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))
    return number


async def test_one_noisy_space(shared: Server, seen: Seen) -> None:
    lines = [await Line(shared).open() for _ in range(CONNECTIONS + 1)]
    usual = await reading(lines[0], SECONDS)
    over = asyncio.Event()
    noisy = [asyncio.create_task(noise(line, over, CONNECTIONS / RATE)) for line in lines[1:]]
    began = time.monotonic()
    meanwhile = await reading(lines[0], SECONDS)
    over.set()
    asked = sum(await asyncio.gather(*noisy)) / (time.monotonic() - began)
    for line in lines:
        assert line.statuses == {200}
        line.close()
    ratio = percentile(meanwhile, 0.95) / percentile(usual, 0.95)
    seen.figure("F22", f"{asked:.0f} requests/s on one space: p95 of another, times the usual", ratio, "×", 2)
    seen.took("F22", "p95 of the other space meanwhile", percentile(meanwhile, 0.95), 0.3)
