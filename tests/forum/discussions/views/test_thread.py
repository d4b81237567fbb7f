"""The page of a thread: the same for every reader, the same cost at any length, and nothing on it that is not public."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from forum.discussions.models import Premoderation, Question, Space
from forum.kernel import clock
from tests.forum.discussions.views.reader import CANARY, Hall, Reader, fill, fill_record, hall, same
from tests.support import world
from tests.support.statements import Statement, plan, recorded

NOBODY = "f" * 32
LINK = re.compile(r'rel="(prev|next)" href="([^"]*)"')
ARTICLE = re.compile(r'<article class="comment[^"]*" id="c-([0-9a-f]{32})"')


def pager(text: str) -> dict[str, str]:
    return {rel: href.partition("#")[0] for rel, href in LINK.findall(text.partition("<main")[2])}


async def test_every_block_has_the_language_it_is_in(place: Hall) -> None:
    await Space.filter(id=place.space.id).update(title={"fr": "Table ronde"})
    await Question.filter(id=place.question.id).update(text={"ar": "ما هي الأولويات؟", "fr": "Quelles priorités ?"})
    page = (await place.browser().get("/ar/spaces/hall/questions/1")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<h1 lang="ar" dir="rtl">ما هي الأولويات؟</h1>' in page
    assert '<bdi lang="fr">Table ronde</bdi>' in page
    assert '<h1 lang="fr" dir="ltr">' in (await place.browser().get("/ru/spaces/hall/questions/1")).text


async def test_there_is_no_such_thread(place: Hall) -> None:
    await world.space("secret", visibility="members")
    for path in ("hall/questions/9", "hall/questions/01", "hall/questions/x", "nowhere/questions/1", "secret/questions/1"):
        assert (await place.browser().get(f"/en/spaces/{path}")).status_code == 404, path


async def test_anonymous_pages_are_kept_until_something_public_changes(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        browser = place.browser()
        first = await browser.get(place.path)
        with recorded() as made:
            again = await browser.get(place.path)
        assert again.content == first.content
        assert made == []
        assert "set-cookie" not in first.headers
        assert "csrf_token" not in first.text
        await world.post(await world.actor_for(place.ana), place.space, "Good morning.")
        assert "Good morning." in (await browser.get(place.path)).text


async def test_what_is_typed_into_the_address_fills_no_cache(place: Hall) -> None:
    browser = place.browser()
    for query in (f"reply={NOBODY}", "x=1"):
        await browser.get(f"{place.path}?{query}")
        with recorded() as made:
            await browser.get(f"{place.path}?{query}")
        assert made, query


async def test_held_text_is_seen_by_its_author_and_the_moderators_alone(place: Hall) -> None:
    other, stranger = await place.signed_in(place.bo), place.browser()
    before = [same((await reader.get(place.path)).text) for reader in (other, stranger)]
    comment = await world.post(await world.actor_for(place.ana), place.space, CANARY)
    after = [same((await reader.get(place.path)).text) for reader in (other, stranger)]
    assert after == before
    for who in (place.ana, place.mona):
        page = (await (await place.signed_in(who)).get(place.path)).text
        assert CANARY in page
        assert f'id="c-{comment}"' in page
        assert ("See what became of them" in page) == (who is place.ana)


async def test_a_place_one_may_not_know_of_is_no_place(place: Hall) -> None:
    held = await world.post(await world.actor_for(place.ana), place.space, CANARY)
    other = await place.signed_in(place.bo)
    for query in ("after", "reply"):
        hidden, unknown = [(await other.get(f"{place.path}?{query}={one}")) for one in (held, NOBODY)]
        assert hidden.status_code == unknown.status_code == 200
        assert same(hidden.text).replace(held, NOBODY) == same(unknown.text)
        assert "callout-warning" in hidden.text


async def test_following_the_pager_shows_each_comment_once(place: Hall) -> None:
    ids = await fill(place, place.bo, 173)
    browser, path = place.browser(), place.path
    found: list[str] = []
    pages = []
    while path:
        text = (await browser.get(path)).text
        found += ARTICLE.findall(text)
        pages.append(path)
        links = pager(text)
        assert ('data-last="true"' in text) == ("next" not in links)
        path = links.get("next", "")
    assert found == ids
    assert len(pages) == 4
    for before, page in zip(pages[::-1][1:], pages[::-1][:-1], strict=True):
        assert pager((await browser.get(page)).text)["prev"] == before


BY_PATH = ("sqlite_autoindex_comments_2", "uid_comments_questio_a3d8f6")
"""What the databases call the unique index of (question, path)."""
PEOPLE = ("nobody", "ana", "bo", "mona")


async def reader_called(place: Hall, name: str) -> Reader:
    return place.browser() if name == "nobody" else await place.signed_in(getattr(place, name))


@pytest.mark.parametrize("name", PEOPLE)
async def test_a_page_costs_the_same_in_a_long_thread(place: Hall, name: str) -> None:
    """As many statements, none of which sorts or looks through a table that grows."""
    browser = await reader_called(place, name)
    ids = await fill(place, place.bo, 100)
    paths = (f"{place.path}?x=1", f"{place.path}?after={ids[49]}&x=1", f"/en/spaces/hall/comments/{ids[60]}?x=1")
    short = [await cost(browser, path) for path in paths]
    ids += await fill(place, place.bo, 2_900, first=100)
    await fill_record(place.space.id, 3_000)
    middle = (
        f"{place.path}?after={ids[1499]}&x=1",
        f"{place.path}?after={ids[2948]}&x=1",
        f"/en/spaces/hall/comments/{ids[2760]}?x=1",
    )
    long = [await cost(browser, path) for path in (*paths, *middle)]
    assert [len(made) for made in long[:3]] == [len(made) for made in short]
    assert len(long[3]) == len(long[4]) == len(long[1])
    assert len(long[5]) == len(long[2])
    assert max(len(made) for made in long) <= 12
    listing = 0
    for statement in {one.sql: one for made in long for one in made}.values():
        if not re.search(r"\b(comments|record_entries)\b", statement.sql):
            continue
        how = await plan(statement)
        # The ancestors of one comment, nine rows at most, may be sorted; so may the few entries about the space itself.
        few = " c.path IN (" in statement.sql or "subject = " in statement.sql
        assert not how.sorts or few, (statement.sql, how.told)
        assert not how.scanned & {"comments", "record_entries"}, (statement.sql, how.told)
        if "c.path > " in statement.sql:
            listing += 1
            assert how.indexes & {"comments_thread", *BY_PATH}, how.told
    assert listing


async def cost(browser: Reader, path: str) -> list[Statement]:
    with recorded() as made:
        assert (await browser.get(path)).status_code == 200
    return made


async def test_the_check_link_tells_what_is_new(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        browser, ana = place.browser(), await world.actor_for(place.ana)
        await world.post(ana, place.space, "Old.")
        page = (await browser.get(place.path)).text
        check = re.findall(r'class="check-new" href="([^"]*)"', page)[0]
        assert check == f"{place.path}?since=1"
        assert "Nothing new" in (await browser.get(check)).text
        new = await world.post(ana, place.space, "New.")
        await world.post(ana, place.space, "Elsewhere.", question=2)
        page = (await browser.get(check)).text
        assert "1 new comment since you last looked" in page
        assert f'href="#c-{new}"' in page
        await fill(place, place.bo, 0)
        for nonsense in ("-1", "x", "9" * 30, ""):
            assert "since you last looked" not in (await browser.get(f"{place.path}?since={nonsense}")).text


async def test_the_seq_is_the_public_head(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        for text in ("One.", "Two."):
            await world.post(await world.actor_for(place.ana), place.space, text)
        assert 'data-seq="2"' in (await place.browser().get(place.path)).text


async def test_a_closed_space_says_so_and_an_open_one_invites(place: Hall) -> None:
    page = (await place.browser().get(f"{place.path}?reply={NOBODY}")).text
    assert f'href="/en/signin?next=/en/spaces/hall/questions/1%3Freply%3D{NOBODY}%23write"' in page
    await Space.filter(id=place.space.id).update(closes_at=clock.now() - timedelta(seconds=1))
    for browser in (place.browser(), await place.signed_in(place.ana)):
        page = (await browser.get(f"{place.path}?x=1")).text
        assert "new ones are not accepted" in page
        assert 'name="body"' not in page
        assert "/signin?next=" not in page


async def test_an_archive_is_read_and_not_followed(place: Hall) -> None:
    assert "<live-thread " in (await place.browser().get(f"{place.path}?x=1")).text
    await Space.filter(id=place.space.id).update(state="archived")
    page = (await place.browser().get(f"{place.path}?x=1")).text
    assert "live-thread" not in page
    assert 'id="thread"' in page


async def test_how_it_is_moderated_is_said_in_words(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        assert "Comments are published at once" in (await place.browser().get(place.path)).text
