"""Visit pages as a browser without JavaScript does: the whole stack around some routes, cookies and form tokens included.

    async with database(tmp_path), visiting(SPACE_PAGES) as site:
        reader, clerk = await site.visitor(), await site.signed_in(await person("Clerk", secretariat=True))
        page = await reader.get("/en/spaces")
        answer = await clerk.send("/en/secretariat/spaces/new", {"slug": "rt4"})

Pages are answered in the present task, so that the clock of a test holds for them too.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from pathlib import Path

import httpx2
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from forum import wiring
from forum.kernel.locales import LANGS
from forum.people import sessions
from forum.people.models import Person, SessionKind
from forum.web import stack
from forum.web.assets import Assets
from forum.web.errors import HANDLERS
from forum.web.generations import Generations
from forum.web.site import Site

BASE = "http://127.0.0.1:8000"
STATIC = Path(__file__).resolve().parent.parent.parent / "static"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Fields = Mapping[str, str | Sequence[str]]


class Visitor:
    """Somebody with a browser."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str) -> httpx2.Response:
        """Return the answer to a GET; redirects are not followed."""
        return await self._client.get(path)

    async def send(self, path: str, fields: Fields, *, form_at: str = "") -> httpx2.Response:
        """Send a form with the token of the page at `form_at`, or at `path` itself; without one when the page has none."""
        shown = TOKEN.search((await self.get(form_at or path)).text)
        data: dict[str, object] = {**fields, **({"csrf_token": unescape(shown[1])} if shown else {})}
        return await self._client.post(path, data=data, headers={"origin": BASE})


class Visited:
    """The application, and the visitors to it. `generations` is what the listeners of the page cache bump."""

    def __init__(self, routes: Sequence[BaseRoute], rooms: AsyncExitStack) -> None:
        site = Site(base_url=BASE, secret_key="k" * 32)
        inner = Starlette(
            routes=[Mount(f"/{lang}", routes=list(routes), name=lang) for lang in LANGS],
            middleware=stack.middleware(site, wiring.resolve),
            exception_handlers=HANDLERS,
        )
        inner.state.site = site
        self.generations = Generations()
        self._app = stack.around(inner, site, Assets(STATIC), self.generations)
        self._rooms = rooms

    async def visitor(self, secret: str = "") -> Visitor:
        """Return an anonymous visitor, or one who carries the secret of a session."""
        transport = httpx2.ASGITransport(app=self._app)
        client = httpx2.AsyncClient(transport=transport, base_url=BASE, cookies={"forum": secret} if secret else {})
        return Visitor(await self._rooms.enter_async_context(client))

    async def signed_in(self, who: Person) -> Visitor:
        """Return a visitor signed in as `who`."""
        return await self.visitor(await sessions.open_session(who, SessionKind.WEB))


@asynccontextmanager
async def visiting(routes: Sequence[BaseRoute]) -> AsyncIterator[Visited]:
    """Open a site with these pages, below each language."""
    async with AsyncExitStack() as rooms:
        yield Visited(routes, rooms)
