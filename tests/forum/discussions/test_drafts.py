"""Drafts: what is typed is kept, for its author alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from forum.discussions import drafts
from forum.discussions.forms import DraftText
from forum.discussions.models import Draft
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS
from forum.record.models import Entry
from tests.forum.discussions.hall import Hall, open_hall

PLACE = "q:" + "1" * 32


@pytest.fixture
def minutes() -> Iterator[None]:
    """A clock that goes on by a minute each time it is asked."""
    start, asked = datetime(2026, 5, 6, tzinfo=UTC), iter(range(10_000))
    with clock.running(lambda: start + timedelta(minutes=next(asked))):
        yield


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


def text(body: str, place: str = PLACE, lang: str = "fr") -> DraftText:
    return DraftText(place=place, body=body, lang=lang)


async def test_the_last_text_is_kept_as_it_was_typed(hall: Hall) -> None:
    for body in ("a", "ab ", "  ab\r\n\r\n**c"):
        await drafts.keep(hall.author, text(body))
    kept = await drafts.at(hall.author, PLACE)
    assert kept is not None
    assert (kept.body, kept.lang) == ("  ab\r\n\r\n**c", "fr")
    assert await Draft.filter().count() == 1


async def test_a_text_too_long_to_post_is_kept_too(hall: Hall) -> None:
    await drafts.keep(hall.author, text("x" * 150_000))
    kept = await drafts.at(hall.author, PLACE)
    assert kept is not None
    assert len(kept.body) == 150_000


async def test_nobody_else_gets_it(hall: Hall) -> None:
    await drafts.keep(hall.author, text("private"))
    for actor in (hall.other, hall.moderator, ANONYMOUS):
        assert await drafts.at(actor, PLACE) is None
    await drafts.forget(hall.other, PLACE)
    assert await drafts.at(hall.author, PLACE) is not None
    assert await Entry.filter().count() == 0, "typing is no fact"


@pytest.mark.parametrize("body", ["", " ", "\n\t"])
async def test_an_empty_text_forgets(hall: Hall, body: str) -> None:
    await drafts.keep(hall.author, text("something"))
    await drafts.keep(hall.author, text(body))
    assert await drafts.at(hall.author, PLACE) is None


async def test_the_oldest_make_room(hall: Hall, minutes: None) -> None:
    places = [f"r:{number:032x}" for number in range(drafts.MOST + 3)]
    for place in places:
        await drafts.keep(hall.author, text("words", place))
    await drafts.keep(hall.other, text("words", places[0]))
    kept = {draft.place for draft in await Draft.filter(person_id=hall.author.person_id)}
    assert kept == set(places[3:])
    assert await drafts.at(hall.other, places[0]) is not None


async def test_saving_at_once_from_two_windows_keeps_one(hall: Hall) -> None:
    await asyncio.gather(*(drafts.keep(hall.author, text(f"window {number}")) for number in range(10)))
    assert await Draft.filter().count() == 1


@pytest.mark.parametrize(
    "place", ["", "q:", "x:" + "1" * 32, "q:" + "1" * 33, "q:" + "G" * 32, PLACE + "\n", "q:" + "1" * 31 + "'"]
)
def test_a_place_that_is_none(place: str) -> None:
    with pytest.raises(ValidationError):
        text("words", place)
