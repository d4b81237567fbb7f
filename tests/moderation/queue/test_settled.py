"""What waits no more: newest first on the page, oldest first for programs, each with what was decided."""

from dataclasses import replace

from moderation.queue.bulk import BulkAction, BulkForm, forecast
from moderation.queue.filters import QueueFilter
from moderation.queue.queries import desk_of, page
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.desk import Browser, main_of
from tests.moderation.queue.test_bulk import picked
from tests.moderation.reports.saying import reader, report
from tests.moderation.scene import Scene, case_of

DECIDED = QueueFilter(state="decided", newest=True)


async def test_what_came_last_comes_first_with_its_decision(mona: Browser, scene: Scene) -> None:
    made = [await scenes.published(scene), await scenes.returned(scene), await scenes.rejected(scene)]
    cases = [(await case_of(one)).id for one in made]
    html = main_of((await mona.get("/en/moderation?state=decided")).text)
    assert "What came last comes first." in html
    rows = html.split("<li data-case=")[1:]
    assert [row[1:33] for row in rows] == cases[::-1]
    for row, words in zip(rows, ("Rejected", "Returned to the author", "Published"), strict=True):
        assert f"<strong>{words}</strong>" in row
        assert "<bdi>Mona</bdi>" in row
    told = (await mona.api("GET", "?state=decided")).json()["items"]
    assert [one["id"] for one in told] == cases


async def test_pages_lead_back_in_time(scene: Scene) -> None:
    cases = [(await case_of(await scenes.rejected(scene))).id for _ in range(5)]
    desk, found, after = await desk_of(scene.mona), list[str](), ""
    for _ in range(3):
        part = await page(desk, replace(DECIDED, after=after), [], "en", limit=2)
        found += [one.id for one in part.items]
        after = part.next or ""
    assert found == cases[::-1]
    assert after == ""


async def test_a_choice_says_how_many_fit_it(mona: Browser, scene: Scene) -> None:
    await scenes.held(scene)
    assert "1 case waits." in (await mona.get("/en/moderation")).text
    html = main_of((await mona.get("/en/moderation?text_lang=ar")).text)
    assert "0 cases fit your choice." in html
    assert "0 cases wait." not in html


async def test_what_is_answered_on_its_own_page_says_so(scene: Scene) -> None:
    returned = await scenes.returned(scene)
    await appeal_against(scene.asma, returned)
    published = await scenes.published(scene)
    await report(await reader("Rita"), published)
    cases = [await case_of(one) for one in (returned, published)]
    assert [one.kind for one in cases] == ["appeal", "report"]
    form = BulkForm.model_validate({"cases": picked(*cases), "action": BulkAction.PUBLISH})
    told = await forecast(await desk_of(scene.malik), form.cases, form.action, "", "en")
    assert [one.problem and one.problem.key for one in told] == ["bulk.appeal", "bulk.report"]
