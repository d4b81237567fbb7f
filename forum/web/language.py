"""Which language an answer speaks: of the address, else of `?lang=`, else of `Accept-Language`."""

from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.kernel.locales import best_language, is_lang
from forum.web import catalogue


def path_lang(path: str) -> str | None:
    """Return the language at the beginning of `path`: "/fr/spaces" and "/fr" have one, "/api/v1" has none."""
    first = path[1:].partition("/")[0]
    return first if is_lang(first) else None


def _choose(scope: Scope) -> str:
    named = path_lang(scope["path"])
    if named is not None:
        return named
    query = scope.get("query_string", b"")
    if b"lang=" in query[:2000]:
        asked = parse_qs(query[:2000].decode("latin-1")).get("lang", [""])[0]
        if is_lang(asked):
            return asked
    return best_language(Headers(scope=scope).get("accept-language"))


def lang_of(conn: HTTPConnection) -> str:
    """Return the language in which `conn` is answered."""
    state = conn.scope.setdefault("state", {})
    if "lang" not in state:
        state["lang"] = _choose(conn.scope)
    return str(state["lang"])


class LanguageMiddleware:
    """Sets the language of a request; sends `/` (and the bare `/fr`) on to `home` in the reader's language.

    Answers at addresses without a language vary by `Accept-Language`, and say so.
    """

    def __init__(self, app: ASGIApp, home: str = "/spaces") -> None:
        self.app = app
        self.home = home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        conn = HTTPConnection(scope)
        lang, path = lang_of(conn), scope["path"]
        forward: Send = send
        if path_lang(path) is None:

            async def varying(message: Message) -> None:
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message).add_vary_header("Accept-Language")
                await send(message)

            forward = varying
        with catalogue.use(lang):
            if scope["type"] == "http" and path in ("/", f"/{lang}", f"/{lang}/") and scope["method"] in ("GET", "HEAD"):
                headers = {"Cache-Control": "no-cache"}
                await RedirectResponse(f"/{lang}{self.home}", 302, headers)(scope, receive, forward)
            else:
                await self.app(scope, receive, forward)
