"""The facilitators' home: its numbers are those of the queue, its lists name what is missing, and each sees what is given to them."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from forum.discussions.models import Comment, Space
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS, direction
from forum.people.models import EntityKind, Person
from moderation.decisions import decide
from moderation.fairness import Matter, recused
from moderation.forms import DecisionForm
from moderation.home.overview import Desk, home
from moderation.models import Action, Case, CaseKind, Proposal
from moderation.queries import Waiting
from moderation.queue.filters import QueueFilter
from moderation.queue.queries import queue
from moderation.rules.models import DeskSettings, ModeratorScope
from moderation.rules.settings import settings_of
from tests.moderation import past
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, desk_app, ids_of, main_of, transport
from tests.moderation.sanctions.acts import appealed, judged, sanction
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import actor_for, affiliate, entity, give_role, person, post, space

HOME = "/en/moderation/home"


async def desks(actor: Actor) -> dict[str, Desk]:
    return {one.place.slug: one for one in (await home(actor)).desks}


async def api(who: Browser) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {who.secret}"} if who.secret else {}
    async with httpx2.AsyncClient(transport=transport(who.app), base_url="http://forum.test") as plain:
        return await plain.get("/api/v1/moderation/home", headers=headers)


@pytest.mark.parametrize(("who", "page", "json"), [("", 303, 401), ("asma", 403, 403), ("mona", 200, 200), ("sara", 200, 200)])
async def test_who_has_a_home(scene: Scene, who: str, page: int, json: int) -> None:
    """Moderators and the secretariat; anybody else is refused, page and API alike."""
    sara = await actor_for(await person("Sara", secretariat=True))
    asking = await browser(desk_app(), {"sara": sara, "asma": scene.asma, "mona": scene.mona}.get(who))
    assert (await asking.get(HOME)).status_code == page
    assert (await api(asking)).status_code == json


async def test_each_sees_what_is_given(scene: Scene) -> None:
    """A moderator their spaces, whatever their state; the secretariat all that are open, and links to none of their queues."""
    await Space.filter(id=scene.annex.id).update(state="closed")
    closed = await space("closed one", state="closed")
    assert set(await desks(scene.mona)) == {"hall"}
    assert set(await desks(scene.omar)) == {"annex"}
    sara = await actor_for(await person("Sara", secretariat=True))
    assert set(await desks(sara)) == {"hall"}
    await post(scene.asma, scene.hall, "Waits.")
    html = main_of((await (await browser(desk_app(), sara)).get(HOME)).text)
    assert "/moderation?" not in html
    assert "Moderators decide." in html
    assert closed.slug not in html


async def waits_in(actor: Actor, slug: str) -> list[Waiting]:
    return (await queue(actor, QueueFilter(slug), "en", 1000)).items


async def test_the_numbers_are_those_of_the_queue(scene: Scene) -> None:
    await past.Walk(scene, 21).go(80)
    with past.at(past.NOON):
        await scenes.held(scene)
        await scenes.edited(scene)
        found = (await desks(scene.mona))["hall"]
        waiting = await waits_in(scene.mona, "hall")
    assert found.waiting == len(waiting) >= 2
    assert found.appeals == sum(one.kind == CaseKind.APPEAL.value for one in waiting)
    assert found.late == sum(one.due_at is not None and one.due_at < past.NOON for one in waiting)
    html = (await (await browser(desk_app(), scene.mona)).get(HOME)).text
    link = re.search(r'href="(/en/moderation\?space=hall)">(\d+)', html)
    assert link is not None
    assert int(link[2]) == len(await waits_in(scene.mona, "hall"))


async def test_only_the_languages_given_are_counted(scene: Scene) -> None:
    """Whoever is given French sees the numbers of French, and threads in French."""
    await past.open_for_long(scene.hall)
    early = past.NOON - timedelta(days=9)
    ids = []
    with past.at(early):
        for lang in ("fr", "fr", "en", "ar"):
            ids.append(await post(scene.asma, scene.hall, f"Texte {lang}", lang=lang))
    for number in (1, 2):
        with past.at(early + timedelta(minutes=number)):
            await settle(scene.mona, ids[number], Action.PUBLISH)
    await ModeratorScope.create(person_id=scene.malik.person_id, space_id=scene.hall.id, languages=["fr"])
    with past.at(past.NOON):
        mona, malik = await home(scene.mona), await home(scene.malik)
    assert [(one.desks[0].waiting, one.desks[0].late) for one in (mona, malik)] == [(2, 2), (1, 1)]
    assert [[thread.id for thread in one.threads] for one in (mona, malik)] == [[ids[1], ids[2]], [ids[1]]]


async def test_what_waits_for_a_second(scene: Scene) -> None:
    kenya = await entity("Kenya", EntityKind.STATE, "KEN")
    await affiliate(await Person.get(id=scene.asma.person_id), kenya)
    comment_id = await post(scene.asma, scene.hall, "For a State.", capacity=kenya.id)
    case = await case_of(comment_id)
    await decide(scene.mona, case.id, DecisionForm(action=Action.REJECT, reason="hate", version=case.version))
    assert await Proposal.filter(needs_second=True).count() == 1
    found = (await desks(scene.malik))["hall"]
    assert (found.seconds, found.waiting) == (1, 1)


@pytest.mark.parametrize("setting", ["", "recuse_entity", "recuse_nationality"])
async def test_appeals_that_nobody_may_decide(scene: Scene, setting: str) -> None:
    """By the same rules as deciding, whoever has touched what, speaks for whom and is of where."""
    if setting:
        await DeskSettings.create(space_id=scene.hall.id)
        await DeskSettings.filter(space_id=scene.hall.id).update(**{setting: setting == "recuse_nationality"})
    kenya, iom = await entity("Kenya", EntityKind.STATE, "KEN"), await entity("IOM", EntityKind.UN_BODY)
    asma, malik = [await Person.get(id=one.person_id) for one in (scene.asma, scene.malik)]
    await affiliate(asma, kenya)
    cases = []
    for number in range(6):
        comment_id = await post(scene.asma, scene.hall, f"Text {number}", capacity=kenya.id if number % 2 else "")
        await settle(scene.mona, comment_id, Action.RETURN)
        cases.append(await past.appeal(scene.asma, comment_id))
    # Malik alone is left, and his ties to the matter grow.
    expected: list[int] = []
    for change in range(4):
        if change == 1:
            await ModeratorScope.create(person_id=malik.id, space_id=scene.hall.id, nationality="KEN")
        if change == 2:
            await affiliate(malik, kenya)
        if change == 3:
            await affiliate(malik, iom)
            await affiliate(await Person.get(id=scene.mona.person_id), iom)
        stuck = [case for case in cases if not await somebody(scene, case)]
        expected.append(len(stuck))
        assert (await desks(scene.mona))["hall"].stuck == len(stuck)
    assert expected[0] == 0
    assert expected[-1] == len(cases)
    html = main_of((await (await browser(desk_app(), scene.mona)).get(HOME)).text)
    assert "6 appeals wait that nobody who moderates this space may decide." in html


async def somebody(scene: Scene, case: Case) -> bool:
    matter = Matter(case, await Comment.get(id=case.comment_id), await settings_of(case.space_id))
    return any([not await recused(one, matter) for one in (scene.mona, scene.malik)])


async def test_an_appeal_in_a_language_of_no_moderator_is_stuck(scene: Scene) -> None:
    comment_id = await scenes.returned(scene)
    await past.appeal(scene.asma, comment_id)
    assert (await desks(scene.mona))["hall"].stuck == 0
    await ModeratorScope.create(person_id=scene.malik.person_id, space_id=scene.hall.id, languages=["fr", "ar"])
    assert (await desks(scene.mona))["hall"].stuck == 1


async def test_threads_without_an_answer(scene: Scene) -> None:
    """Published, alone and three days old; a held reply is no answer, a removed one neither; below an answer nothing is asked."""
    await past.open_for_long(scene.hall)

    async def at(days: int, body: str, parent: str | None = None, *, action: Action | None = Action.PUBLISH) -> str:
        with past.at(past.NOON - timedelta(days=days)):
            comment_id = await post(scene.asma, scene.hall, body, parent=parent)
            if action:
                await settle(scene.mona, comment_id, action)
        return comment_id

    alone, answered, held = [await at(9 - number, body) for number, body in enumerate(("Alone", "Answered", "Held below"))]
    removed = await at(6, "Removed below")
    await at(5, "Not published", action=None)
    await at(2, "New")
    reply = await at(4, "A reply", answered)
    await at(4, "A reply to it", reply)
    await at(4, "A held reply", held, action=None)
    gone = await at(4, "A reply that goes", removed)
    await settle(scene.mona, gone, Action.REMOVE)
    with past.at(past.NOON):
        assert [one.id for one in (await home(scene.mona)).threads] == [alone, held, removed]
        html = main_of((await (await browser(desk_app(), scene.mona)).get(HOME)).text)
        assert html.count("/en/spaces/hall/comments/") == 3
        await Space.filter(id=scene.hall.id).update(state="closed")
        assert (await home(scene.mona)).threads == []


async def test_who_is_silent(scene: Scene) -> None:
    hall = (await desks(scene.mona))["hall"]
    assert list(hall.regions) == ["africa", "americas", "asia", "europe", "oceania"]
    assert list(hall.groups) == ["member-state", "observer", "un-system", "organizations"]
    assert set(hall.unheard) == set(LANGS)
    assert list(hall.unmoderated) == []
    asma = await Person.get(id=scene.asma.person_id)
    speaks = [
        await entity("Kenya", EntityKind.STATE, "KEN"),
        await entity("Holy See", EntityKind.OBSERVER, "VAT"),
        await entity("Red Cross", EntityKind.ORGANIZATION),
    ]
    for one, lang in zip(speaks, ("fr", "es", "ru"), strict=True):
        await affiliate(asma, one)
        comment_id = await post(scene.asma, scene.hall, "For others.", capacity=one.id, lang=lang)
        # What waits is not heard yet.
        assert lang in (await desks(scene.mona))["hall"].unheard
        await settle(scene.mona, comment_id, Action.PUBLISH)
    hall = (await desks(scene.mona))["hall"]
    assert list(hall.regions) == ["americas", "asia", "oceania"]
    assert list(hall.groups) == ["un-system"]
    assert set(hall.unheard) == {"ar", "zh", "en"}


async def test_languages_without_a_moderator(scene: Scene) -> None:
    for who, languages in ((scene.mona, ["en", "fr"]), (scene.malik, ["ar"])):
        await ModeratorScope.create(person_id=who.person_id, space_id=scene.hall.id, languages=languages)
    assert set((await desks(scene.mona))["hall"].unmoderated) == {"zh", "ru", "es"}
    await Person.filter(id=scene.malik.person_id).update(suspended_at=clock.now())
    assert set((await desks(scene.mona))["hall"].unmoderated) == {"zh", "ru", "es", "ar"}
    await give_role(await person("Maria"), scene.hall)
    assert list((await desks(scene.mona))["hall"].unmoderated) == []


async def test_arrivals_and_decisions_a_day(scene: Scene) -> None:
    plan = [{Action.PUBLISH: 3}, {}, {Action.REJECT: 2, Action.RETURN: 1}]
    await past.days_of(scene, plan)
    with past.at(past.NOON):
        await post(scene.asma, scene.hall, "Of today.")
        found = await home(scene.mona)
        html = main_of((await (await browser(desk_app(), scene.mona)).get(HOME)).text)
    assert len(found.days) == 30
    assert [(one.arrived, one.decided) for one in found.days[-4:]] == [(3, 3), (0, 0), (3, 3), (1, 0)]
    assert found.median == 7200
    assert 'role="img" aria-labelledby="flow-chart-title flow-chart-desc"' in html
    assert "In 30 days 7 cases arrived and 6 decisions were taken; at most 3 on one day." in html
    assert html.count("columns-first") == 1 + 3
    assert html.count("columns-second") == 1 + 2
    assert html.count('<tr><th scope="row">') == 30


async def test_days_left_are_those_of_the_space(scene: Scene) -> None:
    await Space.filter(id=scene.hall.id).update(closes_at=past.NOON + timedelta(days=3, hours=14))
    with past.at(past.NOON):
        assert (await desks(scene.mona))["hall"].days_left == 3
    with past.at(past.NOON + timedelta(days=3, hours=13)):
        assert (await desks(scene.mona))["hall"].days_left == 0


@pytest.mark.parametrize("lang", LANGS)
async def test_the_page_in_each_language(scene: Scene, lang: str) -> None:
    await past.days_of(scene, [{Action.PUBLISH: 2}, {Action.PUBLISH: 1}])
    with past.at(past.NOON):
        answer = await (await browser(desk_app(), scene.mona)).get(f"/{lang}/moderation/home")
    assert f'<html lang="{lang}" dir="{direction(lang)}">' in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    ids = ids_of(answer.text)
    assert len(ids) == len(set(ids))
    xs = [float(one) for one in re.findall(r'class="columns-first" x="([\d.]+)"', answer.text)]
    assert xs == (sorted(xs) if direction(lang) == "ltr" else sorted(xs, reverse=True))


async def test_the_api_says_the_same(scene: Scene) -> None:
    await past.Walk(scene, 8).go(40)
    with past.at(past.NOON):
        found = await home(scene.mona)
        told: dict[str, Any] = (await api(await browser(desk_app(), scene.mona))).json()
    [one], [desk] = told["spaces"], found.desks
    assert (one["space"], one["moderated"], one["waiting"], one["late"]) == ("hall", True, desk.waiting, desk.late)
    assert one["silent_regions"] == list(desk.regions)
    assert [(day["arrived"], day["decided"]) for day in told["days"]] == [(day.arrived, day.decided) for day in found.days]
    assert [thread["id"] for thread in told["unanswered"]] == [thread.id for thread in found.threads]


async def test_appeals_against_measures_wait_at_home(scene: Scene) -> None:
    """As many as the list behind the number holds; for moderators of the space alone, and no longer once answered."""
    measure = await sanction(scene.mona, scene.asma)
    app = desk_app()
    for step, expected in (("", [0, 0, 0]), ("appealed", [1, 1, 0]), ("judged", [0, 0, 0])):
        if step:
            measure = await (appealed(scene.asma, measure) if step == "appealed" else judged(scene.malik, measure))
        answers = [await api(await browser(app, who)) for who in (scene.mona, scene.malik, scene.omar)]
        assert [one.json()["measure_appeals"] for one in answers] == expected, step
