"""`python -m benchmarks.load`: carries out one command a line until its standard input ends."""

import asyncio
import contextlib
import json
import random
import resource
import sys
import threading
import time
from itertools import cycle, islice
from typing import Any

import uvloop

from benchmarks.load import http
from benchmarks.load.sockets import Count, Follower, Resumer, open_all

Json = dict[str, Any]
SETTLE = 0.03
"""Seconds between two casts: what the last one left behind in buffers is gone."""


class Load:
    """The commands. Each takes and returns what JSON can hold; requests travel as text in Latin 1."""

    def __init__(self) -> None:
        self.groups: dict[str, tuple[list[Follower], Count]] = {}
        self.pulses: dict[str, http.Pulse] = {}

    async def ask(self, port: int, requests: list[str], **how: Any) -> Json:
        """Ask `requests` round and round on `connections` for `seconds`; with `total`, that many requests and no more."""
        given = [one.encode("latin-1") for one in requests]
        connections, total = how.get("connections", 16), how.get("total")
        endless = cycle(given)
        shared = endless if total is None else islice(endless, total)
        askers = await http.open_askers(port, [shared] * connections, how.get("in_flight", 4))
        took = await http.run(askers, how.get("seconds"))
        statuses: dict[str, int] = {}
        for asker in askers:
            for status, count in asker.statuses.items():
                statuses[status] = statuses.get(status, 0) + count
        times = [one for asker in askers for one in asker.times]
        received = sum(asker.received for asker in askers)
        return {"answers": len(times), "seconds": took, "times": times, "statuses": statuses, "bytes": received}

    async def follow(self, group: str, port: int, path: str, number: int) -> Json:
        """Open so many followers, kept under the name `group`."""
        count = Count()
        followers = [Follower(path, port, count) for _ in range(number)]
        self.groups[group] = followers, count
        await open_all(followers, port, count, number)
        return {"opened": count.opened}

    async def cast(self, group: str, port: int, request: str, mark: str, times: int) -> Json:
        """Send `request` so many times, each with its number for `#####`; return the milliseconds to the first and to the last
        follower that heard `mark`, counted from sending, and the bytes of one frame.
        """
        followers, count = self.groups[group]
        [asker] = await http.open_askers(port, [iter(())])
        first, last, size = [], [], 0
        for number in range(times):
            before = followers[0].received
            count.expect(mark.replace("#####", f"{number:05d}").encode(), len(followers))
            asker.requests = iter([request.replace("#####", f"{number:05d}").encode("latin-1")])
            began = time.perf_counter()
            asker.ask()
            async with asyncio.timeout(20):
                await count.all_heard.wait()
            first.append((count.first - began) * 1000)
            last.append((count.last - began) * 1000)
            await asyncio.sleep(SETTLE)
            size = followers[0].received - before
        asker.abort()
        return {"first": first, "last": last, "size": size, "statuses": dict(asker.statuses), "lost": count.lost}

    async def storm(self, group: str, port: int, paths: list[str], jitter: float, until: int) -> Json:
        """Let one come back on each path, at a random moment within `jitter` seconds, and wait until each has update `until`."""
        count = Count()
        count.expect(f'{{"seq":{until},'.encode(), len(paths))
        chance, loop, began = random.Random(7), asyncio.get_running_loop(), time.perf_counter()
        resumers: list[Follower] = []

        async def come_back(path: str, after: float) -> None:
            await asyncio.sleep(after)
            one = Resumer(path, port, count)
            resumers.append(one)
            await loop.create_connection(lambda: one, "127.0.0.1", port)

        await asyncio.gather(*(come_back(path, chance.random() * jitter) for path in paths))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(60):
                await count.all_heard.wait()
        self.groups[group] = resumers, count
        back = [one for one in resumers if isinstance(one, Resumer)]
        return {
            "resumed": sum(one.resumed > 0 for one in back),
            "seconds": max(one.resumed for one in back) - began,
            "each": [(one.resumed - one.began) * 1000 for one in back if one.resumed],
            "bytes": sum(len(one.kept) for one in back),
            "lost": count.lost,
        }

    async def numbers(self, group: str, until: int) -> Json:
        """Wait until all who came back have update `until`, ten seconds at most; the numbers of the updates each was sent."""
        back = [one for one in self.groups[group][0] if isinstance(one, Resumer)]
        end = time.monotonic() + 10
        while time.monotonic() < end and not all(one.has(until) for one in back):  # noqa: ASYNC110 - nobody's clock runs
            await asyncio.sleep(0.1)
        return {"numbers": [one.numbers() for one in back]}

    async def leave(self, group: str) -> Json:
        """Hang up."""
        followers, _ = self.groups.pop(group)
        for follower in followers:
            follower.abort()
        await asyncio.sleep(0.2)
        return {}

    async def pulse(self, name: str, port: int, requests: list[str], beat: float) -> Json:
        """Begin to ask `requests` in turn, one each `beat` seconds."""
        pulse = http.Pulse(cycle([one.encode("latin-1") for one in requests]), beat)
        await pulse.start(port)
        self.pulses[name] = pulse
        return {}

    async def stop_pulse(self, name: str) -> Json:
        """End a pulse; the milliseconds that each answer took."""
        pulse = self.pulses.pop(name)
        times = await pulse.stop()
        return {"times": [one * 1000 for one in times], "statuses": dict(pulse.statuses)}


def _answer(number: int, result: Json) -> None:
    sys.stdout.write(json.dumps({"id": number, **result}) + "\n")
    sys.stdout.flush()


async def _carry_out(load: Load, command: Json) -> None:
    number, name = command.pop("id"), command.pop("do")
    try:
        _answer(number, {"result": await getattr(load, name)(**command)})
    except Exception as error:
        _answer(number, {"error": f"{type(error).__name__}: {error}"})


async def main() -> None:
    """Read commands in a thread, and carry each out in a task of its own."""
    load, loop = Load(), asyncio.get_running_loop()
    commands: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(commands.put_nowait, line)
        loop.call_soon_threadsafe(commands.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    tasks = set()
    while line := await commands.get():
        task = loop.create_task(_carry_out(load, json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
