"""Which methods an address accepts: of all routes to it, as RFC 9110 wants it said in `Allow`, and not of the first one alone."""

from collections.abc import Iterator, Sequence

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope


def allowed(conn: HTTPConnection) -> str:
    """Return the methods that the address of `conn` accepts, in alphabetical order; "" where the application is not known."""
    app = conn.scope.get("app")
    if app is None:
        return ""
    # What was routed once has the places of its routes in its scope: it is routed anew.
    scope = {name: conn.scope[name] for name in ("type", "method", "path", "headers")} | {"root_path": "", "path_params": {}}
    return ", ".join(sorted(set(_methods(app.routes, scope))))


def _methods(routes: Sequence[BaseRoute], scope: Scope) -> Iterator[str]:
    for route in routes:
        match, child = route.matches(scope)
        if match is Match.NONE:
            continue
        if isinstance(route, Mount):
            yield from _methods(route.routes or [], {**scope, **child})
        elif isinstance(route, Route):
            yield from route.methods or ()
