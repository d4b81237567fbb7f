"""Who asks: the session in the cookie of a browser, or a bearer token; found before routing, for pages and websockets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.errors import NotSignedIn

MAX_AGE = 30 * 24 * 3600
"""Seconds a browser keeps the session cookie; the server ends a session earlier."""
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Resolved:
    """An actor found by a secret; `rotate_to` is the new secret that the browser must get, if any."""

    actor: Actor
    rotate_to: str | None = None


Resolve = Callable[[str], Awaitable[Resolved | None]]
"""Finds who carries a secret; None when nobody does."""


def cookie_name(secure: bool, suffix: str = "") -> str:
    """Return the name of a cookie of ours; browsers accept `__Host-` only from this very host over https."""
    return f"__Host-forum{suffix}" if secure else f"forum{suffix}"


def sign_in(response: Response, secret: str, secure: bool, max_age: int = MAX_AGE) -> None:
    """Give the browser the session `secret` for `max_age` seconds."""
    response.set_cookie(cookie_name(secure), secret, max_age, path="/", secure=secure, httponly=True, samesite="lax")


def sign_out(response: Response, secure: bool) -> None:
    """Take the session cookie away."""
    response.delete_cookie(cookie_name(secure), path="/", secure=secure, httponly=True, samesite="lax")


def actor_of(conn: HTTPConnection) -> Actor:
    """Return who asks; ANONYMOUS when nobody is signed in."""
    actor = conn.scope.get("state", {}).get("actor", ANONYMOUS)
    assert isinstance(actor, Actor)
    return actor


def by_bearer(conn: HTTPConnection) -> bool:
    """Tell whether the request carries a bearer token: a program, not a browser."""
    return bool(conn.scope.get("state", {}).get("by_bearer"))


def require_signed_in(conn: HTTPConnection) -> Actor:
    """Return who asks; raises NotSignedIn for an anonymous reader."""
    actor = actor_of(conn)
    if not actor.signed_in:
        raise NotSignedIn
    return actor


def _bearer(conn: HTTPConnection) -> str | None:
    scheme, _, token = conn.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class IdentityMiddleware:
    """Puts the Actor at `scope["state"]["actor"]`; a bearer token goes before a cookie and must be good (401).

    `scope["state"]["by_cookie"]` tells whether a session in a cookie was found. A cookie that opens nothing is an anonymous
    reader and is left alone: the answer to a request that raced with a rotation must not delete the new one.
    """

    def __init__(self, app: ASGIApp, resolve: Resolve, secure: bool) -> None:
        self.app = app
        self.resolve = resolve
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        conn = HTTPConnection(scope)
        state = scope.setdefault("state", {})
        state.update(actor=ANONYMOUS, by_cookie=False, by_bearer=False)
        token = _bearer(conn)
        if token is not None:
            state["by_bearer"] = True
            state["actor"] = (await self._bearer_actor(token)).actor
            await self.app(scope, receive, send)
            return
        rotated = await self._by_cookie(conn, state)
        await self.app(scope, receive, self._handing_over(rotated, send) if rotated else send)

    async def _bearer_actor(self, token: str) -> Resolved:
        found = await self.resolve(token) if 0 < len(token) <= _LONGEST_SECRET else None
        if found is None:
            raise NotSignedIn("token.bad")
        return found

    async def _by_cookie(self, conn: HTTPConnection, state: dict[str, Any]) -> str | None:
        secret = conn.cookies.get(cookie_name(self.secure), "")
        found = await self.resolve(secret) if 0 < len(secret) <= _LONGEST_SECRET else None
        if found is None:
            return None
        # Form tokens are bound to the secret: those in the request to the one it came with, those handed out to the next one.
        state.update(actor=found.actor, by_cookie=True, bound_in=secret, bound_out=found.rotate_to or secret)
        return found.rotate_to

    def _handing_over(self, secret: str, send: Send) -> Send:
        dummy = Response()
        sign_in(dummy, secret, self.secure)
        cookie = dummy.headers["set-cookie"]
        prefix = cookie_name(self.secure) + "="

        async def forward(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                if not any(value.startswith(prefix) for value in headers.getlist("set-cookie")):
                    headers.append("set-cookie", cookie)
            await send(message)

        return forward
