"""The chain: whatever is done to a log, its check names the first number that is not as it was told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.db.work import begin
from forum.kernel import clock
from forum.kernel.actors import Capacity
from forum.kernel.events import Fact
from forum.record.appending import append
from forum.record.chain import Verdict, verify
from forum.record.models import GENESIS, Entry, Log
from tests.support import world

LOG = "a" * 32
LENGTH = 12
Rows = list[dict[str, object]]
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fact(number: int, log: str = LOG) -> Fact:
    """Every third fact is public; texts in several scripts."""
    return Fact(
        kind=f"comment.kind{number % 4}",
        log=log,
        at=clock.now() + timedelta(microseconds=number),
        capacity=Capacity.MODERATOR if number % 2 else Capacity.MEMBER,
        actor_id=f"{number:032x}" if number % 5 else None,
        subject=f"{number + 7:032x}",
        public=number % 3 == 0,
        data={"digest": f"{number:064x}", "name": "Авторка العربية", "count": number},
    )


async def tell(*facts: Fact) -> None:
    async with begin() as work:
        for one in facts:
            await append(work, one)


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[tuple[Rows, Rows]]:
    """A log of LENGTH entries; gives its rows and its head, to put back after each tampering."""
    async with world.database(tmp_path):
        await tell(*(fact(number) for number in range(1, LENGTH + 1)))
        assert (await verify(LOG)).ok
        yield (
            [dict(one) for one in await Entry.filter(log_id=LOG).order_by("seq").values()],
            [dict(one) for one in await Log.filter(id=LOG).values()],
        )


async def restore(log: tuple[Rows, Rows]) -> None:
    entries, heads = log
    async with begin():
        await Entry.filter(log_id=LOG).delete()
        await Log.filter(id=LOG).delete()
        await Entry.bulk_create([Entry(**row) for row in entries])
        await Log.bulk_create([Log(**row) for row in heads])


async def checked(log: tuple[Rows, Rows], entries: Rows) -> Verdict:
    """Write `entries` in place of the log's, check it, and put everything back."""
    await restore((entries, log[1]))
    found = await verify(LOG)
    await restore(log)
    return found


def flipped(value: object) -> object:
    """Return another value of the same kind."""
    match value:
        case None:
            return "f" * 32
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1] != "0" else "1")
    assert hasattr(value, "replace")
    return value + timedelta(microseconds=1)  # type: ignore[operator]


FIELDS = ["kind", "at", "actor_id", "capacity", "subject", "data", "prev", "hash", "public_seq"]


@several
@given(at=st.integers(0, LENGTH - 1), field=st.sampled_from(FIELDS))
async def test_a_changed_field_is_named(log: tuple[Rows, Rows], at: int, field: str) -> None:
    changed = [dict(row) for row in log[0]]
    if field == "public_seq":  # a free number: two entries cannot have the same one
        changed[at][field] = 99
    else:
        changed[at][field] = flipped(changed[at][field])
    found = await checked(log, changed)
    assert (found.bad_seq, found.why) == (at + 1, "changed")
    assert found.entries == at


@pytest.mark.parametrize("at", range(0, LENGTH, 3))
async def test_an_entry_hidden_from_the_public_is_named(log: tuple[Rows, Rows], at: int) -> None:
    changed = [dict(row) for row in log[0]]
    public = [number for number, row in enumerate(changed) if row["public_seq"] is not None][at % 4]
    changed[public]["public_seq"] = None
    assert (await checked(log, changed)).bad_seq == public + 1


@several
@given(at=st.integers(0, LENGTH - 2))
async def test_a_deleted_entry_is_named(log: tuple[Rows, Rows], at: int) -> None:
    found = await checked(log, log[0][:at] + log[0][at + 1 :])
    assert (found.bad_seq, found.why) == (at + 1, "missing")


@several
@given(at=st.integers(1, LENGTH))
async def test_a_deleted_entry_whose_followers_are_renumbered_is_named(log: tuple[Rows, Rows], at: int) -> None:
    kept = [dict(row) for row in log[0] if row["seq"] != at]
    for number, row in enumerate(kept, start=1):
        row["seq"] = number
    found = await checked(log, kept)
    assert (found.bad_seq, found.why) == (at, "changed" if at < LENGTH else "cut off")


@several
@given(left=st.integers(0, LENGTH - 1))
async def test_a_log_that_is_cut_off_names_the_first_one_gone(log: tuple[Rows, Rows], left: int) -> None:
    found = await checked(log, log[0][:left])
    assert (found.bad_seq, found.why, found.entries) == (left + 1, "cut off", left)


@several
@given(order=st.permutations(range(LENGTH)))
async def test_reordered_entries_are_named(log: tuple[Rows, Rows], order: list[int]) -> None:
    moved = [dict(log[0][place]) for place in order]
    for number, row in enumerate(moved, start=1):
        row["seq"] = number
    found = await checked(log, moved)
    first = next((number for number, place in enumerate(order, start=1) if place != number - 1), None)
    assert found.bad_seq == first
    assert found.ok is (first is None)


@several
@given(at=st.integers(0, LENGTH - 1))
async def test_an_inserted_entry_is_named(log: tuple[Rows, Rows], at: int) -> None:
    """A forger who knows how the hash is made slips one in and numbers what follows anew, but cannot hash that anew unseen."""
    later = [dict(row) | {"seq": int(str(row["seq"])) + 1} for row in log[0][at:]]
    false = dict(log[0][at]) | {"id": 999, "seq": at + 1, "public_seq": None, "prev": log[0][at]["prev"], "kind": "comment.false"}
    found = await checked(log, [*log[0][:at], false, *later])
    assert found.bad_seq == at + 1


async def test_an_entry_added_behind_the_head_is_named_though_its_hash_is_right(log: tuple[Rows, Rows]) -> None:
    head = await Log.get(id=LOG)
    await tell(fact(LENGTH + 1))
    await head.save()  # the head as it was: somebody wrote to the entries only
    found = await verify(LOG)
    assert (found.bad_seq, found.why, found.entries) == (LENGTH + 1, "added", LENGTH)


@pytest.mark.parametrize(
    ("column", "value", "bad", "why"),
    [
        ("seq", LENGTH - 1, LENGTH, "added"),
        ("seq", LENGTH + 1, LENGTH + 1, "cut off"),
        ("seq", 0, 1, "added"),
        ("head", GENESIS, LENGTH, "the head tells otherwise"),
        ("public_seq", 3, LENGTH, "the head tells otherwise"),
        ("public_seq", 5, LENGTH, "the head tells otherwise"),
    ],
)
async def test_a_head_that_does_not_fit_is_named(log: tuple[Rows, Rows], column: str, value: object, bad: int, why: str) -> None:
    await Log.filter(id=LOG).update(**{column: value})
    found = await verify(LOG)
    assert (found.bad_seq, found.why) == (bad, why)


async def test_a_log_without_head_is_not_in_order(log: tuple[Rows, Rows]) -> None:
    await Log.filter(id=LOG).delete()
    assert (await verify(LOG)).why == "cut off"
    assert not (await verify("no such log")).ok


async def test_history_rewritten_with_right_hashes_does_not_fit_the_head(log: tuple[Rows, Rows]) -> None:
    head = await Log.get(id=LOG)
    await Entry.filter(log_id=LOG).delete()
    await Log.filter(id=LOG).delete()
    await tell(*(fact(number + 100) for number in range(1, LENGTH + 1)))
    await head.save()
    assert (await verify(LOG)).why == "the head tells otherwise"


@pytest.mark.parametrize("forge", [lambda data: data.replace('"count":', '"count": '), lambda data: data[:-1] + ',"z":1}'])
async def test_the_text_of_the_data_counts_to_the_letter(log: tuple[Rows, Rows], forge: Callable[[str], str]) -> None:
    changed = [dict(row) for row in log[0]]
    changed[4]["data"] = forge(str(changed[4]["data"]))
    assert (await checked(log, changed)).bad_seq == 5


async def test_a_log_that_grows_while_it_is_checked_is_in_order(log: tuple[Rows, Rows]) -> None:
    """Somebody posts without pause: of many checks some meet an entry between reading the last one and the head."""
    done = asyncio.Event()

    async def write() -> int:
        number = 0
        while not done.is_set():
            number += 1
            await tell(fact(number))
        return number

    writing = asyncio.create_task(write())
    verdicts = [await verify(LOG) for _ in range(40)]
    done.set()
    written = await writing
    assert [verdict for verdict in verdicts if not verdict.ok] == []
    assert verdicts[-1].entries > LENGTH
    assert (await verify(LOG)).entries == LENGTH + written


async def test_a_long_log_is_read_in_batches(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        await tell(*(fact(number) for number in range(1030)))
        assert (await verify(LOG)).entries == 1030
        await Entry.filter(log_id=LOG, seq=1020).update(kind="comment.false")
        assert (await verify(LOG)).bad_seq == 1020
