"""Decisions on many cases at once: what is possible is done, what is not is told, and no rule is passed by."""

import re
from typing import Any

import httpx2
import pytest

from forum.discussions.models import Comment
from forum.kernel.errors import Refusal
from forum.people.models import EntityKind, Person
from moderation.claims import claim
from moderation.models import Action, Case, Decision, Proposal
from moderation.queue.bulk import MOST, BulkForm, BulkOutcome, Picked, forecast, perform
from moderation.queue.queries import desk_of
from moderation.rules.models import DeskSettings
from tests.moderation import scene as scenes
from tests.moderation.desk import BASE, Browser, browser, desk_app, main_of, transport
from tests.moderation.scene import Scene, case_of, settle
from tests.support.statements import recorded
from tests.support.world import actor_for, affiliate, entity, person, post

QUEUE, BULK = "/en/moderation", "/en/moderation/bulk"


async def free() -> None:
    """Every case is allowed: limits have a test of their own."""


def picked(*cases: Case) -> list[dict[str, Any]]:
    return [{"id": one.id, "version": one.version} for one in cases]


async def held(scene: Scene, count: int) -> list[Case]:
    return [await case_of(await post(scene.asma, scene.hall, f"Text {number}.")) for number in range(count)]


async def of_state(scene: Scene) -> Case:
    """Return the case of a statement on behalf of a State."""
    kenya, delia = await entity("Kenya", EntityKind.STATE, "KEN"), await person("Delia")
    await affiliate(delia, kenya)
    return await case_of(await post(await actor_for(delia), scene.hall, "For Kenya.", capacity=kenya.id))


async def mixed(scene: Scene) -> dict[str, Case]:
    """Return cases of which each but the first stands in another's way, by what stands there."""
    plain, decided, stale, claimed = await held(scene, 4)
    await settle(scene.malik, decided.comment_id, Action.PUBLISH)
    await scenes.edit(scene, stale.comment_id, "Newer.")
    await claim(scene.malik, claimed.id)
    elsewhere = await case_of(await post(scene.asma, scene.annex, "There."))
    mona = await Person.get(id=scene.mona.person_id)
    own = await case_of(await post(await actor_for(mona), scene.hall, "Mine."))
    state = await of_state(scene)
    return {
        "plain": plain,
        "decided": decided,
        "stale": stale,
        "claimed": claimed,
        "elsewhere": elsewhere,
        "own": own,
        "state": state,
    }


EXPECTED = {
    "plain": (BulkOutcome.DONE, ""),
    "decided": (BulkOutcome.REFUSED, "case.decided"),
    "claimed": (BulkOutcome.REFUSED, "case.claimed"),
    "elsewhere": (BulkOutcome.REFUSED, "not_found"),
    "own": (BulkOutcome.REFUSED, "case.own"),
    "state": (BulkOutcome.PROPOSED, ""),
}


async def test_each_case_by_itself_and_no_rule_passed_by(scene: Scene) -> None:
    """One refused case leaves the others; a State's statement becomes a proposal; the preview had foretold each of them."""
    cases = await mixed(scene)
    form = BulkForm.model_validate({"cases": picked(*cases.values()), "action": "reject", "reason": "hate"})
    told = dict(zip(cases, await forecast(await desk_of(scene.mona), form.cases, form.action, form.reason, "en"), strict=True))
    done = dict(zip(cases, await perform(scene.mona, form, free), strict=True))
    for name, (outcome, key) in EXPECTED.items():
        one = done[name]
        assert (one.outcome, one.refusal.key if one.refusal else "") == (outcome, key), name
        problem = told[name].problem
        assert (problem.key if problem else "") == key, name
        assert told[name].second == (outcome is BulkOutcome.PROPOSED), name
    # An edit closes the case that was seen; what was typed for the old text never meets the new one.
    assert done["stale"].outcome is BulkOutcome.REFUSED
    assert told["stale"].problem is not None
    states = {name: (await Comment.get(id=case.comment_id)).state for name, case in cases.items()}
    assert states == {
        "plain": "rejected",
        "decided": "published",
        "stale": "held",
        "claimed": "held",
        "elsewhere": "held",
        "own": "held",
        "state": "held",
    }
    assert (await Proposal.get(case_id=cases["state"].id)).needs_second
    assert await Decision.all().count() == 2


async def test_one_version_is_decided_once(scene: Scene) -> None:
    """Sent twice, or a case named twice: it is decided once, and the second is told by whom."""
    [case] = await held(scene, 1)
    form = BulkForm.model_validate({"cases": picked(case, case), "action": "publish"})
    first, second = await perform(scene.mona, form, free)
    assert (first.outcome, second.outcome) == (BulkOutcome.DONE, BulkOutcome.REFUSED)
    [again] = await perform(scene.malik, BulkForm(cases=[Picked(id=case.id, version=1)], action=form.action), free)
    assert again.refusal is not None
    assert again.refusal.params["name"] == "Mona"
    assert await Decision.all().count() == 1


async def test_a_reason_is_asked_for_before_anything_is_done(scene: Scene) -> None:
    cases = await held(scene, 2)
    with pytest.raises(Refusal) as refused:
        await perform(scene.mona, BulkForm.model_validate({"cases": picked(*cases), "action": "reject"}), free)
    assert set(refused.value.fields) == {"reason"}
    assert await Decision.all().count() == await Proposal.all().count() == 0


async def test_the_preview_costs_the_same_for_many(scene: Scene) -> None:
    cases = await held(scene, 30)
    desk, made = await desk_of(scene.mona), []
    for some in (cases[:2], cases):
        form = BulkForm.model_validate({"cases": picked(*some), "action": "publish"})
        with recorded() as kept:
            await forecast(desk, form.cases, form.action, "", "en")
        made.append(len(kept))
    assert made[0] == made[1]


def values(*cases: Case) -> str:
    return " ".join(f"{one.id}.{one.version}" for one in cases)


async def test_on_the_pages_a_preview_comes_first_and_writes_nothing(mona: Browser, scene: Scene) -> None:
    cases = await held(scene, 3)
    await claim(scene.malik, cases[2].id)
    html = main_of((await mona.send(QUEUE, BULK, cases=values(*cases), action="return")).text)
    assert "What you choose is possible for 2 cases." in html
    assert "Return to the author: 2 cases" in html
    assert "Malik is working on this case." in html
    assert await Decision.all().count() == 0
    ready = re.search(r'name="ready" value="([^"]+)"', html)
    assert ready
    assert ready[1] == values(*cases[:2])


async def test_on_the_pages_what_was_previewed_is_done_and_reported(mona: Browser, scene: Scene) -> None:
    """Another was faster with one of them: the report says so, keeps what was typed, and leads back to what is left."""
    await DeskSettings.create(space_id=scene.hall.id, undo_seconds=0)
    cases = await held(scene, 3)
    typed = {"action": "return", "shown": "return", "reason": "unclear", "text": "Say <more>.", "text_lang": "en"}
    sent = {"cases": values(*cases), "ready": values(*cases), "do": "perform", **typed}
    nothing = await mona.send(QUEUE, BULK, **sent | {"reason": ""})
    assert nothing.status_code == 422
    assert "Please give a reason" in nothing.text
    assert "Say &lt;more&gt;." in nothing.text
    await settle(scene.malik, cases[1].comment_id, Action.PUBLISH)
    html = main_of((await mona.send(QUEUE, BULK, **sent)).text)
    assert "2 cases done" in html
    assert "1 case not done" in html
    assert "already decided by Malik: published" in html
    assert "Say &lt;more&gt;." in html
    assert [one.text for one in await Decision.filter(action="return")] == ["Say <more>."] * 2


async def test_on_the_pages_a_decision_can_be_undone(mona: Browser, scene: Scene) -> None:
    """As on the page of one case, the settings of the space say for how long."""
    cases = await held(scene, 2)
    sent = {"cases": values(*cases), "ready": values(*cases), "do": "perform", "action": "publish", "shown": "publish"}
    html = main_of((await mona.send(QUEUE, BULK, **sent)).text)
    assert "2 cases proposed" in html
    assert await Decision.all().count() == 0
    assert all(not one.needs_second and one.due_at for one in await Proposal.all())


@pytest.mark.parametrize(
    "given", [{}, {"cases": ""}, {"cases": "x.1x y.0 z"}, {"cases": " ".join(f"{n}.1" for n in range(MOST + 1))}]
)
async def test_on_the_pages_no_case_or_too_many(mona: Browser, scene: Scene, given: dict[str, str]) -> None:
    await held(scene, 1)
    answer = await mona.send(QUEUE, BULK, action="publish", **given)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text


async def test_another_action_than_was_previewed_is_previewed(mona: Browser, scene: Scene) -> None:
    cases = await held(scene, 1)
    sent = {"cases": values(*cases), "ready": values(*cases), "do": "perform", "action": "publish", "shown": "return"}
    assert "Publish: 1 case" in (await mona.send(QUEUE, BULK, **sent)).text
    assert await Decision.all().count() == await Proposal.all().count() == 0


async def test_the_script_is_answered_with_lines(mona: Browser, scene: Scene) -> None:
    cases = await held(scene, 2)
    page = (await mona.get(QUEUE)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    data = {"csrf_token": token[1], "ready": values(cases[0]), "do": "perform", "action": "claim", "shown": "claim"}
    answer = await mona.http.post(BULK, data=data, headers={"Sec-Fetch-Site": "same-origin", "X-Requested-With": "forum"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'data-line="{cases[0].id}"' in answer.text
    assert cases[1].id not in answer.text
    assert (await Case.get(id=cases[0].id)).claimed_by_id == scene.mona.person_id


async def ask(who: Browser, method: str, path: str, body: object = None) -> httpx2.Response:
    """Ask the API of moderation."""
    async with httpx2.AsyncClient(transport=transport(who.app), base_url=BASE) as plain:
        headers = {"Authorization": f"Bearer {who.secret}"} if who.secret else {}
        return await plain.request(method, f"/api/v1/moderation{path}", json=body, headers=headers)


async def test_programs_decide_together_and_read_why_not(mona: Browser, scene: Scene) -> None:
    cases = await mixed(scene)
    chosen = picked(*cases.values())
    answer = await ask(mona, "POST", "/cases/bulk", {"cases": chosen, "action": "publish"})
    assert answer.status_code == 200
    results = dict(zip(cases, answer.json()["results"], strict=True))
    assert results["plain"]["outcome"] == "done"
    assert results["plain"]["case"]["state"] == "decided"
    assert results["elsewhere"]["case"] is None
    assert results["elsewhere"]["error"]["key"] == "not_found"
    assert results["own"]["error"]["key"] == "case.own"
    assert {one["outcome"] for one in results.values()} == {"done", "refused"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cases": [], "action": "publish"},
        {"cases": [{"id": "x", "version": "1"}], "action": "publish"},
        {"cases": [{"id": "x", "version": 1}] * (MOST + 1), "action": "publish"},
        {"cases": [{"id": "x", "version": 1}], "action": "remove"},
        {"cases": [{"id": "x", "version": 1}], "action": "reject"},
    ],
)
async def test_what_programs_cannot_send(mona: Browser, body: object) -> None:
    assert (await ask(mona, "POST", "/cases/bulk", body)).status_code == 422


async def test_each_case_counts_against_the_limit(scene: Scene) -> None:
    """A hundred at once are a hundred: what is beyond is refused, case by case, and can be sent again."""
    mona = await browser(desk_app(limits=True), scene.mona)
    body = {"cases": [{"id": "0" * 32, "version": 1}] * MOST, "action": "publish"}
    for _ in range(6):
        answer = await ask(mona, "POST", "/cases/bulk", body)
        assert {one["error"]["key"] for one in answer.json()["results"]} == {"not_found"}
    answer = await ask(mona, "POST", "/cases/bulk", body)
    assert {one["error"]["key"] for one in answer.json()["results"]} == {"too_many"}


@pytest.mark.parametrize(("who", "status"), [("", 401), ("asma", 403), ("omar", 200)])
async def test_who_may_ask(scene: Scene, who: str, status: int) -> None:
    [case] = await held(scene, 1)
    asking = await browser(desk_app(), getattr(scene, who) if who else None)
    answer = await ask(asking, "POST", "/cases/bulk", {"cases": picked(case), "action": "publish"})
    assert answer.status_code == status
    assert (await ask(asking, "GET", "/counts")).status_code == status
    if status == 200:
        assert answer.json()["results"][0]["error"]["key"] == "not_found"
    assert (await Comment.get(id=case.comment_id)).state == "held"
