"""Which methods an address accepts: of all routes to it, as RFC 9110 wants it said in `Allow`, and not of the first one alone."""

from collections.abc import Collection, Iterator, Sequence

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
    found = list(_matching(app.routes, scope))
    # What an address says in so many words, as `cases/bulk`, is not the id that another route would take it for.
    exact = min((names for names, _ in found), default=0)
    return ", ".join(sorted({method for names, methods in found if names == exact for method in methods}))


def _matching(routes: Sequence[BaseRoute], scope: Scope) -> Iterator[tuple[int, Collection[str]]]:
    """Yield for each route to the address how many parts of that are names of something, and the methods."""
    for route in routes:
        match, child = route.matches(scope)
        if match is Match.NONE:
            continue
        if isinstance(route, Mount):
            yield from _matching(route.routes or [], {**scope, **child})
        elif isinstance(route, Route):
            yield len(child["path_params"]), route.methods or ()
