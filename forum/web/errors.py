"""Refusals and faults as answers: one table from an exception to a page or to the JSON of the public interface.

JSON goes to programs: paths below /api/ and /live/, bearers of a token, and our own scripts (`X-Requested-With: forum`).
"""

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise.exceptions import (
    DBConnectionError,
    IncompleteInstanceError,
    IntegrityError,
    NotExistOrMultiple,
    NoValuesFetched,
    ObjectDoesNotExistError,
    OperationalError,
)

from forum.kernel.errors import Conflict, NotFound, NotSignedIn, Refusal, TooMany, Unavailable
from forum.kernel.messages import N_
from forum.web import catalogue, respond
from forum.web.catalogue import gettext, refusal_text
from forum.web.identity import actor_of, by_bearer
from forum.web.language import lang_of
from forum.web.methods import allowed
from forum.web.site import site_of

log = logging.getLogger(__name__)

RETRY_SECONDS = 2
_TITLES = {
    400: N_("The request cannot be read"),
    401: N_("Please sign in"),
    403: N_("Not allowed"),
    404: N_("Page not found"),
    409: N_("Changed meanwhile"),
    413: N_("Too large"),
    422: N_("There is a problem"),
    429: N_("Too many requests"),
    503: N_("Not available at the moment"),
}
_FAULT = N_("Something went wrong")
_KEYS = {401: "signin.needed", 403: "forbidden", 404: "not_found", 405: "method", 413: "too_large", 503: "unavailable"}
# Of OperationalError, what a programmer did wrong; the rest is the database that does not answer.
_BUGS = (IntegrityError, NoValuesFetched, NotExistOrMultiple, ObjectDoesNotExistError, IncompleteInstanceError)
_UNREACHABLE = (OperationalError, DBConnectionError, sqlite3.OperationalError, ConnectionError, TimeoutError)


class _Fault(Refusal):
    status = 500


class _Http(Refusal):
    """An HTTPException of the framework as a refusal."""

    def __init__(self, error: HTTPException) -> None:
        super().__init__(_KEYS.get(error.status_code, "unreadable" if error.status_code < 500 else "internal"))
        self.status = error.status_code
        self.headers = dict(error.headers or {})


def unreachable(error: BaseException) -> bool:
    """Tell whether `error` means that the database does not answer, rather than a fault of ours."""
    if isinstance(error, _BUGS):
        return False
    return isinstance(error, _UNREACHABLE) or type(error).__module__.startswith("asyncpg")


def field_errors(refusal: Refusal) -> dict[str, str]:
    """Return what is wrong as {field: text} in the current language, for a form that is shown again; "" is the whole form."""
    if not refusal.fields:
        return {"": refusal_text(refusal.key, refusal.params)}
    return {name: refusal_text(problem.key, problem.params) for name, problem in refusal.fields.items()}


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        return NotFound() if error.status_code == 404 else _Http(error)
    if unreachable(error):
        log.error("the database does not answer", exc_info=error)
        return Unavailable("unavailable")
    log.error("fault", exc_info=error)
    return _Fault("internal")


def wants_json(conn: HTTPConnection) -> bool:
    """Tell whether `conn` is answered in JSON when something is wrong."""
    path = conn.scope["path"]
    return (
        conn.scope["type"] == "websocket"
        or path.startswith(("/api/", "/live/"))
        or by_bearer(conn)
        or respond.wants_partial(conn)
    )


def _headers(refusal: Refusal) -> dict[str, str]:
    headers = {name: value for name, value in getattr(refusal, "headers", {}).items() if name.lower() in ("allow", "retry-after")}
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    elif refusal.status == 503:
        headers.setdefault("Retry-After", str(RETRY_SECONDS))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def _json(refusal: Refusal) -> Response:
    error: dict[str, object] = {
        "key": refusal.key,
        "message": refusal_text(refusal.key, refusal.params),
        "fields": field_errors(refusal) if refusal.fields else {},
    }
    body: dict[str, object] = {"error": error}
    if isinstance(refusal, Conflict):
        # At both places: the contract can be read either way.
        error["current"] = body["current"] = refusal.current
    return respond.json(body, refusal.status, _headers(refusal))


def _signin(conn: HTTPConnection) -> Response:
    query = conn.scope.get("query_string", b"").decode("latin-1")
    target = quote(conn.scope["path"] + (f"?{query}" if query else ""), safe="/")
    path = site_of(conn).signin_path
    return respond.see_other(conn, f"{path}?next={target}" if len(target) <= 1500 else path)


def _page(conn: HTTPConnection, refusal: Refusal) -> Response:
    anonymous = not actor_of(conn).signed_in
    if isinstance(refusal, NotSignedIn) and anonymous and conn.scope["method"] in ("GET", "HEAD"):
        return _signin(conn)
    text = "\n".join(field_errors(refusal).values())
    default = _FAULT if refusal.status >= 500 else _TITLES[400]
    context: dict[str, object] = {
        "status": refusal.status,
        "title": gettext(_TITLES.get(refusal.status, default)),
        "text": text,
        "retry_after": getattr(refusal, "retry_after", None),
        "current": getattr(refusal, "current", None),
    }
    try:
        response: Response = respond.page(conn, "errors/error.html", context, status=refusal.status)
    except Exception:
        # The page of errors must not fail itself: bare text, in the reader's language.
        log.exception("the error page failed")
        response = PlainTextResponse(text, refusal.status, {"Cache-Control": respond.PRIVATE})
    response.headers.update({name: value for name, value in _headers(refusal).items() if name != "WWW-Authenticate"})
    return response


def answer(conn: HTTPConnection, error: Exception) -> Response:
    """Return the answer to a request that ended with `error`: a page, or JSON as the interface has it. Faults are logged."""
    refusal = _refusal(error)
    if isinstance(refusal, _Http) and refusal.status == 405 and (methods := allowed(conn)):
        refusal.headers["Allow"] = methods
    with catalogue.use(lang_of(conn)):
        return _json(refusal) if wants_json(conn) else _page(conn, refusal)


async def handle(conn: HTTPConnection, error: Exception) -> Response:
    """Answer as `answer` does, for Starlette's table."""
    return answer(conn, error)


Handler = Callable[[Any, Exception], Awaitable[Response]]
HANDLERS: Mapping[Any, Handler] = {
    Refusal: handle,
    HTTPException: handle,
    OperationalError: handle,
    DBConnectionError: handle,
    Exception: handle,
}
"""For `Starlette(exception_handlers=…)`."""


class ErrorsMiddleware:
    """Answers what fails outside the routes (identity, origin) like what fails inside; the first of Starlette's middleware.

    A fault is logged here and goes no further. When the answer had begun already, the connection is broken off instead.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        began = False

        async def watching(message: Message) -> None:
            nonlocal began
            began = began or message["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start")
            await send(message)

        try:
            await self.app(scope, receive, watching)
        except Exception as error:
            if began and scope["type"] == "http":
                raise
            conn = HTTPConnection(scope)
            response = answer(conn, error)
            if not began and (scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {})):
                await response(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1011 if response.status_code >= 500 else 1008})
