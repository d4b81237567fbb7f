"""F11 and F24: the event loop while hostile texts are posted, and through a mixed load; memory, and no fault in the logs."""

import asyncio
import time
from pathlib import Path

import httpx2
import pytest

from tests.faults.crowd import crowd
from tests.faults.launched import Launched, launched
from tests.faults.process import resident, worked
from tests.faults.seen import Seen
from tests.faults.sizes import FULL, size
from tests.faults.test_noisy import Line
from tests.faults.test_reconnect import PATH
from tests.faults.test_storm import publish
from tests.faults.wire import Wire, status
from tests.faults.writing import PATH as COMMENTS
from tests.faults.writing import writers
from tests.support.server import SPACE

pytestmark = [pytest.mark.server, pytest.mark.faults]
HOSTILE = [sign * (10_000 // len(sign)) for sign in (">", "- ", "> - ", "*", "_", "[", "![", "`", "&", "<a ", "1. ", "[a](b ")]
RATE = 20
SECONDS = size(2.0, 20.0)
SOAK = size(4.0, 60.0)
WARM = size(1.0, 10.0)
FOLLOWERS = size(50, 500)
LATENESS = 0.1
MEGABYTE = 1024 * 1024


async def hostile_posts(server: Launched, seconds: float) -> list[int]:
    """Post twenty hostile texts a second; return the statuses."""
    token = server.api("delegate-a@demo.example").http.headers["Authorization"]
    async with httpx2.AsyncClient(base_url=server.url, timeout=60, headers={"Authorization": token}) as http:

        async def one(number: int) -> int:
            await asyncio.sleep(number / RATE)
            data = {"question": 1, "body": HOSTILE[number % len(HOSTILE)], "lang": "en"}
            return (await http.post(COMMENTS, json=data)).status_code

        return await asyncio.gather(*map(one, range(int(RATE * seconds))))


async def test_hostile_texts_leave_the_loop_free(metered: Launched, seen: Seen) -> None:
    metered.measures(reset=True)
    statuses = await hostile_posts(metered, SECONDS)
    measures = metered.measures()
    assert set(statuses) <= {201, 422}
    seen.took("F11", f"event loop late, p99, during {len(statuses)} hostile posts", measures.lag(0.99), LATENESS)


def test_a_megabyte_costs_next_to_nothing(metered: Launched, seen: Seen) -> None:
    token = metered.api("delegate-a@demo.example").http.headers["Authorization"]
    times = size(20, 100)
    before = worked(metered.pid)
    for _ in range(times):
        with Wire(metered) as wire:
            headers = {"Authorization": token, "Content-Type": "application/json", "Content-Length": str(MEGABYTE)}
            wire.head(f"POST {COMMENTS}", headers)
            wire.give(b" " * (128 * 1024))
            assert wire.answered(10)
            assert status(wire.socket.recv(65536)) == 413
    each = (worked(metered.pid) - before) / times
    seen.figure("F11", "processor time of a megabyte that is refused", 1000 * each, "ms", 50)
    assert each < 0.25


async def test_a_mixed_load(tmp_path: Path, seen: Seen) -> None:
    """Writers, readers with and without an account, a moderator and followers, all at once."""
    over = asyncio.Event()
    with launched(tmp_path) as server, crowd() as followers:
        start = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
        opened = followers.ask("open", port=server.port, path=PATH, number=FOLLOWERS, since=start)
        assert opened["open"] == FOLLOWERS
        async with writers(server, "soak", each=1) as made:
            work = [asyncio.create_task(writer.insist(over, 0.1)) for writer in made]
            work += [asyncio.create_task(_read(await Line(server).open(), over)) for _ in range(3)]
            moderator = asyncio.create_task(asyncio.to_thread(_moderate, server, over))
            await asyncio.sleep(WARM)
            server.measures(reset=True)
            memory, began = [(time.monotonic(), resident(server.pid))], time.monotonic()
            while time.monotonic() < began + SOAK:
                await asyncio.sleep(SOAK / 20)
                memory.append((time.monotonic(), resident(server.pid)))
            measures = server.measures()
            over.set()
            await asyncio.wait_for(asyncio.gather(*work), 60)
            published = await moderator
        assert {code for writer in made for code, _ in writer.answers} <= {200, 201}
        found = followers.ask("hear", seq=start + published, seconds=30)
        assert (found["have"], found["gaps"], found["doubles"], found["lost"]) == (FOLLOWERS, 0, 0, 0), found
        posts = sum(len(writer.acknowledged) for writer in made)
        seen.note("F24", f"{SOAK:g} s: {posts} posts, {published} published to {FOLLOWERS} followers, gaps 0, doubles 0")
        seen.took("F24", "event loop late, p99", measures.lag(0.99), LATENESS)
        if FULL:  # a few seconds tell nothing of a slope
            seen.figure("F24", "memory grows after warming up by", slope(memory), "MB/min", 5)
            assert slope(memory) <= 25
        assert "Traceback" not in server.output()


async def _read(line: Line, over: asyncio.Event) -> None:
    number = 0
    while not over.is_set():
        number += 1
        await line.get(f"/{('en', 'ar', 'fr', 'zh')[number % 4]}/spaces/{SPACE}/questions/{1 + number % 3}")
        await asyncio.sleep(0.02)
    assert line.statuses == {200}
    line.close()


def _moderate(server: Launched, over: asyncio.Event) -> int:
    """Publish comments one after the other; return how many."""
    published = 0
    while not over.is_set():
        publish(server, 1, f"Published number {published} in the soak.")
        published += 1
        time.sleep(0.1)
    return published


def slope(memory: list[tuple[float, float]]) -> float:
    """Return the least-squares slope of (seconds, MB) in MB a minute."""
    count = len(memory)
    mean_time, mean_size = sum(at for at, _ in memory) / count, sum(one for _, one in memory) / count
    above = sum((at - mean_time) * (one - mean_size) for at, one in memory)
    return 60 * above / sum((at - mean_time) ** 2 for at, _ in memory)
