"""The API alone, with the layers of the forum around it and no rate limits, for tests that need no page and no socket.

It stands on an open `world.database`.
"""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from forum import wiring
from forum.discussions.api.routes import api_routes
from forum.people.api import API as PEOPLE_API
from forum.web import stack
from forum.web.errors import HANDLERS
from forum.web.headers import HeadersMiddleware
from forum.web.limits import Limiter
from forum.web.openapi import Doc
from forum.web.site import Site

BASE = "http://forum.test"


def api_app(*more: Sequence[Route], docs: Sequence[Doc] = (), limits: bool = False) -> ASGIApp:
    """Return the API with the routes of `more` packages; `limits` switches the rate limits on."""
    site = Site(base_url=BASE, secret_key="a secret of these tests")
    inner = Starlette(
        routes=api_routes(PEOPLE_API, *more, docs=docs),
        middleware=stack.middleware(site, wiring.resolve),
        exception_handlers=HANDLERS,
    )
    inner.state.site = site
    inner.state.limiter = Limiter(limits)
    return HeadersMiddleware(inner, secure=False)
