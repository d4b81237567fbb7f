"""A small application that uses every part of `forum.web`, for its tests."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import asyncpg
from jinja2 import ChoiceLoader, DictLoader
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError

from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, Problem, TooMany, invalid
from forum.web import identity, respond, stack, templates
from forum.web.assets import Assets
from forum.web.errors import HANDLERS
from forum.web.forms import form_list, parse, read_form, read_form_lists, read_json
from forum.web.generations import Generations
from forum.web.identity import Resolved, actor_of, require_signed_in
from forum.web.pagecache import cacheable
from forum.web.site import Site

BASE = "http://127.0.0.1:8000"
ALICE = Actor(person_id="a", name="Alice <b>", lang="fr", session_id="sa")
BOB = Actor(person_id="b", name="Bob", session_id="sb")
SECRETS: Mapping[str, Resolved] = {
    "alice-secret": Resolved(ALICE),
    "bob-secret": Resolved(BOB),
    "old-secret": Resolved(ALICE, rotate_to="alice-secret"),
}
ERRORS: Mapping[str, Exception] = {
    "notfound": NotFound(),
    "forbidden": Forbidden("forbidden"),
    "signin": NotSignedIn(),
    "conflict": Conflict("case.decided", {"state": "published"}, name="Ana", action="publish"),
    "toomany": TooMany(7),
    "invalid": invalid(body=Problem("comment.too_long", {"limit": 10, "length": 11})),
    "teapot": HTTPException(418),
    "database": OperationalError("database is locked: SECRET"),
    "disk": sqlite3.OperationalError("database or disk is full: SECRET"),
    "refused": ConnectionRefusedError("SECRET"),
    "time-out": asyncpg.QueryCanceledError("SECRET"),
    "deadlock": asyncpg.DeadlockDetectedError("SECRET"),
    "cut": asyncpg.InterfaceError("SECRET"),
    "hangs": DBConnectionError("SECRET"),
    "integrity": IntegrityError("SECRET"),
    "fault": RuntimeError("SECRET"),
}
PAGES = {
    "test/plain.html": "{% extends 'base.html' %}{% block title %}t{% endblock %}{% block main %}{{ text }}{% endblock %}",
    "test/form.html": "[{{ csrf_token }}]",
    "test/macro.html": "{% macro m(x) %}{{ _('Sign in') }} {{ ngettext('%(num)s comment', '%(num)s comments', x) }}{% endmacro %}",
    "test/uses.html": "{% import 'test/macro.html' as p %}{{ p.m(n) }}",
    "test/flash.html": "{% for f in flash %}{{ f.kind }}:{{ f.text }}{% endfor %}",
    "test/name.html": "{{ _('Opened for %(name)s', name=name) }}|{{ name }}|{{ asset('js/app.js') }}",
    "test/missing.html": "{% if d.nothing %}x{% endif %}ok",
    "test/typo.html": "{{ d.nothing }}",
    "test/unknown.html": "{% if nothing %}x{% endif %}",
}
templates.environment().loader = ChoiceLoader(
    [DictLoader(PAGES), *([loader] if (loader := templates.environment().loader) else [])]
)


class Thing(BaseModel):
    name: str = Field(min_length=1, max_length=5)
    age: int = Field(default=1, ge=1)


async def resolve(secret: str) -> Resolved | None:
    if secret == "broken":
        raise OperationalError("no database")
    return SECRETS.get(secret)


async def plain(request: Request) -> Response:
    if request.query_params.get("tags") != "none":
        cacheable(request, "space:1", "objectives")
    if request.query_params.get("bump"):
        request.app.state.generations.bump("space:1")
    request.app.state.made += 1
    text = f"text {actor_of(request).name} " + "word " * 400
    return respond.page(request, "test/plain.html", {"text": text})


async def show_form(request: Request) -> Response:
    cacheable(request, "space:1")
    return respond.page(request, "test/form.html")


async def send_form(request: Request) -> Response:
    return respond.json(await read_form(request))


async def send_lists(request: Request) -> Response:
    lists = await read_form_lists(request)
    return respond.json({"all": lists, "x": form_list(lists, "x"), "none": form_list(lists, "none")})


async def private(request: Request) -> Response:
    return respond.page(request, "test/plain.html", {"text": require_signed_in(request).name})


async def enter(request: Request) -> Response:
    response = respond.see_other(request, "/flash", ("success", "%(limit)s characters for <%(name)s>", {"limit": 3, "name": "é"}))
    identity.sign_in(response, "alice-secret", False, 60)
    return response


async def leave(request: Request) -> Response:
    response = respond.see_other(request, "/flash")
    identity.sign_out(response, False)
    return response


async def flash(request: Request) -> Response:
    return respond.page(request, "test/flash.html")


async def fail(request: Request) -> Response:
    raise ERRORS[request.path_params["kind"]]


async def echo(request: Request) -> Response:
    return respond.json(await read_json(request))


async def thing(request: Request) -> Response:
    return respond.json(parse(Thing, await read_json(request), strict=True).model_dump())


async def live(socket: WebSocket) -> None:
    if socket.query_params.get("refuse"):
        raise Forbidden("origin")
    await socket.accept()
    if socket.query_params.get("break"):
        raise RuntimeError("SECRET")
    await socket.send_json({"name": actor_of(socket).name, "lang": socket.scope["state"]["lang"]})
    with suppress(WebSocketDisconnect):
        await socket.receive_text()


ROUTES = [
    Route("/{lang}/plain", plain),
    Route("/{lang}/form", show_form),
    Route("/{lang}/form", send_form, methods=["POST"]),
    Route("/{lang}/lists", send_lists, methods=["POST"]),
    Route("/{lang}/private", private, methods=["GET", "POST"]),
    Route("/{lang}/enter", enter),
    Route("/{lang}/leave", leave),
    Route("/{lang}/flash", flash),
    Route("/{lang}/fail/{kind}", fail, methods=["GET", "POST"]),
    Route("/api/v1/fail/{kind}", fail, methods=["GET", "POST"]),
    Route("/api/v1/echo", echo, methods=["POST"]),
    Route("/api/v1/thing", thing, methods=["POST"]),
    WebSocketRoute("/live/ws", live),
]


class Built:
    """The whole stack over the test routes, with the parts a test wants to look at."""

    def __init__(self, static: Path, base_url: str = BASE) -> None:
        self.site = Site(
            base_url=base_url,
            secret_key="k" * 32,
            demo=True,
            disclaimers={"en": [{"text": "No view of the United Nations.", "lang": "en", "dir": "ltr"}]},
            footer=[("/about", "About this site")],
        )
        self.inner = Starlette(routes=ROUTES, middleware=stack.middleware(self.site, resolve), exception_handlers=dict(HANDLERS))
        self.generations = Generations()
        self.inner.state.site = self.site
        self.inner.state.generations = self.generations
        self.inner.state.made = 0
        self.assets = Assets(static, secure=self.site.secure)
        self.app: ASGIApp = stack.around(self.inner, self.site, self.assets, self.generations)

    @property
    def made(self) -> int:
        return int(self.inner.state.made)

    def client(self, **cookies: str) -> TestClient:
        client = TestClient(self.app, self.site.base_url, raise_server_exceptions=False, follow_redirects=False)
        for name, value in cookies.items():
            client.cookies.set(name, value)
        return client
