"""The unit of work: one transaction, listeners inside it, listeners after it."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from forum.db import work
from forum.db.work import Work, begin
from forum.kernel import clock
from forum.kernel.actors import Capacity
from forum.kernel.events import Fact
from forum.people.models import Person
from forum.record.appending import append
from forum.record.models import Entry, Log
from tests.support import world


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[None]:
    async with world.database(tmp_path):
        yield


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What listeners heard, as "where kind"; the tables are emptied afterwards."""
    yield []
    work.install((), ())


def fact(kind: str, public: bool = False) -> Fact:
    return Fact(kind=kind, log="log", at=clock.now(), capacity=Capacity.SYSTEM, public=public)


async def add_person(name: str) -> None:
    await Person.create(email=f"{name}@example.org", name=name, password_hash="-", created_at=clock.now())


def listeners(heard: list[str], failing: str = "") -> None:
    """Install the record, then one listener to everything and one to "a." on either side; the one named `failing` raises."""

    def inside(name: str) -> work.Inside:
        async def listen(_: Work, fact: Fact) -> None:
            heard.append(f"{name} {fact.kind} {fact.seq}")
            if name == failing:
                raise RuntimeError(name)

        return listen

    def after(name: str) -> work.After:
        async def listen(fact: Fact) -> None:
            heard.append(f"{name} {fact.kind} {fact.seq}")
            if name == failing:
                raise RuntimeError(name)

        return listen

    work.install(
        (("", append), ("", inside("inside")), ("a.", inside("inside-a"))),
        (("", after("after")), ("a.", after("after-a"))),
    )


async def test_listeners_hear_in_the_order_of_the_table_and_after_the_commit(opened: None, heard: list[str]) -> None:
    listeners(heard)
    async with begin() as unit:
        told = await unit.tell(fact("a.one"))
        assert (told.seq, told.public_seq) == (1, None)
        await unit.tell(fact("b.two", public=True))
        assert heard == ["inside a.one 1", "inside-a a.one 1", "inside b.two 2"]
        heard.clear()
    assert heard == ["after a.one 1", "after-a a.one 1", "after b.two 2"], "once each"


@pytest.mark.parametrize("failing", ["inside", "inside-a"])
async def test_a_listener_inside_that_fails_undoes_everything(opened: None, heard: list[str], failing: str) -> None:
    listeners(heard, failing)
    with pytest.raises(RuntimeError, match=failing):
        async with begin() as unit:
            await add_person("gone")
            await unit.tell(fact("a.one"))
    assert not [line for line in heard if line.startswith("after")]
    assert await Person.all().count() == await Entry.all().count() == await Log.all().count() == 0


async def test_an_error_in_the_block_undoes_everything(opened: None, heard: list[str]) -> None:
    listeners(heard)
    with pytest.raises(ZeroDivisionError):
        async with begin() as unit:
            await add_person("gone")
            await unit.tell(fact("b.one"))
            raise ZeroDivisionError
    assert heard == ["inside b.one 1"]
    assert await Person.all().count() == await Entry.all().count() == await Log.all().count() == 0
    async with begin() as unit:
        assert (await unit.tell(fact("b.two"))).seq == 1, "the number was not used up"


async def test_a_listener_after_the_commit_that_fails_is_logged_and_hurts_nobody(
    opened: None, heard: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    listeners(heard, failing="after")
    with caplog.at_level(logging.ERROR):
        async with begin() as unit:
            await add_person("stays")
            await unit.tell(fact("a.one"))
            await unit.tell(fact("a.two"))
    assert heard[-4:] == ["after a.one 1", "after-a a.one 1", "after a.two 2", "after-a a.two 2"]
    assert [record.getMessage() for record in caplog.records] == ["listener failed after the commit"] * 2
    assert await Person.all().count() == 1
    assert await Entry.all().count() == 2


async def test_what_a_listener_tells_comes_after_what_it_heard(opened: None, heard: list[str]) -> None:
    async def answer(unit: Work, told: Fact) -> None:
        if told.kind == "question":
            await unit.tell(fact("answer"))

    async def hear(told: Fact) -> None:
        heard.append(f"{told.kind} {told.seq}")

    work.install((("", append), ("", answer)), (("", hear),))
    async with begin() as unit:
        await unit.tell(fact("question"))
    assert heard == ["question 1", "answer 2"]


async def test_listeners_after_the_commit_see_what_was_committed(opened: None, heard: list[str]) -> None:
    async def look(_: Fact) -> None:
        heard.extend([person.name for person in await Person.all()])

    work.install((), (("", look),))
    async with begin() as unit:
        await add_person("there")
        await unit.tell(fact("a.one"))
    assert heard == ["there"]
