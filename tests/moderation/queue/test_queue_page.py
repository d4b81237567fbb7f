"""The queue as a page: filters and their counts, what is late, kept filters, ways to the rules; and what it costs."""

import re
from datetime import timedelta
from html import unescape

import pytest

from forum.db.connect import writer
from forum.db.reading import execute
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS
from forum.people.models import Person
from moderation.models import Action, Case
from moderation.queue.models import SavedFilter
from moderation.queue.saving import MOST, NAME_LIMIT
from moderation.rules.models import ModeratorScope
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, desk_app, ids_of, main_of
from tests.moderation.queue.test_bulk import ask
from tests.moderation.scene import Scene
from tests.support.statements import recorded
from tests.support.world import actor_for, give_role, post, space

QUEUE = "/en/moderation"


async def test_filters_say_what_they_would_find(mona: Browser, scene: Scene) -> None:
    for lang in ("en", "fr", "fr"):
        await post(scene.asma, scene.hall, "Words.", lang=lang)
    await scenes.edited(scene)
    html = main_of((await mona.get(QUEUE)).text)
    for words in ("Français (2)", "English (2)", "New comment (3)", "Edit of a published comment (1)", "Question 1 (4)"):
        assert words in html
    assert "4 cases wait." in html
    narrowed = main_of((await mona.get(f"{QUEUE}?text_lang=fr")).text)
    assert narrowed.count("<li data-case=") == 2
    assert "English (2)" in narrowed
    assert "New comment (2)" in narrowed
    assert '<details class="queue-filters" open>' in narrowed


async def test_what_is_late_is_shown_and_found(mona: Browser, scene: Scene) -> None:
    """By the goal of the space; a decided case is late no more."""
    late = await scenes.case_of(await scenes.held(scene))
    await scenes.held(scene)
    await Case.filter(id=late.id).update(due_at=clock.now() - timedelta(hours=3))
    html = main_of((await mona.get(QUEUE)).text)
    assert "1 is late." in html
    assert "Late: 3 hours" in html
    assert "Service goal: 1 working day" in html
    found = main_of((await mona.get(f"{QUEUE}?due=late")).text)
    assert found.count("<li data-case=") == 1
    assert late.id in found
    await scenes.settle(scene.malik, late.comment_id, Action.PUBLISH)
    assert "is late" not in main_of((await mona.get(QUEUE)).text)


async def test_ways_to_the_rules_of_each_space(scene: Scene) -> None:
    both = await Person.get(id=scene.mona.person_id)
    await give_role(both, scene.annex)
    mona = await browser(desk_app(), await actor_for(both))
    html = main_of((await mona.get(QUEUE)).text)
    for slug in ("hall", "annex"):
        assert f'href="/en/moderation/spaces/{slug}/rules"' in html
    omar = await browser(desk_app(), scene.omar)
    assert "/spaces/hall/rules" not in (await omar.get(QUEUE)).text


async def make_late() -> None:
    await execute("UPDATE cases SET due_at = ?", [clock.now() - timedelta(hours=3)], writer())


async def cost(who: Browser, address: str) -> int:
    with recorded() as made:
        assert (await who.get(address)).status_code == 200
    return len(made)


@pytest.mark.parametrize("query", ["", "?due=late", "?may=1", "?space=hall&text_lang=en&kind=new"])
async def test_fifty_cases_cost_what_one_costs(mona: Browser, scene: Scene, query: str) -> None:
    """And fifty spaces what one costs."""
    await scenes.held(scene)
    await make_late()
    before = await cost(mona, QUEUE + query)
    for number in range(55):
        await post(scene.asma, scene.hall, f"Text {number}", question=1 + number % 3, lang=LANGS[number % 6])
    await make_late()
    person = await Person.get(id=scene.mona.person_id)
    for number in range(12):
        await post(scene.asma, await space(f"space-{number}", moderators=[person]), "There.")
    assert await cost(mona, QUEUE + query) == before <= 14


async def test_a_filter_is_kept_under_a_name(mona: Browser, scene: Scene) -> None:
    """It is the moderator's own, leads to what was chosen, and goes when it is deleted."""
    page = f"{QUEUE}?text_lang=fr"
    query = re.search(r'name="query" value="([^"]+)"', (await mona.get(page)).text)
    assert query
    kept = await mona.send(page, f"{QUEUE}/filters", name="  French <b>  ", query=unescape(query[1]))
    assert (kept.status_code, kept.headers["location"]) == (303, page)
    html = main_of((await mona.get(QUEUE)).text)
    assert "<bdi>French &lt;b&gt;</bdi>" in html
    assert f'href="{page}"' in html
    malik = await browser(mona.app, scene.malik)
    assert "French" not in main_of((await malik.get(QUEUE)).text)
    one = await SavedFilter.get()
    delete = f"{QUEUE}/filters/{one.id}/delete"
    assert (await malik.send(page, delete)).status_code == 404
    assert (await mona.send(page, delete)).status_code == 303
    assert await SavedFilter.all().count() == 0
    assert (await mona.send(page, delete)).status_code == 404
    assert (await mona.send(page, f"{QUEUE}/filters/x/delete")).status_code == 404


@pytest.mark.parametrize(("name", "words"), [("", "field"), ("n" * (NAME_LIMIT + 1), "60"), ("taken", "already")])
async def test_a_name_that_cannot_be_kept(mona: Browser, name: str, words: str) -> None:
    page = f"{QUEUE}?kind=new"
    await mona.send(page, f"{QUEUE}/filters", name="taken", query="kind=new")
    refused = await mona.send(page, f"{QUEUE}/filters", name=name, query="kind=new")
    assert refused.status_code == (409 if name == "taken" else 422)
    assert 'id="error-summary"' in refused.text
    assert words in refused.text
    assert await SavedFilter.all().count() == 1


async def test_so_many_filters_and_no_more(mona: Browser) -> None:
    for number in range(MOST):
        assert (await mona.send(f"{QUEUE}?kind=new", f"{QUEUE}/filters", name=f"n{number}", query="kind=new")).status_code == 303
    refused = await mona.send(f"{QUEUE}?kind=new", f"{QUEUE}/filters", name="more", query="kind=new")
    assert refused.status_code == 409
    assert "more" in refused.text


@pytest.mark.parametrize("lang", LANGS)
async def test_no_id_twice(mona: Browser, scene: Scene, lang: str) -> None:
    for _ in range(3):
        await scenes.held(scene)
    await mona.send(f"{QUEUE}?kind=new", f"{QUEUE}/filters", name="One", query="kind=new")
    ids = ids_of((await mona.get(f"/{lang}/moderation?kind=new")).text)
    assert len(ids) == len(set(ids))


async def test_programs_filter_and_count(mona: Browser, scene: Scene) -> None:
    for lang in ("en", "fr", "fr"):
        await post(scene.asma, scene.hall, "Words.", lang=lang)
    found = (await ask(mona, "GET", "/cases?text_lang=fr&limit=1")).json()
    assert (len(found["items"]), found["items"][0]["lang"]) == (1, "fr")
    rest = (await ask(mona, "GET", f"/cases?text_lang=fr&limit=1&after={found['next']}")).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    counts = (await ask(mona, "GET", "/counts?kind=new")).json()
    assert counts["total"] == {"n": 3, "bound": None}
    assert counts["text_lang"] == [{"value": "en", "n": 1, "bound": None}, {"value": "fr", "n": 2, "bound": None}]
    for wrong in ("/cases?region=atlantis", "/cases?after=x", "/counts?due=soon", "/counts?kind=x", "/cases?question=0"):
        assert (await ask(mona, "GET", wrong)).status_code == 422, wrong


async def test_nothing_given_is_an_empty_page(scene: Scene) -> None:
    """A moderator whose languages have no case sees none, and no count of them."""
    await scenes.held(scene)
    actor: Actor = scene.malik
    await only_russian(actor, scene)
    malik = await browser(desk_app(), actor)
    html = main_of((await malik.get(QUEUE)).text)
    assert "<li data-case=" not in html
    assert "English" not in html
    assert "0 cases wait." in html


async def only_russian(actor: Actor, scene: Scene) -> None:
    await ModeratorScope.create(person_id=actor.person_id, space_id=scene.hall.id, languages=["ru"])
