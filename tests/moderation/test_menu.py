"""The menu of the desk: on every page below /moderation, with what exists and whoever asks may open."""

import re

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.kernel.actors import ANONYMOUS
from moderation.routes import PAGES
from moderation.views.nav import ENTRIES, Menu, existing
from tests.moderation import scene as scenes
from tests.moderation.desk import browser, desk_app
from tests.moderation.scene import Scene, case_of
from tests.support.world import actor_for, person

_MENU = re.compile(r'<nav class="desk-nav".*?</nav>', re.S)
_LINK = re.compile(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>')
LED_ELSEWHERE = {"/moderation/bulk"}
DESK = [entry for entry in existing(PAGES) if not entry.of_space]


def links(html: str) -> list[tuple[str, str]]:
    """(address, whether it is current) of each entry of the one menu on a page; none without a menu."""
    found = _MENU.findall(html)
    assert len(found) <= 1
    return _LINK.findall(found[0]) if found else []


async def nothing(_request: Request) -> Response:
    raise AssertionError


def test_what_does_not_exist_is_not_offered() -> None:
    routes = [Route("/moderation", nothing, methods=["GET"]), Route("/moderation/audit", nothing, methods=["POST"])]
    assert [entry.path for entry in existing(routes)] == ["/moderation"]
    assert existing([]) == []


def test_what_exists_is_offered() -> None:
    """Each page of the desk that can be opened without knowing an id is in the menu, or below one that is."""
    paths = {route.path for route in PAGES if "GET" in (route.methods or ()) and route.path.startswith("/moderation")}
    fixed = {path for path in paths if "{" not in path} - LED_ELSEWHERE
    offered = {entry.path for entry in ENTRIES}
    assert {entry.path for entry in DESK} >= {"/moderation", "/moderation/home", "/moderation/audit"}
    assert not [
        path for path in fixed if not any(path == one or (one != "/moderation" and path.startswith(f"{one}/")) for one in offered)
    ]


@pytest.mark.parametrize("path", sorted(route.path for route in PAGES if "GET" in (route.methods or ())))
async def test_on_every_page_of_the_desk(scene: Scene, path: str) -> None:
    mona = await browser(desk_app(), scene.mona)
    case = await case_of(await scenes.held(scene))
    page = await mona.get("/en" + path.format(id=case.id, slug="hall", code="hate"))
    menu = links(page.text)
    if not path.startswith("/moderation"):
        assert menu == []
        return
    if path in LED_ELSEWHERE or path.startswith("/moderation/cases/{id}/"):
        # Addresses that forms are sent to: whoever opens one is led to the page that the form is on.
        assert page.status_code == 303
        assert page.headers["location"] == f"/en{path.rpartition('/')[0]}".format(id=case.id)
        return
    assert [href for href, _ in menu][: len(DESK)] == [f"/en{entry.path}" for entry in DESK]
    offered = {entry.path for entry in DESK}
    assert [current for _, current in menu if current] == ["page" if path in offered else "true"] or "{slug}" in path
    assert ("/en/moderation/spaces/hall/rules" in dict(menu)) == ("{slug}" in path)


async def test_each_by_their_rights(scene: Scene) -> None:
    app = desk_app()
    clara = await browser(app, await actor_for(await person("Clara", secretariat=True)))
    own = [href for href, _ in links((await clara.get("/en/moderation/audit")).text)]
    assert own == [f"/en{entry.path}" for entry in DESK if entry.clerk]
    assert [(await clara.get(href)).status_code for href in own] == [200] * len(own)
    refused = await (await browser(app, scene.asma)).get("/en/moderation")
    assert refused.status_code == 403
    assert links(refused.text) == []
    mona = await browser(app, scene.mona)
    for lang in ("ar", "zh"):
        shown = links((await mona.get(f"/{lang}/moderation/audit/verify")).text)
        assert (f"/{lang}/moderation/audit", "true") in shown
        assert [(await mona.get(href)).status_code for href, _ in shown] == [200] * len(shown)


async def test_a_space_leads_to_its_pages(scene: Scene) -> None:
    """From the home of the desk to the rules and the figures of each space: moderators only, and only to what is there."""
    app = desk_app()
    mona = await browser(app, scene.mona)
    html = (await mona.get("/en/moderation/home")).text
    for href in ("/en/moderation/spaces/hall/rules", "/en/spaces/hall/moderation"):
        assert f'href="{href}"' in html
        assert (await mona.get(href)).status_code == 200
    clara = await browser(app, await actor_for(await person("Clara", secretariat=True)))
    assert "/rules" not in (await clara.get("/en/moderation/home")).text


def test_nothing_elsewhere() -> None:
    menu = Menu(PAGES)
    for path in ("/en", "/en/spaces", "/en/moderations", "/spaces", "", "/en/spaces/hall/moderation"):
        assert menu.items(ANONYMOUS, path) == []
