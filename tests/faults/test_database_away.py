"""F2 and F3 on PostgreSQL: killed while two processes write and read, away for seconds, and back."""

import asyncio
import json
import time
from collections import Counter
from contextlib import AsyncExitStack

import httpx2
import pytest

from tests.faults.pair import Pair
from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.faults.writing import Writer, until_written, writers
from tests.support.server import SPACE

pytestmark = [pytest.mark.server, pytest.mark.faults]
AWAY = size(1.5, 5.0)
ADDRESSES = [f"/{lang}/spaces/{SPACE}/questions/{number}" for lang in ("en", "ar") for number in (1, 2, 3)]
POOLS = 2 * 2 * 10
"""Connections that two processes may hold: a reading and a writing pool each."""


class Looker:
    """Somebody who reads on, whatever is answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: list[tuple[float, int, float, str | None]] = []

    async def look(self, over: asyncio.Event) -> None:
        """Fetch pages until `over`; keeps when, the status, the seconds and Retry-After of each answer."""
        async with httpx2.AsyncClient(base_url=self.url, timeout=20) as http:
            number = 0
            while not over.is_set():
                number += 1
                began = time.monotonic()
                answer = await http.get(ADDRESSES[number % len(ADDRESSES)])
                took = time.monotonic() - began
                self.answers.append((began, answer.status_code, took, answer.headers.get("retry-after")))
                await asyncio.sleep(0.05)


async def check_all_there(two: Pair, made: list[Writer]) -> None:
    """Fail unless every comment that was taken is there once, and nothing twice."""
    found = Counter(row[0] for row in await two.rows("SELECT source FROM revisions WHERE source LIKE 'Comment %'"))
    expected = {writer.body(key) for writer in made for key in writer.acknowledged}
    begun = expected | {writer.body(key) for writer in made for key in writer.unknown}
    assert expected <= found.keys(), "lost"
    assert found.keys() <= begun
    assert set(found.values()) == {1}, "doubled"


async def test_killed_for_seconds(two: Pair, seen: Seen) -> None:
    over = asyncio.Event()
    lookers = [Looker(process.url) for process in two.processes]
    async with AsyncExitStack() as stack:
        made = [
            writer
            for number, process in enumerate(two.processes)
            for writer in await stack.enter_async_context(writers(process, f"away{number}", each=1))
        ]
        work = [asyncio.create_task(one.insist(over)) for one in made]
        work += [asyncio.create_task(one.look(over)) for one in lookers]
        await until_written(made)
        await asyncio.to_thread(two.postgres.kill)
        killed = time.monotonic()
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(two.postgres.start)
        back = time.monotonic()
        recovered = [await asyncio.to_thread(_again, process.url, back) for process in two.processes]
        before = sum(len(one.acknowledged) for one in made)
        await until_written(made, before + 12)
        over.set()
        await asyncio.wait_for(asyncio.gather(*work), 30)
    statuses = Counter(status for one in made for status, _ in one.answers)
    seen.note("F3", f"answers to writers: {dict(statuses)}; PostgreSQL away for {back - killed:.1f} s")
    assert statuses.keys() <= {200, 201, 503}, faults_in(two.output())
    assert statuses[503] >= 1, "nobody noticed"
    looked = [answer for one in lookers for answer in one.answers]
    during = [answer for answer in looked if killed < answer[0] < back]
    seen.note("F3", f"answers to readers meanwhile: {dict(Counter(status for _, status, _, _ in during))}")
    assert {status for _, status, _, _ in looked} <= {200, 503}
    assert all(retry for _, status, _, retry in looked if status == 503)
    slowest = max([seconds for one in made for _, seconds in one.answers] + [took for _, _, took, _ in looked])
    seen.took("F3", "the slowest answer of all", slowest, 2)
    seen.took("F3", "recovered without restart after", max(recovered), 5)
    [(connections,)] = await two.rows("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()")
    seen.figure("F3", "connections afterwards", connections, "", POOLS)
    assert connections <= POOLS + 1
    await check_all_there(two, made)
    taken = sum(len(one.acknowledged) for one in made)
    seen.note("F2", f"PostgreSQL: of {taken} comments acknowledged round an immediate shutdown 0 lost, 0 doubled")
    assert '"event": "fault"' not in two.output()
    said = two.processes[0].run("-m", "forum", "verify")
    assert all(line.endswith("whole") for line in said.strip().splitlines()), said


def faults_in(log: str) -> Counter[str]:
    """Count the faults that were logged by the last line of their tracebacks."""
    lines = [json.loads(line) for line in log.splitlines() if '"event": "fault"' in line]
    return Counter(str(line.get("exception", "")).strip().splitlines()[-1] for line in lines)


def _again(url: str, back: float) -> float:
    """Return the seconds after `back` at which a page that nobody keeps is answered again."""
    while True:
        answer = httpx2.get(f"{url}/api/v1/spaces/{SPACE}/updates?since=0", timeout=20)
        if answer.status_code == 200:
            return time.monotonic() - back
        assert answer.status_code == 503
        assert time.monotonic() < back + 25, "it does not recover"
        time.sleep(0.05)
