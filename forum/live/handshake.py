"""Before a websocket is accepted: where it comes from, what it asks for; and how it is refused."""

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from forum.kernel.errors import Forbidden, Unavailable
from forum.kernel.locales import DEFAULT_LANG, Lang, is_lang
from forum.web.csrf import host_origin, same_origin
from forum.web.errors import answer
from forum.web.site import site_of

Limit = Callable[[HTTPConnection], Awaitable[None]]
"""Counts one more opened websocket; raises TooMany."""

HIGHEST_SEQ: Final = 2**31 - 1
_DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)


def check_origin(conn: HTTPConnection, base_url: str) -> None:
    """Raise Forbidden unless the handshake comes from a page of this forum, or from a program.

    Browsers always send `Origin` with a websocket, and send cookies with it whoever's page it is: an Origin must be exactly that of
    `base_url`, or of the host that was asked if it is a name of this forum. Without one, a session in a cookie is not accepted;
    bearers of a token and anonymous readers are.
    """
    named = conn.headers.getlist("origin")
    if not named:
        if conn.scope.get("state", {}).get("by_cookie"):
            raise Forbidden("origin")
        return
    if len(named) > 1 or not (same_origin(named[0], base_url) or _same_machine(conn, named[0])):
        raise Forbidden("origin")


def _same_machine(conn: HTTPConnection, origin: str) -> bool:
    """Tell whether a page of this forum was asked for by one of its other names: "localhost" for "127.0.0.1", say."""
    site, host = site_of(conn), urlsplit(origin).hostname
    known = not site.hosts or host in {one.strip("[]") for one in site.hosts}
    return known and "@" not in origin and host_origin(conn.headers, origin, secure=site.secure) is not None


def since_of(conn: HTTPConnection) -> int | None:
    """Return `?since=` as a number, None when it is not given; raises Forbidden when it is none, given twice, or above 2^31 - 1."""
    given = conn.query_params.getlist("since")
    if not given:
        return None
    if len(given) > 1 or _DIGITS.fullmatch(given[0]) is None or int(given[0]) > HIGHEST_SEQ:
        raise Forbidden("unreadable")
    return int(given[0])


def lang_asked(conn: HTTPConnection) -> Lang:
    """Return `?lang=`, English when it is none of the six."""
    asked = conn.query_params.get("lang")
    return asked if is_lang(asked) else DEFAULT_LANG


def closing_down() -> Unavailable:
    """Return the refusal of a process that is about to end."""
    return Unavailable("unavailable")


async def refuse(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    """Answer the handshake with the status of `error` and JSON as the API has it; a server that cannot, gets a plain close (403)."""
    if "websocket.http.response" in (scope.get("extensions") or {}):
        await answer(HTTPConnection(scope), error)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})
