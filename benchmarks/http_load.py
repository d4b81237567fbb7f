"""An HTTP client that costs next to nothing: equal answers are counted by their bytes."""

import asyncio
import time
from dataclasses import dataclass

CONNECTIONS = 16
IN_FLIGHT = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """What was measured: answers a second by the clock, and by the server's own processor time."""

    per_second: float
    per_cpu_second: float


class _Reader(asyncio.Protocol):
    """Keeps IN_FLIGHT requests under way; all answers are equally long."""

    def __init__(self, request: bytes, size: int) -> None:
        self.request, self.size = request, size
        self.received = self.answered = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request * IN_FLIGHT)

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        answered = self.received // self.size
        if answered > self.answered and self.transport:
            self.transport.write(self.request * (answered - self.answered))
            self.answered = answered


async def first_answer(port: int, request: bytes) -> bytes:
    """Return one whole answer, head included; raises SystemExit unless it is 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"not a page: {head[:200]!r}")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    body = await reader.readexactly(length)
    writer.close()
    return head + body


def get(path: str, *headers: str) -> bytes:
    """Return the bytes of a GET request."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def measure(port: int, request: bytes, seconds: float) -> tuple[int, int]:
    """Ask again and again for `seconds` and return (answers, bytes of one answer)."""
    await first_answer(port, request)
    size = len(await first_answer(port, request))
    loop = asyncio.get_running_loop()
    readers = [_Reader(request, size) for _ in range(CONNECTIONS)]
    for reader in readers:
        await loop.create_connection(lambda reader=reader: reader, "127.0.0.1", port)  # type: ignore[misc]
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    answered, took = sum(reader.answered for reader in readers), time.perf_counter() - began
    for reader in readers:
        if reader.transport:
            reader.transport.abort()
    return int(answered / took * seconds), size
