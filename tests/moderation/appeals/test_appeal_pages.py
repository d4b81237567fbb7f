"""The author's page of one contribution, the reporter's section, and what moderators read on the page of the case; pages and API."""

from typing import Any

import httpx2
import pytest

from moderation.appealing import AppealForm
from moderation.models import Action, Appeal, Case
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against, decision_on
from tests.moderation.desk import BASE, Browser, browser, desk_app, ids_of, main_of, transport
from tests.moderation.reports.saying import reader, report, settle_report
from tests.moderation.scene import Scene, Situation, case_of, settle

RUSSIAN = "Прошу пересмотреть это решение."


def page_of(comment_id: str, lang: str = "en") -> str:
    return f"/{lang}/contributions/{comment_id}"


async def asked(who: Browser, method: str, path: str, body: Any = None) -> httpx2.Response:
    """Ask the API with a bearer token."""
    headers = {"Authorization": f"Bearer {who.secret}"} if who.secret else {}
    async with httpx2.AsyncClient(transport=transport(who.app), base_url=BASE) as plain:
        return await plain.request(method, f"/api/v1{path}", json=body, headers=headers)


async def test_an_appeal_from_form_to_outcome(mona: Browser, scene: Scene) -> None:
    """The author reads why, appeals in Russian, and reads the outcome with its reasons; nobody's name and no note is on the page."""
    comment_id = await scenes.held(scene)
    await settle(
        scene.mona, comment_id, Action.REJECT, "hate", text="Un mot.", text_lang="fr", facts="La phrase 2.", note="CANARY"
    )
    asma, decision = await browser(mona.app, scene.asma), await decision_on(comment_id)
    html = main_of((await asma.get(page_of(comment_id))).text)
    for words in (
        "You sent the text.",
        "In this space every text is read by a moderator before it is published.",
        "Your text is not shown to anybody else, in any country.",
        "Without a time limit.",
        "La phrase 2.",
        "Un mot.",
        "No automated means were used",
        "Moderation policy of this space",
        "You can appeal once, until",
    ):
        assert words in html
    sent = await asma.send(page_of(comment_id), decision=decision.id, text=RUSSIAN, lang="ru")
    assert (sent.status_code, sent.headers["location"]) == (303, page_of(comment_id))
    html = main_of((await asma.get(page_of(comment_id))).text)
    assert 'name="decision"' not in html
    assert "Your appeal waits for a moderator" in html
    assert f"<p>{RUSSIAN}</p>" in html
    await settle(scene.malik, comment_id, Action.OVERTURN, "unclear", text="It is clear.", note="CANARY")
    html = main_of((await asma.get(page_of(comment_id))).text)
    for words in ("The decision was overturned. The reasons are below.", "It is clear.", "Another moderator overturned"):
        assert words in html
    for hidden in ("CANARY", "Mona", "Malik"):
        assert hidden not in html
    assert len(ids_of(html)) == len(set(ids_of(html)))
    assert (await asma.get(page_of(comment_id, "ar"))).status_code == 200


async def test_what_is_wrong_is_said_and_the_text_kept(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.rejected(scene)
    asma, decision = await browser(mona.app, scene.asma), await decision_on(comment_id)
    empty = await asma.send(page_of(comment_id), decision=decision.id, text=" ", lang="ru")
    assert (empty.status_code, await Appeal.all().count()) == (422, 0)
    assert "Please write why you think that the decision should be changed." in empty.text
    long = await asma.send(page_of(comment_id), decision=decision.id, text="x" * 2001, lang="ru")
    assert long.status_code == 422
    assert "x" * 2001 in long.text
    odd = await asma.send(page_of(comment_id), decision=decision.id, text="KEEP", lang="xx")
    assert odd.status_code == 422
    assert "KEEP" in odd.text
    for other in ("", "0" * 32, (await decision_on(await scenes.returned(scene))).id):
        assert (await asma.send(page_of(comment_id), decision=other, text="Words.", lang="en")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("", 303), ("mona", 404), ("omar", 404), ("asma", 200)])
async def test_a_contribution_is_its_authors_alone(scene: Scene, who: str, status: int) -> None:
    comment_id = await scenes.published(scene)
    asking = await browser(desk_app(), getattr(scene, who) if who else None)
    assert (await asking.get(page_of(comment_id))).status_code == status
    api = await asked(asking, "GET", f"/contributions/{comment_id}")
    assert api.status_code == {303: 401}.get(status, status)


SITUATIONS: list[tuple[str, Situation]] = [
    (one.__name__, one)
    for one in (
        scenes.held,
        scenes.revised,
        scenes.edited,
        scenes.edit_returned,
        scenes.retracted,
        scenes.withdrawn,
        scenes.removed,
    )
]


@pytest.mark.parametrize(("sentence", "situation"), SITUATIONS, ids=[row[0] for row in SITUATIONS])
async def test_every_situation_has_a_page_and_an_answer(mona: Browser, scene: Scene, sentence: str, situation: Situation) -> None:
    comment_id = await situation(scene)
    asma = await browser(mona.app, scene.asma)
    assert (await asma.get(page_of(comment_id))).status_code == 200
    found = (await asked(asma, "GET", f"/contributions/{comment_id}")).json()
    assert found["comment"]["id"] == comment_id
    assert [one["number"] for one in found["versions"]] == list(range(1, len(found["versions"]) + 1))
    for one in found["decisions"]:
        assert (one["effect"] is None) == (one["action"] == "publish")


async def test_the_api_of_appeals(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.removed(scene)
    asma, decision = await browser(mona.app, scene.asma), await decision_on(comment_id)
    path = f"/decisions/{decision.id}/appeal"
    assert (await asked(mona, "POST", path, {"text": "Mine?"})).status_code == 404
    made = await asked(asma, "POST", path, {"text": RUSSIAN, "lang": "ru"})
    assert (made.status_code, made.json()["outcome"]) == (201, "waiting")
    again = await asked(asma, "POST", path, {"text": RUSSIAN})
    assert (again.status_code, again.json()["error"]["key"]) == (409, "appeal.made")
    case = await case_of(comment_id)
    malik = await browser(mona.app, scene.malik)
    read = (await asked(malik, "GET", f"/moderation/cases/{case.id}/appeal")).json()
    assert (read["text"], read["lang"], read["against"]["action"], read["outcome"]) == (RUSSIAN, "ru", "remove", None)
    assert RUSSIAN in main_of((await malik.get(f"/en/moderation/cases/{case.id}")).text)
    refused = await asked(
        mona, "POST", f"/moderation/cases/{case.id}/decision", {"action": "uphold", "reason": "hate", "version": 1}
    )
    assert (refused.status_code, refused.json()["error"]["key"]) == (403, "case.touched")
    await settle(scene.malik, comment_id, Action.UPHOLD, "hate")
    [*_, first, upheld] = (await asked(asma, "GET", f"/contributions/{comment_id}")).json()["decisions"]
    assert (first["appeal"]["outcome"], upheld["action"], upheld["about"]) == ("upheld", "uphold", "appeal")
    other = await Case.filter(comment_id=comment_id, kind="new").get()
    assert (await asked(malik, "GET", f"/moderation/cases/{other.id}/appeal")).status_code == 404


async def test_what_one_has_reported(mona: Browser, scene: Scene) -> None:
    """The reporter reads the outcome and the moderators' words, the author neither; who moderates and wrote it reads no report."""
    rita, comment_id = await reader("Rita"), await scenes.published(scene)
    await report(rita, comment_id, "other", "C'est une copie.", lang="fr")
    hers = await browser(mona.app, rita)
    html = main_of((await hers.get("/en/contributions")).text)
    assert "What you have reported" in html
    assert "C&#39;est une copie." in html
    case = await case_of(comment_id)
    seen = main_of((await mona.get(f"/en/moderation/cases/{case.id}")).text)
    assert "Rita" in seen
    assert (await asked(mona, "GET", f"/moderation/cases/{case.id}/reports")).json()["items"][0]["by"] == "Rita"
    writer = await browser(mona.app, await scenes.moderator_who_writes(scene))
    own = main_of((await writer.get(f"/en/moderation/cases/{case.id}")).text)
    assert "Rita" not in own
    assert "C&#39;est une copie." not in own
    assert (await asked(writer, "GET", f"/moderation/cases/{case.id}/reports")).status_code == 403
    await settle_report(scene.mona, comment_id, Action.KEEP, text="It is not a copy.")
    html = main_of((await hers.get("/en/contributions")).text)
    assert "The moderators looked at it and kept the comment." in html
    assert "It is not a copy." in html
    assert "Mona" not in html
    assert "It is not a copy." not in (await writer.get(page_of(comment_id))).text
    [answer] = (await asked(hers, "GET", "/contributions")).json()["reports"]
    assert (answer["outcome"], answer["answer"]) == ("kept", "It is not a copy.")


async def test_contributions_by_pages(mona: Browser, scene: Scene) -> None:
    ids = [await scenes.held(scene) for _ in range(5)]
    asma = await browser(mona.app, scene.asma)
    read, after = list[str](), ""
    while True:
        found = (await asked(asma, "GET", f"/contributions?limit=2&after={after}")).json()
        read += [one["comment"]["id"] for one in found["items"]]
        if found["next"] is None:
            break
        after = found["next"]
    assert read == ids[::-1]
    assert (await asked(mona, "GET", f"/contributions?after={ids[2]}")).json()["items"] == []
    assert (await asked(asma, "GET", "/contributions?after=lost")).status_code == 422


async def test_an_appeal_stays_readable_when_it_was_closed(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.returned(scene)
    await appeal_against(scene.asma, comment_id, AppealForm(text="Please."))
    await scenes.edit(scene, comment_id, "A better text.")
    asma = await browser(mona.app, scene.asma)
    assert "Your appeal was closed" in (await asma.get(page_of(comment_id))).text
