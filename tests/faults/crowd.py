"""A crowd of followers in a process of its own: each one keeps its place, checks the order, and comes back when it is cut off.

with crowd() as readers:
    opened = readers.ask("open", port=server.port, path=path, number=500)
    ...
    heard = readers.ask("hear", seq=12, seconds=10)

Commands and answers are lines of JSON; times are those of `time.monotonic`, which all processes of a machine share.
"""

import asyncio
import contextlib
import json
import random
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import uvloop

from tests.faults.seen import percentile
from tests.house.sources import ROOT

AT_ONCE = 100
LONGEST = 5.0
"""Seconds that one waits at most before it tries again."""
Json = dict[str, Any]


class Reader(asyncio.Protocol):
    """One follower: `last` is the number of the last update it has; it expects the next one to be `last` + 1."""

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.last = crowd.since
        self.times: dict[int, float] = {}
        self.gaps = self.doubles = self.resets = 0
        self.open = False
        self.code = 0
        self.tries = 0
        self._seen = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._seen.clear()
        head = [f"GET {self.crowd.path}&since={self.last} HTTP/1.1", f"Host: 127.0.0.1:{self.crowd.port}", "Upgrade: websocket"]
        head += ["Connection: Upgrade", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Version: 13", "", ""]
        self._transport.write("\r\n".join(head).encode())

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if not self.open:
            head, ended, rest = bytes(self._seen).partition(b"\r\n\r\n")
            if not ended:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.crowd.refused[head[9:12].decode()] += 1
                self.abort()
                return
            self.open, self.tries = True, 0
            self._seen = bytearray(rest)
        while (frame := self._frame()) is not None:
            self._hear(*frame)

    def _frame(self) -> tuple[int, bytes] | None:
        """Take the next whole frame away: opcode and payload."""
        seen = self._seen
        if len(seen) < 2:
            return None
        size, start = seen[1] & 127, 2
        if size > 125:
            start = 4 if size == 126 else 10
            if len(seen) < start:
                return None
            size = int.from_bytes(seen[2:start], "big")
        if len(seen) < start + size:
            return None
        opcode, payload = seen[0] & 15, bytes(seen[start : start + size])
        del seen[: start + size]
        return opcode, payload

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == 8:
            self.code = struct.unpack("!H", payload[:2])[0] if len(payload) > 1 else 1005
            self.abort()
        elif opcode == 9 and self._transport is not None:
            self._transport.write(bytes((0x8A, 0x80 | len(payload), 0, 0, 0, 0)) + payload)
        elif opcode == 1:
            self._update(json.loads(payload))

    def _update(self, frame: Json) -> None:
        if frame["kind"] == "reset":
            self.resets += 1
            self.last = frame["seq"]
        elif "seq" in frame and frame["kind"] != "hello":
            self.gaps += frame["seq"] > self.last + 1
            self.doubles += frame["seq"] <= self.last
            self.last = max(self.last, frame["seq"])
            self.times[frame["seq"]] = time.monotonic()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self.code:
            self.crowd.codes[str(self.code)] += 1
            self.code = 0
        self.crowd.lost += 1
        self.crowd.come_back(self)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class Crowd:
    """All of them, on one loop."""

    def __init__(self) -> None:
        self.port = self.since = self.lost = 0
        self.path = ""
        self.jitter = -1.0
        self.readers: list[Reader] = []
        self.refused: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, port: int, path: str, number: int, since: int, seconds: float = 60.0) -> Json:
        """Open followers that have everything up to `since`; after `seconds` go on with those that are in."""
        self.port, self.path, self.since = port, path, since
        began = time.monotonic()
        made = [Reader(self) for _ in range(number)]
        self.readers += made
        for start in range(0, number, AT_ONCE):
            await asyncio.gather(*map(self._connect, made[start : start + AT_ONCE]))
        while not all(one.open for one in made) and time.monotonic() < began + seconds:  # noqa: ASYNC110 - thousands, one look
            await asyncio.sleep(0.02)
        return {"seconds": time.monotonic() - began, **await self.state()}

    async def _connect(self, reader: Reader) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: reader, "127.0.0.1", self.port)
        except OSError as error:
            self.refused[type(error).__name__] += 1
            self.come_back(reader)

    def come_back(self, reader: Reader) -> None:
        """Try again by and by, when followers do."""
        if self.jitter >= 0:
            task = asyncio.get_running_loop().create_task(self._again(reader))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _again(self, reader: Reader) -> None:
        reader.tries += 1
        await asyncio.sleep(random.uniform(0, min(LONGEST, self.jitter * reader.tries)))
        await self._connect(reader)

    async def return_after(self, jitter: float) -> Json:
        """From now on whoever is cut off comes back within so many seconds, and later each time it fails."""
        self.jitter = jitter
        return {}

    async def hear(self, seq: int, seconds: float) -> Json:
        """Wait until everybody has update number `seq`; `times` are when half, 95 % and all of them had it."""
        end = time.monotonic() + seconds
        while any(one.last < seq for one in self.readers) and time.monotonic() < end:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
        found = [one.times[seq] for one in self.readers if seq in one.times] or [0.0]
        times = {"p50": percentile(found, 0.5), "p95": percentile(found, 0.95), "last": max(found)}
        return {"times": times, "have": sum(one.last >= seq for one in self.readers), **await self.state()}

    async def state(self) -> Json:
        """Count."""
        return {
            "open": sum(one.open for one in self.readers),
            "gaps": sum(one.gaps for one in self.readers),
            "doubles": sum(one.doubles for one in self.readers),
            "resets": sum(one.resets for one in self.readers),
            "lost": self.lost,
            "codes": dict(self.codes),
            "refused": dict(self.refused),
        }


class Asked:
    """The process of a crowd."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, what: str, **options: Any) -> Json:
        """Give a command, a method of `Crowd`, and return its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, options]) + "\n")
        self._process.stdin.flush()
        answer: Json = json.loads(self._process.stdout.readline())
        return answer


@contextlib.contextmanager
def crowd() -> Iterator[Asked]:
    """Run a crowd; all of it hangs up at the end."""
    command = [sys.executable, "-m", "tests.faults.crowd"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Asked(process)
        finally:
            process.kill()


async def main() -> None:
    made, loop, lines = Crowd(), asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        what, options = json.loads(line)
        print(json.dumps(await getattr(made, what)(**options)), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
