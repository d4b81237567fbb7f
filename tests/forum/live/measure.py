"""Fan-out and memory, roughly: `python -m tests.forum.live.measure [readers] [rounds]`. Prints figures, asserts nothing.

The same frame goes to all readers through a bare loop (write to each, no yield, nothing else) and through the whole live service
(bus, reading the store, projection, encoding, cast in chunks). The client is a process of its own; time runs to the last reader.
"""

import asyncio
import gc
import json
import os
import select
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from starlette.types import Receive, Scope, Send

from forum.live.protocol import EXTENSION, encode_text
from tests.forum.live.waiting import until
from tests.forum.live.world import World, serving

HANDSHAKE = (
    b"GET /live/spaces/s?since=0&lang=%s HTTP/1.1\r\nHost: forum.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept: */*\r\n"
    b"Accept-Language: en-US,en;q=0.5\r\nOrigin: http://forum.example\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT = "x" * 520


def client(port: int, readers: int) -> None:
    """Open the readers, then for each line "bytes" on stdin print when all of them had so many bytes more."""
    poll = select.epoll()
    sockets = {}
    for index in range(readers):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.sendall(HANDSHAKE % (b"en", b"fr", b"ar")[index % 3])
        opened.setblocking(False)
        poll.register(opened, select.EPOLLIN)
        sockets[opened.fileno()] = opened
        drain(poll, sockets, 0)
    print("open", flush=True)
    for line in sys.stdin:
        drain(poll, sockets, 0)
        print("ready", flush=True)
        missing = int(line) * readers
        while missing > 0:
            missing -= drain(poll, sockets, -1)
        print(time.monotonic_ns(), flush=True)


def drain(poll: select.epoll, sockets: dict[int, socket.socket], wait: float) -> int:
    return sum(len(sockets[number].recv(65_536)) for number, _ in poll.poll(wait, 4_096))


class Bare:
    """The yardstick: an application that keeps the write of every socket."""

    def __init__(self) -> None:
        self.writes: list[Callable[[bytes], bool]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.writes.append(scope["extensions"][EXTENSION])
        await receive()


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def rounds(world: World, readers: int, count: int, live: bool) -> tuple[list[float], float]:
    """Milliseconds to the last reader for each round, and bytes of memory for each idle reader."""
    bare = Bare()
    if not live:
        world.app = bare  # type: ignore[assignment]
    async with serving(world, ws_ping_interval=None) as served:
        before = resident()
        command = [sys.executable, "-m", __spec__.name, "client", str(served.port), str(readers)]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        assert process.stdin is not None
        assert process.stdout is not None
        await process.stdout.readline()
        await until(lambda: (world.live.hub.count("s") if live else len(bare.writes)) == readers, 60)
        await asyncio.sleep(6)  # past the first presence
        memory = (resident() - before) / readers
        found = []
        for number in range(1, count + 1):
            update = {"seq": number, "kind": "comment.published", "id": f"c{number}", "lang": "en", "text": TEXT}
            frame = encode_text(json.dumps(update, separators=(",", ":")))
            process.stdin.write(f"{len(frame)}\n".encode())
            await process.stdout.readline()
            began = time.monotonic_ns()
            await (world.store.append("s", TEXT) if live else loop(bare, frame))
            found.append((int(await process.stdout.readline()) - began) / 1e6)
            await asyncio.sleep(0.01)
        process.stdin.close()
        await process.wait()
    return found, memory


def loop(bare: Bare, frame: bytes) -> Awaitable[None]:
    for write in bare.writes:
        write(frame)
    return asyncio.sleep(0)


def measure(kind: str, readers: int, count: int) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found, memory = runner.run(rounds(World(), readers, count, kind == "live"))
    p50, p99 = statistics.median(found), statistics.quantiles(found, n=100)[98]
    print(f"{kind}: {readers} readers, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {memory / 1000:.1f} kB a reader", flush=True)


def main() -> None:
    match sys.argv[1:]:
        case ["client", port, readers]:
            client(int(port), int(readers))
        case [("bare" | "live") as kind, readers, count]:
            measure(kind, int(readers), int(count))
        case words:
            readers, count = [*words, "1000", "200"][:2] if len(words) != 1 else [*words, "200"]
            for kind in ("bare", "live") * 2:  # each in a fresh process: memory that one has freed must not serve the next
                subprocess.run([sys.executable, "-m", __spec__.name, kind, readers, count], check=True)


if __name__ == "__main__":
    main()
