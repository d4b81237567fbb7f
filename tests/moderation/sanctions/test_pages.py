"""The pages of sanctions as a browser without JavaScript sees them, and the answers to whoever may not see them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.routing import Route

from forum.app import create_app
from forum.kernel.actors import Actor
from forum.people import sessions
from forum.people.models import Person, SessionKind
from moderation.routes import API, PAGES
from moderation.sanctions.models import Sanction, SanctionState
from tests.contracts.conftest import settings
from tests.moderation import scene as scenes
from tests.moderation.desk import BASE, Browser, browser, desk_app, main_of
from tests.moderation.sanctions.acts import CANARY, appealed, judged, sanction
from tests.moderation.scene import Scene, case_of
from tests.support.world import PASSWORD, give_role

LIST = "/en/moderation/sanctions"


def new_for(whom: Actor, space: str = "hall") -> str:
    return f"{LIST}/new?person={whom.person_id}&space={space}"


async def as_(who: Actor | None) -> Browser:
    return await browser(desk_app(), who)


async def test_from_a_case_to_a_measure(mona: Browser, scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    page = (await mona.get(f"/en/moderation/cases/{case.id}")).text
    link = re.search(r'href="(/en/moderation/sanctions/new\?[^"]+)"', page)
    assert link
    form_at = link[1].replace("&amp;", "&")
    html = main_of((await mona.get(form_at)).text)
    assert "Asma" in html
    assert f'value="{case.id}"' in html
    fields = {
        "person": str(scene.asma.person_id),
        "space": "hall",
        "case": case.id,
        "kind": "hold",
        "days": "7",
        "reason": "hate",
    }
    refused = await mona.send(form_at, LIST, **fields, text="", note="Typed already")
    assert refused.status_code == 422
    assert "Typed already" in refused.text
    assert 'href="#f-text"' in refused.text
    done = await mona.send(form_at, LIST, **fields, text=CANARY)
    made = await Sanction.get()
    assert (done.status_code, done.headers["location"]) == (303, f"{LIST}/{made.id}")
    page = main_of((await mona.get(f"{LIST}/{made.id}")).text)
    assert CANARY in page
    assert f"/en/moderation/cases/{case.id}" in page
    malik = await as_(scene.malik)
    late = await malik.send(form_at, LIST, **fields, text="I too")
    assert late.status_code == 409
    assert f'href="{LIST}/{made.id}"' in late.text
    assert "Mona has taken this measure already" in late.text
    assert "I too" in late.text


async def test_the_list(mona: Browser, scene: Scene, clerk: Actor) -> None:
    """What is in force first; appeals that wait; what is over. The secretariat sees everything, other spaces nothing."""
    first = await sanction(scene.mona, scene.asma, "hold")
    second = await sanction(scene.mona, scene.omar, "warn")
    await sanction(clerk, scene.asma, "warn", "")
    await appealed(scene.asma, first)
    await judged(scene.malik, first)
    await appealed(scene.omar, second)

    async def shown(who: Actor, query: str) -> list[str]:
        page = main_of((await (await as_(who)).get(LIST + query)).text)
        return re.findall(rf'<h3><a href="{LIST}/([0-9a-f]{{32}})"', page)

    assert await shown(scene.mona, "") == [second.id]
    assert await shown(scene.mona, "?show=appealed") == [second.id]
    assert await shown(scene.mona, "?show=ended") == [first.id]
    assert await shown(scene.mona, f"?show=all&person={scene.asma.person_id}") == [first.id]
    assert len(await shown(clerk, "?show=all")) == 3
    assert await shown(clerk, "?show=all&space=annex") == []
    assert await shown(scene.omar, "?show=all") == [], "what is about oneself is not for one's own desk"
    for wrong in ("?show=lost", "?after=lost"):
        assert (await mona.get(LIST + wrong)).status_code == 422


async def test_later_pages(mona: Browser, scene: Scene) -> None:
    for _ in range(51):
        await sanction(scene.mona, scene.asma, "warn")
        await Sanction.filter(state=SanctionState.ACTIVE.value).update(state=SanctionState.ENDED.value)
    page = (await mona.get(f"{LIST}?show=all")).text
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link
    assert main_of((await mona.get(link[1].replace("&amp;", "&"))).text).count("<h3>") == 1


async def test_the_person_reads_and_appeals_and_reads_the_outcome(scene: Scene) -> None:
    """Without the names of the team and what it notes; also while suspended from the space."""
    made = await sanction(scene.mona, scene.asma)
    asma = await as_(scene.asma)
    assert made.id in (await asma.get("/en/sanctions")).text
    page = f"/en/sanctions/{made.id}"
    html = main_of((await asma.get(page)).text)
    assert f"{CANARY} to the person" in html
    assert f"{CANARY} note" not in html
    assert "Mona" not in html
    empty = await asma.send(page, f"{page}/appeal", text=" ", lang="fr")
    assert empty.status_code == 422
    assert (await asma.send(page, f"{page}/appeal", text="Je conteste.", lang="fr")).status_code == 303
    html = main_of((await asma.get(page)).text)
    assert 'lang="fr"' in html
    assert "Je conteste." in html
    assert "<form" not in html
    mona, malik = await as_(scene.mona), await as_(scene.malik)
    desk = f"{LIST}/{made.id}"
    assert "Another person decides" in main_of((await mona.get(desk)).text)
    version = str((await Sanction.get(id=made.id)).version)
    fields = {"outcome": "overturned", "text": "It was too hard.", "text_lang": "en"}
    assert (await malik.send(desk, f"{desk}/appeal", version="1", **fields)).status_code == 409
    assert (await malik.send(desk, f"{desk}/appeal", version=version, **fields)).status_code == 303
    assert "It was too hard." in (await asma.get(page)).text
    assert "Malik" not in main_of((await asma.get(page)).text)


async def test_lifting_on_the_page(mona: Browser, scene: Scene) -> None:
    made = await sanction(scene.malik, scene.asma)
    page = f"{LIST}/{made.id}"
    assert (await mona.send(page, f"{page}/lift", version="1", text="")).status_code == 422
    assert (await mona.send(page, f"{page}/lift", version="x", text="Enough.")).status_code == 422
    assert (await mona.send(page, f"{page}/lift", version="1", text="Enough.")).status_code == 303
    again = await mona.send(page, f"{page}/lift", version="1", text="Kept words.")
    assert again.status_code == 409
    assert "Kept words." in again.text


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("", "/en/sanctions/"),
        ("", "/en/moderation/sanctions/"),
        ("asma", "/en/moderation/sanctions/"),
        ("omar", "/en/moderation/sanctions/"),
        ("omar", "/en/sanctions/"),
        ("mona", "/en/sanctions/"),
    ],
)
async def test_others_do_not_learn_that_there_is_one(scene: Scene, who: str, path: str) -> None:
    """A measure about Asma is answered like none, at every address, with the same words."""
    made = await sanction(scene.malik, scene.asma, "warn")
    asking = await as_(getattr(scene, who) if who else None)
    known, none = [await asking.get(path + one) for one in (made.id, "f" * 32)]
    assert known.status_code == none.status_code
    assert known.status_code == (404 if who in {"omar", "mona"} else 403 if who else 303)
    assert CANARY not in known.text
    if who:
        assert main_of(known.text) == main_of(none.text)


def desk_routes() -> list[tuple[str, str]]:
    """Every address of the desk by method, pages with their language."""
    found = []
    for routes, before in ((PAGES, "/en"), (API, "")):
        for route in routes:
            assert isinstance(route, Route)
            if route.path.removeprefix("/api/v1").startswith("/moderation"):
                found += [(method, before + route.path) for method in sorted((route.methods or set()) - {"HEAD"})]
    return found


@pytest.mark.parametrize("elsewhere", [False, True], ids=["moderates nothing else", "moderates elsewhere"])
async def test_a_suspended_moderator_is_refused_at_every_address_of_the_desk(
    mona: Browser, scene: Scene, clerk: Actor, elsewhere: bool
) -> None:
    """At the next request, with a good token of a form: refused, or, whoever moderates elsewhere, as if nothing were there."""
    held = await scenes.held(scene)
    case, other = await case_of(held), await sanction(scene.malik, scene.asma)
    if elsewhere:
        await give_role(await Person.get(id=scene.mona.person_id), scene.annex)
    assert (await mona.get(f"/en/moderation/cases/{case.id}")).status_code == 200
    await sanction(clerk, scene.mona)
    routes = desk_routes()
    assert len(routes) >= 20
    for method, path in routes:
        address = path.replace("{id}", other.id if "/sanctions/" in path else case.id)
        address = address.replace("{slug}", "hall").replace("{code}", "hate")
        address += "?space=hall" if path.endswith("/verify") else ""
        if method == "GET":
            answer = await mona.get(address)
        elif path.startswith("/api/"):
            async with httpx2.AsyncClient(transport=mona.http._transport, base_url=BASE) as plain:
                body = {"action": "publish", "version": 1, "text": "x", "outcome": "upheld"}
                headers = {"Authorization": f"Bearer {mona.secret}"}
                answer = await plain.request(method, address, json=body, headers=headers)
        else:
            answer = await mona.send("/en/sanctions", address, action="publish", version="1", text="x", space="hall")
        # Lists, and exports of the audit, are of what is theirs: nothing of this space is in them.
        lists = not re.search(r"\{|/new$|/verify$", path) and (method == "GET" or "/audit." in path)
        # The rules of a space are looked for by whoever has an office there; to others there are none.
        none = {403, 404} if "/rules" in path else {403}
        wanted = ({200, 303} if lists else {403, 404, 422}) if elsewhere else none
        assert answer.status_code in wanted, (method, path)
        assert CANARY not in answer.text
        assert scene.hall.id not in answer.text
    assert (await case_of(held)).version == case.version
    assert (await Sanction.get(id=other.id)).version == 1


@pytest.fixture
async def whole(facts: list[object], tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at the whole forum over the same database."""
    app = create_app(settings("sqlite://unused.sqlite3", rate_limits="off"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client:
        yield client


async def _send(client: httpx2.AsyncClient, path: str, **fields: str) -> httpx2.Response:
    token = re.search(r'name="csrf_token" value="([^"]+)"', (await client.get(path)).text)
    assert token
    headers = {"Sec-Fetch-Site": "same-origin"}
    return await client.post(path, data={"csrf_token": token[1], **fields}, headers=headers)


async def test_whoever_cannot_sign_in_reads_why_and_appeals(whole: httpx2.AsyncClient, scene: Scene, clerk: Actor) -> None:
    """With the password alone: a wrong one is answered as for an account that is not suspended, or is not there."""
    made = await sanction(clerk, scene.asma, "suspend", "")
    asma = await Person.get(id=scene.asma.person_id)
    signed = await _send(whole, "/en/signin", email=asma.email, password=PASSWORD)
    assert signed.status_code == 403
    assert f"{CANARY} to the person" in signed.text
    assert f"{CANARY} note" not in signed.text
    assert PASSWORD not in signed.text
    assert not await Sanction.filter(appealed_at__isnull=False).exists()
    words = {"do": "appeal", "text": "My words.", "lang": "en"}
    refusals = []
    for email in (asma.email, (await Person.get(id=scene.malik.person_id)).email, "nobody@example.org"):
        answer = await _send(whole, "/en/suspension", email=email, password="a wrong one", **words)
        assert "My words." in answer.text, "what was typed is kept"
        assert CANARY not in answer.text
        shown = re.sub(r'(value|csrf_token)="[^"]*"', "", main_of(answer.text).replace(email, ""))
        refusals.append((answer.status_code, shown))
    assert len(set(refusals)) == 1
    not_suspended = await _send(whole, "/en/suspension", email="malik@example.org", password=PASSWORD, **words)
    assert not_suspended.headers["location"] == "/en/signin"
    shown_first = await _send(whole, "/en/suspension", email=asma.email, password=PASSWORD, do="show")
    assert f"{CANARY} to the person" in shown_first.text
    empty = await _send(whole, "/en/suspension", email=asma.email, password=PASSWORD, do="appeal", text="", lang="en")
    assert empty.status_code == 422
    sent = await _send(whole, "/en/suspension", email=asma.email, password=PASSWORD, **words)
    assert (sent.status_code, sent.headers["location"]) == (303, "/en/signin")
    assert (await Sanction.get(id=made.id)).appeal_text == "My words."
    again = await _send(whole, "/en/suspension", email=asma.email, password=PASSWORD, **words)
    assert again.status_code == 409
    assert not whole.cookies.get("forum"), "no session was opened"


async def test_readers_see_nothing_of_it(whole: httpx2.AsyncClient, scene: Scene, clerk: Actor) -> None:
    """Public pages, the feed of updates, searches and counts are the same before and after."""
    await scenes.published(scene)
    surfaces = (
        "/en/spaces",
        "/en/spaces/hall",
        "/en/spaces/hall/questions/1",
        "/en/search?q=text",
        "/api/v1/spaces",
        "/api/v1/spaces/hall",
        "/api/v1/spaces/hall/comments",
        "/api/v1/spaces/hall/updates?since=0",
    )
    other = await sessions.open_session(await Person.get(id=scene.omar.person_id), SessionKind.API)

    async def seen(headers: dict[str, str]) -> list[str]:
        found = []
        for path in surfaces:
            answer = await whole.get(path, headers=headers)
            assert answer.status_code == 200, path
            found.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text))
        return found

    for headers in ({}, {"Authorization": f"Bearer {other}"}):
        before = await seen(headers)
        for kind in ("warn", "slow", "hold", "suspend"):
            made = await sanction(scene.mona, scene.asma, kind)
            await appealed(scene.asma, made)
            await judged(scene.malik, made)
        assert await seen(headers) == before
