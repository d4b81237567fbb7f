"""The application: all parts put together, started and stopped."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send
from tortoise.exceptions import ConfigurationError

from forum import collecting, metrics, wiring
from forum.db import connect, reading
from forum.db.lease import Lease
from forum.discussions import clockwork, drafts
from forum.discussions.api import routes as discussions_api
from forum.discussions.forms import DraftText
from forum.discussions.routes import PAGES as DISCUSSION_PAGES
from forum.following import Following
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS, direction
from forum.kernel.tasks import end
from forum.live.bus import Bus
from forum.live.memory import MemoryBus
from forum.live.socket import staying
from forum.notices import sending
from forum.notices.routes import API as NOTICES_API
from forum.notices.routes import DOCS as NOTICES_DOCS
from forum.notices.routes import PAGES as NOTICES_PAGES
from forum.notices.sending import Outbox
from forum.objectives import neutral
from forum.people.routes import API as PEOPLE_API
from forum.people.routes import PAGES as PEOPLE_PAGES
from forum.settings import Settings
from forum.text.aside import take_short_turns
from forum.web import catalogue, stack, templates
from forum.web.assets import Assets
from forum.web.errors import HANDLERS
from forum.web.generations import Generations
from forum.web.limits import Limiter, shared_storage
from forum.web.sheets import Sheets
from forum.web.site import Paragraph, Site
from moderation import duty
from moderation.routes import API as MODERATION_API
from moderation.routes import DOCS as MODERATION_DOCS
from moderation.routes import PAGES as MODERATION_PAGES
from moderation.rules.scopes import scope_of
from moderation.sanctions.views.suspension import after_signin
from moderation.views.nav import Menu

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds for which a process that starts waits for a database that does not answer; the command has asked it before."""


def static_dir() -> Path:
    """Return where the static files are: at the top of a checkout, else in the wheel."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "static"
    return checkout if checkout.is_dir() else here / "_static"


def _paragraphs(lang: str, *, demo: bool) -> list[Paragraph]:
    said = [neutral.disclaimer(lang), neutral.views_of_authors(lang)]
    if demo:
        said.append(neutral.not_a_un_site(lang))
    return [Paragraph(text=one.text, lang=one.lang, dir=direction(one.lang)) for one in said]


LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def _hosts(base_url: str) -> tuple[str, ...]:
    """Return the hosts that are answered: the public one and loopback; any, when the server listens everywhere without a name."""
    host = urlsplit(base_url).hostname or ""
    return () if host in {"0.0.0.0", "::"} else (host, *LOOPBACK)  # noqa: S104 - compared, not bound


async def _keep_draft(person_id: str, kept: dict[str, str]) -> None:
    """Save what was typed before a session ended; what does not fit a draft is left where it was, in the form."""
    values = {"place": kept.get("kept_place"), "body": kept.get("kept_body"), "lang": kept.get("kept_lang")}
    try:
        form = DraftText.model_validate(values)
    except ValidationError:
        return
    await drafts.keep(Actor(person_id=person_id), form)


def site(settings: Settings, *, demo: bool) -> Site:
    """Return what is the same for every request."""
    return Site(
        hosts=_hosts(settings.base_url),
        base_url=settings.base_url,
        secret_key=settings.secret_key,
        demo=demo,
        disclaimers={lang: _paragraphs(lang, demo=demo) for lang in LANGS},
    )


async def _healthz(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _readyz(request: Request) -> Response:
    if request.app.state.draining:
        return PlainTextResponse("stopping\n", 503)
    await reading.row("SELECT id FROM record_logs LIMIT 1")
    # Ready all the same: without the bus every process goes on alone, and all of them would be taken away at once.
    return PlainTextResponse("ok\n" if request.app.state.bus_is_well() else "degraded: the bus is away\n")


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /live/\n")


async def _favicon(request: Request) -> Response:
    return RedirectResponse(request.app.state.assets.url("img/favicon.svg"), 302)


def routes() -> Sequence[BaseRoute]:
    """Return every route of the forum but the websockets."""
    pages = [*DISCUSSION_PAGES, *PEOPLE_PAGES, *NOTICES_PAGES, *MODERATION_PAGES]
    return [
        # The pages first: they are asked for most, and routes are tried in order.
        *(Mount(f"/{lang}", routes=pages, name=lang) for lang in LANGS),
        Route("/healthz", _healthz),
        Route("/readyz", _readyz),
        Route("/metrics", metrics.endpoint),
        Route("/robots.txt", _robots),
        Route("/favicon.ico", _favicon),
        *discussions_api.api_routes(PEOPLE_API, NOTICES_API, MODERATION_API, docs=[*NOTICES_DOCS, *MODERATION_DOCS]),
    ]


def _shared(settings: Settings) -> tuple[Bus, Callable[[], bool], Limiter]:
    """Return what the processes of a forum share: the bus, whether it is well, and the limits."""
    on = settings.rate_limits == "on"
    if not settings.uses_valkey:
        return MemoryBus(), lambda: True, Limiter(on)
    from forum.live.valkey import ValkeyBus

    bus = ValkeyBus(settings.bus_url)
    return bus, bus.health, Limiter(on, shared=shared_storage(settings.bus_url), secret=settings.secret_key)


class Forum:
    """The ASGI application. `app` is the part inside, for its routes and state."""

    def __init__(self, settings: Settings, *, demo: bool = False) -> None:
        self.settings = settings
        place = site(settings, demo=demo)
        self.pages = wiring.Pages(Generations(Path(settings.shared_counts) if settings.shared_counts else None))
        bus, bus_is_well, limiter = _shared(settings)
        bus.subscribe(wiring.page_listener(self.pages))
        self.live = Following(bus, limiter, settings.base_url, scope_of)
        assets = Assets(static_dir(), secure=settings.secure)
        templates.install(assets, desk_menu=Menu(MODERATION_PAGES))
        self.app = Starlette(
            routes=list(routes()),
            middleware=stack.middleware(place, wiring.resolve),
            exception_handlers=HANDLERS,
            lifespan=self._lifespan,
        )
        self.app.state.site = place
        self.app.state.assets = assets
        self.app.state.sheets = Sheets(self.pages.generations)
        self.app.state.limiter = limiter
        self.app.state.live = self.live
        self.app.state.bus_is_well = bus_is_well
        self.app.state.draining = False
        self._lease = Lease("timed work")
        self.app.state.leads = lambda: self._lease.held
        self.app.state.keep_draft = _keep_draft
        self.app.state.show_suspension = after_signin
        self.app.state.metrics = settings.metrics
        self.app.state.sends_mail = settings.mail_server is not None
        self._sockets = staying(stack.for_sockets(Router(self.live.routes), place, wiring.resolve))
        self._outer: ASGIApp = stack.around(self.app, place, assets, self.pages.generations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope["app"] = self.app
            await self._sockets(scope, receive, send)
        else:
            await self._outer(scope, receive, send)

    def _timed(self, parts: wiring.Parts) -> Sequence[Coroutine[None, None, None]]:
        """Return what goes on for as long as the process runs."""
        outbox = Outbox(self.settings.mail_server, self.settings.base_url)
        timed = (clockwork.run(self._lease), duty.run(self._lease), sending.run(self._lease, outbox))
        return *timed, wiring.watch(parts), collecting.watch()

    def drain(self) -> None:
        """Let `/readyz` say that this process is about to stop; everything else is still answered."""
        self.app.state.draining = True

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        catalogue.load()
        take_short_turns()
        parts = wiring.Parts(self.live.bus, self.pages)
        wiring.install(parts)
        await _connect(self.settings)
        await self.live.start()
        tasks = [asyncio.create_task(one) for one in self._timed(parts)]
        try:
            yield
        finally:
            self.drain()
            await end(*tasks)
            await self.live.stop()
            await _release(self._lease)
            await self.app.state.limiter.close()
            await connect.disconnect()


async def _connect(settings: Settings) -> None:
    """Open the database; one that is away for a moment, while a worker is replaced, must not end the whole forum."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            await connect.connect(settings.database_url, wiring.APPS, settings.database_limits)
        except (ValueError, ConfigurationError):
            raise  # waiting mends no setting
        except Exception as error:  # each driver has its own way of saying that nobody answers
            await connect.disconnect()
            if time.monotonic() > end:
                raise
            log.warning("the database does not answer yet: %s", type(error).__name__)
            await asyncio.sleep(0.5)
        else:
            return


async def _release(lease: Lease) -> None:
    """Let the next process take over at once; without a database it takes over when the lease runs out."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(1):
            await lease.release()


def create_app(settings: Settings, *, demo: bool = False) -> Forum:
    """Return the forum as an ASGI application; the schema must be up to date (`imrf-forum migrate`)."""
    return Forum(settings, demo=demo)
