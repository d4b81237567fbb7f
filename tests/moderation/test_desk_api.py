"""The moderators' API as the interface describes it."""

from typing import Any

import pytest

from forum.kernel.events import Fact
from forum.web import describing
from moderation.models import Action, Decision
from moderation.routes import API, DOCS
from tests.contracts.schema import Checker
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser
from tests.moderation.scene import Scene, case_of, settle

PROMISED = {"id", "version", "state", "kind", "comment", "claimed_by", "opened_at"}


async def other(mona: Browser, scene: Scene, who: str) -> Browser:
    return await browser(mona.app, getattr(scene, who) if who else None)


def faults(model: str, answer: Any) -> list[str]:
    """What in `answer` is not as the description says."""
    document = describing.document(DOCS)
    return list(Checker(document).faults(answer, {"$ref": f"#/components/schemas/{model}"}))


async def test_routes_and_description_agree() -> None:
    served = {(method, route.path) for route in API for method in route.methods or () if method != "HEAD"}
    assert served == {(doc.method, doc.path) for doc in DOCS}
    assert len(describing.document(DOCS)["paths"]) == len({route.path for route in API})


async def test_the_queue(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    await scenes.published(scene)
    answer = (await mona.api("GET", "?state=open")).json()
    [item] = answer["items"]
    assert not faults("CasesAnswer", answer)
    assert set(item) >= PROMISED
    assert (item["comment"], item["version"], item["state"], item["kind"]) == (comment_id, 1, "open", "new")
    assert (item["claimed_by"], item["space"], item["body"]) == (None, "hall", "A first text.")
    assert item["author"] == {"name": "Asma", "capacity": "personal", "entity": None}
    assert item["actions"] == ["publish", "return", "reject", "move", "merge"]
    assert len((await mona.api("GET", "")).json()["items"]) == 2
    assert len((await mona.api("GET", f"?comment={comment_id}&state=")).json()["items"]) == 1
    first = (await mona.api("GET", "?limit=1")).json()
    rest = (await mona.api("GET", f"?limit=1&after={first['next']}")).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [1, 1, None]
    assert (await mona.api("GET", "?state=lost")).status_code == 422
    assert (await mona.api("GET", "?after=lost")).json()["error"]["fields"]["after"]


@pytest.mark.parametrize(("who", "status"), [("", 401), ("asma", 403), ("omar", 404), ("malik", 200)])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("POST", "/claim", None),
        ("DELETE", "/claim", None),
        ("POST", "/decision", {"action": "publish", "version": 1}),
    ],
)
async def test_who_may_ask(
    mona: Browser, scene: Scene, who: str, status: int, method: str, path: str, body: dict[str, object] | None
) -> None:
    """Nobody: 401. Who moderates nothing: 403. Who moderates elsewhere: 404, as for no case at all. A moderator: 200."""
    case = await case_of(await scenes.held(scene))
    asking = await other(mona, scene, who)
    assert (await asking.api(method, f"/{case.id}{path}", body)).status_code == status
    unknown = 404 if status == 200 else status
    for case_id in ("0" * 32, "nothing"):
        assert (await asking.api(method, f"/{case_id}{path}", body)).status_code == unknown
    assert await Decision.all().count() == (1 if status == 200 and path == "/decision" else 0)


async def test_deciding(mona: Browser, scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    body = {"action": "return", "reason": "off-question", "note": "for us", "version": 1}
    done = await mona.api("POST", f"/{case.id}/decision", body)
    assert done.status_code == 200
    assert not faults("CaseAnswer", done.json())
    assert (done.json()["state"], done.json()["version"], done.json()["comment_state"]) == ("decided", 2, "returned")
    assert done.json()["decision"]["reason"] == "off-question"
    malik = await other(mona, scene, "malik")
    for version in (1, 2):
        late = await malik.api("POST", f"/{case.id}/decision", {"action": "publish", "version": version})
        assert late.status_code == 409
        assert late.json()["current"]["decision"]["by"] == "Mona"
        assert late.json()["current"]["decision"]["action"] == "return"
        assert late.json()["current"]["decision"]["at"].endswith("Z")
        assert "Mona" in late.json()["error"]["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"action": "burn"}, "action"),
        ({"action": ["publish"]}, "action"),
        ({"action": None}, "action"),
        ({"version": "1"}, "version"),
        ({"version": True}, "version"),
        ({"version": 0}, "version"),
        ({"version": None}, "version"),
        ({"action": "reject"}, "reason"),
        ({"action": "reject", "reason": {}}, "reason"),
        ({"note": "x" * 4001}, "note"),
        ({"text": ["x"]}, "text"),
        ({"text_lang": "tlh"}, "text_lang"),
    ],
)
async def test_what_is_wrong_is_named(mona: Browser, scene: Scene, change: dict[str, object], field: str) -> None:
    """Nothing is guessed from a value of the wrong type; the same decision without the fault goes through."""
    case = await case_of(await scenes.held(scene))
    good: dict[str, object] = {"action": "publish", "version": 1}
    refused = await mona.api("POST", f"/{case.id}/decision", good | change)
    assert refused.status_code == 422
    assert list(refused.json()["error"]["fields"]) == [field]
    assert (await mona.api("POST", f"/{case.id}/decision", good)).status_code == 200


async def test_claiming(mona: Browser, scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    taken = (await mona.api("POST", f"/{case.id}/claim")).json()
    assert taken["claimed_by"] == "Mona"
    assert taken["claimed_until"].endswith("Z")
    malik = await other(mona, scene, "malik")
    refused = await malik.api("POST", f"/{case.id}/claim")
    assert (refused.status_code, refused.json()["current"]["claimed_by"]) == (409, "Mona")
    assert (await mona.api("DELETE", f"/{case.id}/claim")).json()["claimed_by"] is None


async def test_words_in_the_language_asked_for(mona: Browser, scene: Scene, facts: list[Fact]) -> None:
    """Reasons come as a code and as words; a client needs no table of its own."""
    comment_id = await scenes.held(scene)
    await settle(scene.mona, comment_id, Action.REJECT, "hate", text="Mots.", text_lang="fr")
    case = await case_of(comment_id)
    last = (await mona.api("GET", f"/{case.id}?lang=en")).json()["decision"]
    assert (last["reason"], last["text"], last["text_lang"], last["by"]) == ("hate", "Mots.", "fr", "Mona")
    assert last["reason_text"].startswith("The text insults")
