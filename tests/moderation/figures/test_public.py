"""The public page, its CSV and its JSON: true, protected, and silent about today and about what waits."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from forum.discussions.models import Space, Visibility
from forum.kernel.locales import LANGS, direction
from moderation.figures.models import DeskDay
from moderation.figures.queries import Family, settled_days, tallied
from moderation.models import Action, Decision
from moderation.rules.models import DeskSettings, SpaceReason
from tests.moderation import past
from tests.moderation.desk import Browser, browser, desk_app, main_of
from tests.moderation.past import NOON, days_of
from tests.moderation.scene import Scene, settle
from tests.support.statements import insert, recorded
from tests.support.world import post

PAGE = "/en/spaces/hall/moderation"
JSON = "/api/v1/spaces/hall/moderation"
PUBLISH, RETURN, REJECT = Action.PUBLISH, Action.RETURN, Action.REJECT
RICH = [{PUBLISH: 9, RETURN: 3}, {REJECT: 12}, {PUBLISH: 4, RETURN: 4}]


@pytest.fixture
async def reader(scene: Scene) -> Browser:
    """Somebody who is not signed in."""
    return await browser(desk_app())


async def get(reader: Browser, path: str, at: timedelta = timedelta()) -> httpx2.Response:
    """Ask on the present day of these tests, or some time later."""
    with past.at(NOON + at):
        answer = await reader.get(path)
    assert answer.status_code == 200, answer.text
    return answer


async def numbers(reader: Browser, at: timedelta = timedelta()) -> dict[str, Any]:
    """The cells of all tables by their key: a number, or why there is none."""
    told = (await get(reader, JSON, at)).json()
    rows = [(one["key"], one) for table in told["tables"] for one in table["rows"]]
    rows += [(f"{table['key']} total", table["total"]) for table in told["tables"]]
    return {key: one["number"] if one["number"] is not None else one["not_told"] for key, one in rows}


async def test_the_numbers_add_up_and_are_those_of_the_decisions(reader: Browser, scene: Scene) -> None:
    await days_of(scene, RICH)
    found = await numbers(reader)
    assert [await Decision.filter(action=action.value).count() for action in (PUBLISH, RETURN, REJECT)] == [13, 7, 12]
    assert {name: found[name] for name in ("published", "returned", "rejected", "dealt total")} == {
        "published": 13,
        "returned": 7,
        "rejected": 12,
        "dealt total": 32,
    }
    assert found["reason:hate"] == "withheld"
    assert found["reason:advertising"] == "few"
    assert found["time total"] == found["published"] + found["returned"] + found["rejected"] == 32
    assert found["appeals total"] == "few"
    told = (await get(reader, JSON)).json()
    assert (told["until"], told["zone"], told["goal_days"]) == ("2026-11-24", "America/New_York", 1)
    assert (told["median_seconds"], told["nine_in_ten_seconds"]) == (7200, 7200)
    assert told["within_goal"] == {"percent": 87, "at_least": True}


async def test_nothing_of_today_changes_a_byte(reader: Browser, scene: Scene) -> None:
    """Neither a post, nor a hold, a decision, a report or an appeal: not the page, not its mark, not the JSON or the CSV."""
    await days_of(scene, RICH)
    paths = [PAGE, "/ar/spaces/hall/moderation", JSON, f"{PAGE}.csv"]

    async def look() -> list[tuple[bytes, str | None]]:
        answers = [await get(reader, path, timedelta(hours=3)) for path in paths]
        return [(one.content, one.headers.get("etag")) for one in answers]

    before = await look()
    assert before[0][1]
    with past.at(NOON + timedelta(hours=1)):
        for action in (PUBLISH, PUBLISH, PUBLISH, PUBLISH, PUBLISH, RETURN, REJECT):
            comment_id = await post(scene.asma, scene.hall, "Of today.")
            assert await look() == before
            await settle(scene.mona, comment_id, action)
            assert await look() == before
        await past.appeal(scene.asma, comment_id)
        published = await post(scene.asma, scene.hall, "Of today too.")
        await settle(scene.mona, published, PUBLISH)
        await settle(scene.malik, comment_id, Action.OVERTURN)
        await past.report(scene.omar, published)
        await settle(scene.mona, published, Action.KEEP)
        await post(scene.asma, scene.hall, "Held.")
    assert await look() == before
    # The probe is not blind: tomorrow all of it is there.
    assert (await numbers(reader, timedelta(days=1)))["published"] == 13 + 6


async def test_what_waits_is_in_no_figure(reader: Browser, scene: Scene) -> None:
    """What came in days ago and still waits, was withdrawn before a decision, or is appealed against, changes nothing either."""
    await days_of(scene, RICH)
    before = await get(reader, PAGE)
    for back in (1, 2):
        with past.at(NOON - timedelta(days=back, hours=-1)):
            for _ in range(5):
                await post(scene.asma, scene.hall, "Waits.")
            rejected = await Decision.filter(action="reject").offset(back).first()
            assert rejected is not None
            await past.appeal(scene.asma, rejected.comment_id)
    after = await get(reader, PAGE)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


async def test_days_are_told_in_batches(scene: Scene) -> None:
    """Whoever compares the page of one day with that of another never sees fewer than five texts between them."""
    plan = [{PUBLISH: n} if n else {} for n in (1, 2, 1, 0, 1, 4, 6, 0, 1, 2)]
    await days_of(scene, plan)
    seen: list[int] = []
    for back in range(len(plan), -1, -1):
        with past.at(NOON - timedelta(days=back)):
            found = await tallied(scene.hall)
            day = (await settled_days(scene.hall))[Family.TEXTS]
        assert day is None or day < (NOON - timedelta(days=back)).date()
        seen.append(sum(n for (name, _), n in found.counts.items() if name == "decided"))
    assert seen == [0, 0, 0, 0, 0, 5, 5, 15, 15, 15, 15]


async def test_an_empty_space_says_so(reader: Browser, scene: Scene) -> None:
    html = main_of((await get(reader, PAGE)).text)
    assert "There are no figures yet." in html
    assert "<table" not in html
    told = (await get(reader, JSON)).json()
    assert (told["until"], told["tables"], told["median_seconds"], told["within_goal"]) == (None, [], None, None)
    assert (await get(reader, f"{PAGE}.csv")).text.count("\n") == 1


async def test_a_median_needs_five(reader: Browser, scene: Scene) -> None:
    scene.hall.premoderation = "none"
    await past.open_for_long(scene.hall)
    with past.at(NOON - timedelta(days=1)):
        for number in range(6):
            await post(scene.asma, scene.hall, f"At once {number}.")
    await scene.hall.refresh_from_db()
    told = (await get(reader, JSON)).json()
    assert (told["until"], told["median_seconds"]) == ("2026-11-24", None)
    assert (await numbers(reader))["at_once"] == 6


async def test_what_is_late(reader: Browser, scene: Scene) -> None:
    """By the goal that the space has now: two days of waiting are late for one working day, not for three."""
    await days_of(scene, [{}, {PUBLISH: 6}, {}, {}], wait=timedelta(days=2))
    await days_of(scene, [{PUBLISH: 18}])
    assert {name: n for name, n in (await numbers(reader)).items() if name in {"within", "late"}} == {"within": 18, "late": 6}
    assert (await get(reader, JSON)).json()["within_goal"] == {"percent": 75, "at_least": False}
    await DeskSettings.create(space_id=scene.hall.id, goal_days=3)
    assert (await numbers(reader))["late"] == "few"
    assert "at least 83%" in (await get(reader, PAGE)).text


@pytest.mark.parametrize("lang", LANGS)
async def test_the_page_in_each_language(reader: Browser, scene: Scene, lang: str) -> None:
    await days_of(scene, RICH)
    html = (await get(reader, f"/{lang}/spaces/hall/moderation")).text
    assert f'<html lang="{lang}" dir="{direction(lang)}">' in html
    main = main_of(html)
    assert main.count("<table") == main.count("<tfoot>") == 7
    assert main.count('class="bar" ') == main.count('aria-hidden="true" focusable="false"') >= 3
    assert " style=" not in main
    widest = 'x="0%" width="100.0%"' if direction(lang) == "ltr" else 'x="0.0%" width="100.0%"'
    assert widest in main
    assert ('x="0%" width="53.8%"' if direction(lang) == "ltr" else 'x="46.2%" width="53.8%"') in main
    assert f"/{lang}/spaces/hall#moderation" in main
    assert f"/{lang}/contributions" in main


async def test_reasons_of_the_space_by_their_own_names(reader: Browser, scene: Scene) -> None:
    for place, code in enumerate(("hate", "old")):
        await SpaceReason.create(
            space_id=scene.hall.id,
            code=code,
            clause=f"4 ({code})",
            name={"en": f"=Name of {code}", "ar": "اسم"},
            text={"en": "Why."},
            place=place,
            retired_at=NOON if code == "old" else None,
        )
    await days_of(scene, [{REJECT: 5}, {PUBLISH: 5}])
    html = main_of((await get(reader, PAGE)).text)
    assert "<bdi>=Name of hate</bdi>" in html
    assert "Clause 4 (hate)" in html
    assert "another reason" in html
    assert "advertising" not in html
    assert "اسم" in (await get(reader, "/ar/spaces/hall/moderation")).text
    rows = list(csv.DictReader(io.StringIO((await get(reader, f"{PAGE}.csv")).content.decode("utf-8-sig"))))
    named = {one["row"]: one for one in rows}
    assert named["reason:hate"]["label"] == "'=Name of hate"
    assert (named["reason:hate"]["number"], named["reason:old"]["not_told"], named["rejected"]["not_told"]) == (
        "5",
        "few",
        "withheld",
    )
    assert {one["until"] for one in rows if one["table"] == "dealt"} == {"2026-11-24"}


async def test_who_may_read_the_space_may_read_its_figures(reader: Browser, scene: Scene) -> None:
    assert PAGE in (await browser_of_spaces(reader)).text
    await Space.filter(id=scene.hall.id).update(visibility=Visibility.MEMBERS.value)
    for path in (PAGE, f"{PAGE}.csv", JSON, "/en/spaces/nowhere/moderation", "/en/spaces/%00/moderation"):
        assert (await reader.get(path)).status_code == 404, path
    assert (await (await browser(reader.app, scene.mona)).get(PAGE)).status_code == 200


async def browser_of_spaces(reader: Browser) -> httpx2.Response:
    """The page of the space, which links to its figures: from the forum's own routes."""
    from starlette.routing import Mount

    from forum.discussions.routes import PAGES

    app: Any = desk_app()
    app.router.routes.insert(0, Mount("/en", routes=PAGES))
    return await (await browser(app)).get("/en/spaces/hall")


@pytest.mark.parametrize(
    ("zone", "local", "kept"),
    [
        ("America/New_York", "2026-11-25T12:00", True),
        ("America/New_York", "2026-11-25T23:58", True),
        ("America/New_York", "2026-11-25T23:59:30", False),
        ("Pacific/Kiritimati", "2026-11-25T23:59:01", False),
        ("Pacific/Kiritimati", "2026-11-26T00:00", True),
    ],
)
async def test_no_page_is_kept_over_midnight(reader: Browser, scene: Scene, zone: str, local: str, kept: bool) -> None:
    """Anonymous readers share one page, but in the last minute of the space's day it is made anew for each."""
    await Space.filter(id=scene.hall.id).update(zone=zone)
    tags: list[object] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {}
        await reader.app(scope, receive, send)
        tags.append(scope["state"].get("cache_tags"))

    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    with past.at(now):
        assert (await (await browser(noting)).get(PAGE)).status_code == 200
    assert tags == [(f"space:{scene.hall.id}",) if kept else None]


async def test_it_costs_the_same_whatever_has_happened(reader: Browser, scene: Scene) -> None:
    """Few statements, as many for a space in which everything has happened every day of a year."""

    async def cost() -> list[str]:
        with recorded() as made:
            await get(reader, PAGE)
        return [one.sql for one in made]

    await days_of(scene, [{PUBLISH: 5}])
    before = await cost()
    names = [("decided", "new publish"), ("decided", "new reject"), ("reject", "hate"), ("reported", "")]
    names += [("waited", str(seconds)) for seconds in range(300, 3600, 300)]
    days = [(NOON - timedelta(days=back)).date().isoformat() for back in range(2, 367)]
    rows = [[scene.hall.id, day, name, detail, 9] for day in days for name, detail in names]
    await insert("desk_days", ("space_id", "day", "name", "detail", "n"), rows)
    assert await DeskDay.all().count() > 5000
    after = await cost()
    assert len(after) == len(before) <= 6
    assert not [sql for sql in after if " decisions " in sql or " cases " in sql or " comments " in sql]
