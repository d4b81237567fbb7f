"""The pages and the API of moderation with the layers of the forum around them, asked as somebody."""

import re
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from forum import wiring
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS
from forum.people.models import Person, SessionKind
from forum.people.sessions import open_session
from forum.web import stack, templates
from forum.web.errors import HANDLERS
from forum.web.limits import Limiter
from forum.web.site import Site
from moderation.routes import API, PAGES
from moderation.views.nav import Menu

BASE = "http://forum.test"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def desk_app(*, limits: bool = False) -> ASGIApp:
    """Return the application; `limits` switches the rate limits on."""
    site = Site(base_url=BASE, secret_key="a secret of these tests")
    inner = Starlette(
        routes=[*API, *(Mount(f"/{lang}", routes=PAGES, name=lang) for lang in LANGS)],
        middleware=stack.middleware(site, wiring.resolve),
        exception_handlers=HANDLERS,
    )
    templates.environment().globals["desk_menu"] = Menu(PAGES)
    inner.state.site = site
    inner.state.limiter = Limiter(limits)
    return inner


def transport(app: ASGIApp) -> httpx2.ASGITransport:
    """Return the way into the application; a fault is answered, not raised."""
    return httpx2.ASGITransport(app=app, raise_app_exceptions=False)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser without JavaScript, or a program with the session's secret as its token."""

    app: ASGIApp
    http: httpx2.AsyncClient
    secret: str = ""

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.http.get(path, headers=headers)

    async def send(self, page: str, to: str = "", **fields: str) -> httpx2.Response:
        """Fetch `page`, take the token of its forms, and send `fields` to the address `to`, or the page's own."""
        found = _TOKEN.search((await self.get(page)).text)
        assert found, "no form on this page"
        data = {"csrf_token": found[1], **fields}
        return await self.http.post(to or page, data=data, headers={"Sec-Fetch-Site": "same-origin"})

    async def api(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """Ask the API below /api/v1/moderation/cases with a bearer token."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        async with httpx2.AsyncClient(transport=transport(self.app), base_url=BASE) as plain:
            return await plain.request(method, f"/api/v1/moderation/cases{path}", json=body, headers=headers)


async def browser(app: ASGIApp, who: Actor | None = None) -> Browser:
    """Return a browser in which `who` is signed in."""
    http = httpx2.AsyncClient(transport=transport(app), base_url=BASE, follow_redirects=False)
    if who is None:
        return Browser(app, http)
    secret = await open_session(await Person.get(id=who.person_id), SessionKind.WEB)
    http.cookies.set("forum", secret)
    return Browser(app, http, secret)


def main_of(html: str) -> str:
    """Return the page's own part, without what every page has around it."""
    return html[html.index("<main") : html.index("</main>")]


def ids_of(html: str) -> list[str]:
    """Return the ids in a page."""
    return re.findall(r'\sid="([^"]+)"', html)
