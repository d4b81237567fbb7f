"""The search page: a form and links alone, every text in its own language and direction, and nothing that is typed as markup."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from forum.discussions.models import Premoderation, Space
from forum.kernel.locales import LANGS
from tests.forum.discussions.views.reader import CANARY, Hall, hall, same
from tests.support import world
from tests.support.statements import recorded

MARK = re.compile(r"<mark>(.*?)</mark>")


async def publish(place: Hall, body: str, lang: str = "en") -> str:
    return await world.post(await world.actor_for(place.ana), place.space, body, lang=lang)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as made:
        yield made


@pytest.mark.parametrize("lang", LANGS)
async def test_the_page_in_every_language(opened: Hall, lang: str) -> None:
    await publish(opened, "نرحب بالمهاجرين جميعاً.", "ar")
    reader = opened.browser()
    empty = await reader.get(f"/{lang}/search")
    assert empty.status_code == 200
    assert "<mark>" not in empty.text
    assert f'action="/{lang}/search"' in empty.text
    page = (await reader.get(f"/{lang}/search?q={quote('مهاجر')}")).text
    assert '<p class="snippet" lang="ar" dir="rtl">نرحب <mark>بالمهاجرين</mark> جميعاً.</p>' in page
    assert page.count("<h1") == 1
    assert 'value="مهاجر"' in page
    assert "RT4/Q1/1" in page


async def test_text_is_text(opened: Hall) -> None:
    await publish(opened, '`<script>alert(1)</script>` and <b>migrants</b> & "others"')
    reader = opened.browser()
    page = (await reader.get("/en/search?q=script+migrant")).text
    assert MARK.findall(page) == ["script", "script", "migrants"]
    assert "<script>alert" not in page
    typed = '"><script>alert(1)</script> migrant {{7*7}}'
    page = (await reader.get(f"/en/search?q={quote(typed)}")).text
    assert "<script>alert" not in page
    assert unescape(re.findall(r'name="q"[^>]* value="([^"]*)"', page)[0]) == typed


async def test_what_cannot_be_searched_says_why_and_keeps_the_text(opened: Hall) -> None:
    reader = opened.browser()
    for text, reason in (("?!", "at least one word"), ("y" * 201, "At most 200 characters")):
        answer = await reader.get(f"/en/search?q={quote(text)}")
        assert answer.status_code == 422
        assert reason in answer.text
        assert f'value="{text}"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    nothing = await reader.get("/en/search?q=nothing")
    assert nothing.status_code == 200
    assert "Nothing was found." in nothing.text


@pytest.mark.parametrize(
    "query", ["q=%00%ff%FE", "q=a%ED%A0%80", "q=word&lang=xx&x=1", "q=%E2%80%AEword", "q=" + "%22" * 300, "q=NEAR(a+b)"]
)
async def test_any_address_is_answered(opened: Hall, query: str) -> None:
    assert (await opened.browser().get(f"/en/search?{query}")).status_code in {200, 422}


async def test_choices_are_kept_in_every_link(opened: Hall) -> None:
    for number in range(22):
        await publish(opened, f"word {number}", "fr" if number % 2 else "en")
    reader = opened.browser()
    page = (await reader.get("/en/search?q=word&space=hall")).text
    assert "22 comments" in page
    assert '<option value="fr" lang="fr">Français (11)</option>' in page
    assert '<option value="hall" lang="en" selected>Space hall (22)</option>' in page
    further = unescape(re.findall(r'<a rel="next" href="([^"]*)"', page)[0])
    assert further.startswith("/en/search?q=word&space=hall&after=")
    second = (await reader.get(further)).text
    assert second.count('class="snippet"') == 2
    assert 'href="/en/search?q=word&amp;space=hall"' in second
    assert 'rel="next"' not in second
    for wrong in ("x", "f" * 32):
        assert (await reader.get(f"/en/search?q=word&after={wrong}")).status_code == 422
    assert (await reader.get("/en/search?q=word&space=nowhere")).status_code == 404


async def test_held_text_changes_no_answer(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        readers = [place.browser(), await place.signed_in(place.bo), await place.signed_in(place.mona)]
        paths = [f"/en/search?q={CANARY}", f"/en/search?q={CANARY}&space=hall", f"/ar/search?q={CANARY}&lang=en"]
        before = [same((await reader.get(path)).text) for reader in readers for path in paths]
        comment = await publish(place, CANARY)
        after = [same((await reader.get(path)).text) for reader in readers for path in paths]
        assert after == before
        assert not [text for text in after if comment in text]


async def test_nobody_keeps_the_page(opened: Hall) -> None:
    await publish(opened, CANARY)
    reader = opened.browser()
    answer = await reader.get(f"/en/search?q={CANARY}")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "<mark>" in answer.text
    await Space.filter(id=opened.space.id).update(visibility="members")
    assert "<mark>" not in (await reader.get(f"/en/search?q={CANARY}")).text


async def test_a_page_costs_the_same_for_one_and_for_many(opened: Hall) -> None:
    reader = opened.browser()
    costs = []
    for _ in range(2):
        for number in range(12):
            await publish(opened, f"word {number}")
        with recorded() as made:
            await reader.get("/en/search?q=word")
        # FTS5 asks its own tables besides, when it is first used.
        costs.append(len([one for one in made if one.sql.startswith(("SELECT", "WITH")) and "search_tokens_" not in one.sql]))
    assert costs[0] == costs[1] <= 8


async def test_the_space_page_searches_in_its_space(opened: Hall) -> None:
    page = (await opened.browser().get("/en/spaces/hall")).text
    form = page[page.index('role="search"') :]
    assert 'action="/en/search"' in form
    assert '<input type="hidden" name="space" value="hall">' in form


async def test_searches_are_limited(opened: Hall) -> None:
    reader, anybody = await opened.signed_in(opened.ana), opened.browser()
    answers = [(await reader.get("/en/search?q=word")).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert {(await anybody.get("/en/search?q=word")).status_code for _ in range(61)} == {200}, "a whole hall has one address"
    assert (await reader.get("/en/search")).status_code == 200
