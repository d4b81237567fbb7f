"""Sheets: cut at their slots, filled with what is each one's own, and whole as gzip whatever is put together."""

import asyncio
import gzip
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from forum.web import sheets
from forum.web.generations import Generations
from forum.web.sheets import Piece, Sheet, Sheets, answer, cut, piece, slot, stored

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def asked(encoding: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [(b"accept-encoding", encoding.encode())]})


def unpacked(pieces: Sequence[Piece]) -> tuple[bytes, bytes]:
    """The same pieces as an answer that is compressed, unpacked again, and as one that is not."""
    zipped, plain = answer(asked("gzip"), pieces, {}), answer(asked("identity"), pieces, {})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert zipped.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert int(zipped.headers["content-length"]) == len(bytes(zipped.body))
    return gzip.decompress(bytes(zipped.body)), bytes(plain.body)


@given(st.lists(st.tuples(st.booleans(), TEXTS), max_size=12))
def test_any_pieces_make_one_whole_page(texts: list[tuple[bool, str]]) -> None:
    pieces = [stored(text) if short else piece(text) for short, text in texts]
    zipped, plain = unpacked(pieces)
    assert zipped == plain == b"".join(one.plain for one in pieces)


def test_a_long_text_needs_several_stored_blocks() -> None:
    long = "é" * 100_000
    zipped, plain = unpacked([piece("a"), stored(long), piece("b")])
    assert zipped == plain == f"a{long}b".encode()


def test_slots_are_filled_with_escaped_texts_and_other_sheets() -> None:
    inner = cut(f"<i>{slot('token')}</i>", None)
    outer = cut(f"<b>{slot('name')}</b>{slot('form')}{slot('token')}!", "about")
    token = stored("t&t")
    pieces = list(outer.filled({"name": stored("<Ana>"), "form": list(inner.filled({"token": token})), "token": token}))
    assert unpacked(pieces)[0] == b"<b>&lt;Ana&gt;</b><i>t&amp;t</i>t&amp;t!"
    assert outer.about == "about"
    with pytest.raises(KeyError, match="form"):
        list(outer.filled({"name": token, "token": token}))


def test_nobody_can_write_a_slot() -> None:
    text = "\x02:name\x03 \x02name\x03 {{ name }}"
    assert [part.plain for part in cut(text, None).parts if isinstance(part, Piece)] == [text.encode()]


class Maker:
    """Makes a sheet that says how often it was made."""

    def __init__(self, tags: tuple[str, ...] = ("t",), text: str = "") -> None:
        self.made = 0
        self.tags, self.text = tags, text

    async def __call__(self) -> tuple[Sheet[str], tuple[str, ...]] | None:
        self.made += 1
        number = self.made
        await asyncio.sleep(0)
        return cut(f"{number}{self.text}", str(number)), self.tags


async def test_a_sheet_is_made_once_until_a_tag_of_it_is_bumped() -> None:
    pages, make = Generations(), Maker()
    kept = Sheets(pages)
    found = await asyncio.gather(*(kept.get("k", str, make) for _ in range(20)))
    assert {sheet.about for sheet in found if sheet} == {"1"}
    pages.bump("other")
    assert (await kept.get("k", str, make)).about == "1"  # type: ignore[union-attr]
    pages.bump("t")
    assert (await kept.get("k", str, make)).about == "2"  # type: ignore[union-attr]
    assert (await kept.get("another", str, make)).about == "3"  # type: ignore[union-attr]


async def test_what_changes_while_it_is_made_is_not_kept() -> None:
    pages, make = Generations(), Maker()
    kept = Sheets(pages)
    first = asyncio.create_task(kept.get("k", str, make))
    await asyncio.sleep(0)
    pages.bump("t")
    late = await kept.get("k", str, make)
    assert (await first).about == "1"  # type: ignore[union-attr]
    assert late is not None
    assert late.about == "2"
    assert not kept._making


async def test_none_is_not_kept() -> None:
    asks = 0

    async def refuse() -> None:
        nonlocal asks
        asks += 1

    kept = Sheets(Generations())
    for _ in range(2):
        assert await kept.get("k", str, refuse) is None
    assert asks == 2


async def test_sheets_are_bounded_by_their_size() -> None:
    kept = Sheets(Generations(), max_bytes=20_000)
    make = Maker(text="x" * 4_000)
    for number in range(10):
        await kept.get(number, str, make)
    assert 0 < kept.size <= 20_000
    assert kept.size == sum(one.sheet.size for one in kept._kept.values())
    await kept.get("large", str, Maker(text="y" * 30_000))
    assert "large" not in kept._kept
    assert sheets.MAX_AGE <= 60
