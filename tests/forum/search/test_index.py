"""One contract for both engines: what is put is found by its words until it is removed, and rights are asked at that moment."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.db.reading import rows
from forum.db.work import begin
from forum.kernel.events import Fact
from forum.search.analyser import parse
from forum.search.engines import index
from forum.search.index import Document, Live, Wanted
from tests.support import world
from tests.support.hostile import HTML

ALL = Live("", "1 = 1", ())


@pytest.fixture(autouse=True)
def _database(told: list[Fact]) -> None:
    """Every test here is of both databases."""


async def put(ref: str, text: str, lang: str = "en", *, kind: str = "comment", place: str = "here") -> None:
    async with begin() as work:
        await index(work.connection).put(work.connection, Document(kind, ref, place, lang, [(lang or "en", text)]))


async def remove(ref: str, kind: str = "comment") -> None:
    async with begin() as work:
        await index(work.connection).remove(work.connection, kind, ref)


async def found(
    asked: str,
    kinds: Sequence[str] = ("comment",),
    *,
    place: str = "",
    lang: str = "",
    over: Sequence[str] = (),
    live: Live = ALL,
) -> list[str]:
    wanted = Wanted(parse(asked), kinds, place, lang, over)
    return [hit.ref for hit in await index().find(wanted, live, None, 100)]


async def test_what_is_put_is_found_in_another_inflection_newest_first() -> None:
    texts = {
        "ar": ("والهجرة وحقوق المهاجرين", "مهاجر"),
        "en": ("Vulnerabilities of migrants", "vulnerable"),
        "es": ("Migraciones de los niños", "niño"),
        "fr": ("L’accès des réfugiées", "réfugié"),
        "ru": ("Права мигрантов", "мигрант"),
        "zh": ("移民政策", "移民"),
    }
    for lang, (text, asked) in texts.items():
        await put(lang, text, lang)
        assert await found(asked) == [lang]
    await put("again", "Rights of migrants", "en")
    assert await found("migrant") == ["again", "en"]


async def test_all_words_must_be_there() -> None:
    await put("both", "Health and housing")
    await put("one", "Health")
    assert await found("housing health") == ["both"]
    assert await found("health") == ["one", "both"]
    assert await found("health nothing") == []


async def test_a_changed_text_keeps_its_place_and_loses_its_words() -> None:
    await put("first", "apples")
    await put("second", "apples")
    await put("first", "apples and pears", "fr", place="there")
    assert await found("pears") == ["first"]
    assert await found("apples") == ["second", "first"]
    assert await found("apples", lang="en") == ["second"]
    assert await found("apples", place="there") == ["first"]
    await put("first", "cherries")
    assert await found("pears") == []


async def test_what_is_removed_is_gone_with_all_its_tokens() -> None:
    await put("gone", "canary")
    await put("stays", "canary")
    await remove("gone")
    await remove("unknown")
    assert await found("canary") == ["stays"]
    assert len(await rows("SELECT id FROM search_documents")) == 1
    async with begin() as work:
        await index().clear(work.connection)
    assert await found("canary") == []
    assert await rows("SELECT id FROM search_documents") == []


async def test_it_is_whole_when_it_was_made_to_the_end() -> None:
    assert not await index().whole()
    await put("first", "apples")
    assert not await index().whole(), "something is in it, which says nothing of the rest"
    for _ in range(2):
        async with begin() as work:
            await index().settle(work.connection)
        assert await index().whole()
    assert await found("apples") == ["first"]
    async with begin() as work:
        await index().clear(work.connection)
    assert not await index().whole(), "what begins anew is not, until it has come to its end"


async def test_what_is_rolled_back_was_never_there() -> None:
    with pytest.raises(ZeroDivisionError):
        async with begin() as work:
            await index().put(work.connection, Document("comment", "x", "here", "en", [("en", "canary")]))
            raise ZeroDivisionError
    assert await found("canary") == []
    assert await rows("SELECT id FROM search_documents") == []


async def test_kinds_places_and_languages_narrow() -> None:
    await put("a", "word")
    await put("b", "word", "fr")
    await put("c", "word", place="there")
    await put("d", "word", "", kind="space")
    assert await found("word", ["comment", "space"]) == ["d", "c", "b", "a"]
    assert await found("word", ["space"]) == ["d"]
    assert await found("word", place="there") == ["c"]
    assert await found("word", lang="fr") == ["b"]
    assert await found("word", place="there", lang="fr") == []
    assert await found("word", over=["there", "nowhere"]) == ["b", "a"]
    assert await found("word", over=["here", "there"]) == []


async def test_the_marks_of_the_index_cannot_be_typed() -> None:
    await put("a", "word \ue000comment \ue001there")
    assert await found("\ue001there") == ["a"], "the word is found, the mark is none"
    assert await found("word", place="there") == []


async def test_what_the_live_tables_do_not_have_is_not_found() -> None:
    hall = await world.space("hall")
    await put("in", "word", place=hall.id)
    await put("out", "word", place="gone")
    live = Live("JOIN spaces s ON s.id = d.place", "s.state = ?", ["open"])
    assert await found("word", live=live) == ["in"]
    counted = await index().count(Wanted(parse("word"), ["comment"]), live, 10)
    assert counted.by == {(hall.id, "en"): 1}
    assert await index().position("comment", "in", live) is not None
    assert await index().position("comment", "out", live) is None


async def test_pages_follow_each_other_without_gap_or_double() -> None:
    for number in range(10):
        await put(f"{number}", "word" if number % 2 else "word rare")
    wanted, listed, before = Wanted(parse("word"), ["comment"]), [], None
    while hits := await index().find(wanted, ALL, before, 3):
        listed += [hit.ref for hit in hits]
        before = await index().position("comment", hits[-1].ref, ALL)
    assert listed == [f"{number}" for number in reversed(range(10))]


async def test_counting_is_bounded() -> None:
    for number in range(5):
        await put(f"{number}", "word", "en" if number % 2 else "fr")
    wanted = Wanted(parse("word"), ["comment"])
    assert (await index().count(wanted, ALL, 5)).by == {("here", "en"): 2, ("here", "fr"): 3}
    assert not (await index().count(wanted, ALL, 5)).more
    assert (await index().count(wanted, ALL, 4)).more


HOSTILE = [
    *(one.source for one in HTML),
    '"',
    "'; DROP TABLE search_documents; --",
    "NEAR(a b, 2)",
    "tokens:word ^word -word +word word* {a b}:c",
    "a & b | !c <-> d <2> e :*A",
    "\\' \\\\ \x00 \ud800 \U000e0041",
    "\u202eword\u202c",
    "\u0301\u0301\u0301",
    "x" * 10_000,
    "移" * 10_000,
    "()" * 500,
]


async def test_nothing_that_is_typed_is_an_operator() -> None:
    await put("a", "word")
    for text in HOSTILE:
        if parse(text).terms:
            await found(text)
            await put(f"{hash(text) % 10**9}", text)
            assert await found(text), text[:50]
    assert "a" in await found("word")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
async def test_any_text_is_found_by_itself(text: str) -> None:
    if parse(text).terms:
        await put("any", text)
        assert await found(text) == ["any"]
