"""Appending: numbers without gaps, one chain for each log, whoever writes at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum.db.work import begin
from forum.kernel.actors import Capacity
from forum.kernel.canonical import digest
from forum.kernel.events import Fact
from forum.record.appending import append, lock
from forum.record.chain import verify
from forum.record.models import GENESIS, Entry
from forum.record.reading import last_told, public_head, public_heads, public_since
from tests.support import world

AT = datetime(2026, 5, 6, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def opened(tmp_path: Path) -> AsyncIterator[None]:
    async with world.database(tmp_path):
        yield


def fact(log: str = "log", *, public: bool = False, kind: str = "comment.received", subject: str | None = None) -> Fact:
    return Fact(kind=kind, log=log, at=AT, capacity=Capacity.MEMBER, public=public, subject=subject, data={"digest": "d"})


async def tell(one: Fact) -> Fact:
    async with begin() as work:
        await append(work, one)
    return one


async def test_twenty_writers_at_once_make_one_chain_without_gaps() -> None:
    told = await asyncio.gather(*(tell(fact(public=number % 2 == 0)) for number in range(20)))
    assert sorted(one.seq for one in told) == list(range(1, 21))
    assert sorted(one.public_seq for one in told if one.public_seq is not None) == list(range(1, 11))
    assert (await verify("log")).entries == 20
    rising = sorted(told, key=lambda one: one.seq)
    public = [one.public_seq for one in rising if one.public_seq]
    assert public == sorted(public), "both numbers run the same way"


async def test_logs_are_numbered_apart() -> None:
    await asyncio.gather(*(tell(fact(log, public=True)) for log in ("one", "two", "three") for _ in range(5)))
    assert await public_heads() == {"one": 5, "two": 5, "three": 5}
    for log in ("one", "two", "three"):
        assert (await verify(log)).ok


async def test_several_facts_of_one_transaction_follow_each_other() -> None:
    async with begin() as work:
        told = [fact(public=True), fact(), fact(public=True)]
        for one in told:
            await append(work, one)
    assert [(one.seq, one.public_seq) for one in told] == [(1, 1), (2, None), (3, 2)]


async def test_a_transaction_undone_uses_up_no_number() -> None:
    await tell(fact(public=True))
    with pytest.raises(RuntimeError):
        async with begin() as work:
            await append(work, fact(public=True))
            raise RuntimeError
    assert await public_head("log") == 1
    assert (await tell(fact(public=True))).seq == 2
    assert (await verify("log")).ok


async def test_what_the_hash_covers_can_be_worked_out_by_others() -> None:
    """The format is a promise: the signed export is checked by programs that are not ours."""
    await tell(fact(public=True))
    entry = await Entry.get(seq=1)
    assert entry.prev == GENESIS
    body = (
        '{"actor":null,"at":"2026-05-06T12:30:15.123456Z","capacity":"member","data":"{\\"digest\\":\\"d\\"}",'
        '"kind":"comment.received","log":"log","public_seq":1,"seq":1,"subject":null}'
    )
    assert entry.hash == digest(GENESIS + body)


async def test_what_cannot_be_hashed_is_not_written() -> None:
    with pytest.raises(ValueError):
        await tell(Fact(kind="a", log="log", at=AT, capacity=Capacity.SYSTEM, data={"share": 0.5}))  # type: ignore[dict-item]
    assert await Entry.all().count() == 0


async def test_the_lock_is_the_head_and_is_made_at_first_use() -> None:
    async with begin() as work:
        assert (await lock(work, "new")).seq == 0
        assert (await lock(work, "new")).head == GENESIS
    assert await public_heads() == {"new": 0}


async def test_followers_read_the_public_entries_in_order_and_nothing_else() -> None:
    for number in range(10):
        await tell(fact(public=number % 3 == 0, kind=f"comment.k{number}"))
    told = await public_since("log", 0, 100)
    assert [one.seq for one in told] == [1, 2, 3, 4]
    assert [one.kind for one in told] == ["comment.k0", "comment.k3", "comment.k6", "comment.k9"]
    assert [one.seq for one in await public_since("log", 2, 1)] == [3]
    assert await public_since("log", 4, 100) == []
    assert await public_since("other", 0, 100) == []
    assert told[0].at == AT
    assert json.dumps(told[0].data) == '{"digest": "d"}'


async def test_when_something_was_told_last() -> None:
    assert await last_told("log", "space.closed") is None
    await tell(fact(kind="space.closed", subject="a question"))
    assert await last_told("log", "space.closed") is None
    await tell(fact(kind="space.closed", subject="log"))
    await tell(fact(kind="space.opened", subject="log"))
    assert await last_told("log", "space.closed") == AT
    assert await last_told("other", "space.closed") is None
