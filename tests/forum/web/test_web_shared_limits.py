"""Limits that several processes count together in a real Valkey, and what they do without it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from forum.kernel.errors import TooMany
from forum.web import limits
from forum.web.limits import Limiter, shared_storage
from tests.support.valkey import Valkey, ask, valkey_server

pytestmark = pytest.mark.server


@pytest.fixture
def server() -> Iterator[Valkey]:
    with valkey_server() as made:
        yield made


@asynccontextmanager
async def processes(server: Valkey, *secrets: str) -> AsyncIterator[list[Limiter]]:
    """A limiter for each process, by the secret of its forum."""
    made = [Limiter(True, shared=shared_storage(server.url), secret=secret) for secret in secrets]
    try:
        yield made
    finally:
        for limiter in made:
            await limiter.close()


async def granted(limiter: Limiter, rule: str, times: int = 100) -> int:
    """Return how many of so many were let through."""
    count = 0
    for _ in range(times):
        try:
            await limiter.check(rule, "a@example.org")
            await limiter.hit(rule, "a@example.org")
        except TooMany:
            continue
        count += 1
    return count


async def test_processes_count_together(server: Valkey) -> None:
    async with processes(server, "one secret", "one secret", "another") as (first, second, foreign):
        assert await granted(first, "signin", 6) == 6
        assert await granted(second, "signin") == 4
        with pytest.raises(TooMany) as refused:
            await first.check("signin", "a@example.org")
        assert 1 <= refused.value.retry_after <= 15 * 60
        assert await granted(foreign, "signin", 1) == 1
    assert "example" not in str(ask(server.url, "KEYS", "*"))


async def test_without_valkey_each_counts_alone_and_guesses_are_few(server: Valkey) -> None:
    async with processes(server, "s", "s") as (first, second):
        assert await granted(first, "post", 5) == 5
        server.kill()
        began = time.perf_counter()
        assert await granted(first, "post", 5) == 5
        assert await granted(first, "signin") + await granted(second, "signin") <= 10, "F4: of 100 bad ones 90 are refused"
        assert time.perf_counter() - began < 3
        assert await granted(first, "edit") == 30, "what is not guessed at is granted as before"
        server.start()
        await asyncio.sleep(limits.REST)
        assert await granted(first, "signin", 6) == 6
        assert await granted(second, "signin") == 4


async def test_what_was_used_before_is_remembered_alone(server: Valkey) -> None:
    async with processes(server, "s") as (limiter,):
        assert await granted(limiter, "signin", 8) == 8
        server.kill()
        assert await granted(limiter, "signin") == 0


async def test_a_silent_valkey_holds_nobody_up(server: Valkey) -> None:
    async with processes(server, "s") as (limiter,):
        await limiter.hit("post", "p")
        server.freeze()
        began = time.perf_counter()
        for _ in range(20):
            await limiter.hit("post", "p")
        assert time.perf_counter() - began < 2 * limits.PATIENCE
        server.thaw()
