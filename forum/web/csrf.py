"""Against forged requests: where a request comes from is checked for every one, and a token in every form.

With `Referrer-Policy: no-referrer` browsers send `Origin: null` with the forum's own forms; they tell by `Sec-Fetch-Site`
that the form is ours, but only over https and on loopback. On plain http elsewhere `null` is let through for forms alone,
whose token then decides.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.kernel.errors import Forbidden
from forum.web.identity import actor_of, by_bearer, cookie_name
from forum.web.site import origin_of, site_of

FIELD = "csrf_token"
NONCE_SECONDS = 4 * 3600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_BROWSER = ("cookie", "origin", "sec-fetch-site", "sec-fetch-mode", "referer")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SIZE = 16


def same_origin(origin: str | None, base_url: str) -> bool:
    """Tell whether an Origin header names exactly the origin of `base_url`."""
    return origin is not None and origin == origin_of(base_url)


def host_origin(headers: Headers, origin: str | None, *, secure: bool) -> str | None:
    """Return `origin` when it is of the host that was asked, "localhost" for "127.0.0.1", say, and of the forum's own scheme."""
    return origin if origin == f"{'https' if secure else 'http'}://{headers.get('host')}" else None


class CsrfMiddleware:
    """Refuses unsafe requests of browsers that come from another site (403), and hands out the nonce of anonymous forms."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self.app = app
        self.origin = origin_of(base_url)
        parts = urlsplit(base_url)
        self.secure = parts.scheme.lower() == "https"
        # Nobody but old browsers sends `null` without Sec-Fetch-Site where these are trustworthy addresses.
        self.null_possible = not self.secure and parts.hostname not in ("127.0.0.1", "localhost", "::1")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in _SAFE and not self._ours(Headers(scope=scope)):
            raise Forbidden("origin")
        state = scope.setdefault("state", {})

        async def with_nonce(message: Message) -> None:
            if message["type"] == "http.response.start" and "new_nonce" in state:
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", _nonce_cookie(state["new_nonce"], self.secure))
                headers["cache-control"] = "private, no-store"
            await send(message)

        await self.app(scope, receive, with_nonce)

    def _ours(self, headers: Headers) -> bool:
        if not any(name in headers for name in _BROWSER):
            return True
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            # The browser has seen the whole way here; an Origin that it contradicts can only be `null`.
            return site in ("same-origin", "none") and origin in (
                None,
                "null",
                self.origin,
                host_origin(headers, origin, secure=self.secure),
            )
        # A program that keeps cookies names no origin at all: as with `null`, the token of the form decides, and only forms may.
        if origin is None or (origin == "null" and self.null_possible):
            return headers.get("content-type", "").partition(";")[0].strip().lower() in _FORMS
        return origin in (self.origin, host_origin(headers, origin, secure=self.secure))


def _nonce_cookie(nonce: str, secure: bool) -> str:
    dummy = Response()
    name = cookie_name(secure, "-form")
    dummy.set_cookie(name, nonce, NONCE_SECONDS, path="/", secure=secure, httponly=True, samesite="lax")
    return dummy.headers["set-cookie"]


def _mac(conn: HTTPConnection, kind: str, bound: str) -> bytes:
    key = site_of(conn).secret_key.encode()
    return hmac.new(key, f"csrf\0{kind}\0{bound}".encode(), hashlib.sha256).digest()[:_SIZE]


def _nonce(conn: HTTPConnection) -> str:
    found = conn.cookies.get(cookie_name(site_of(conn).secure, "-form"), "")
    return found if 16 <= len(found) <= 64 else ""


def token(request: HTTPConnection) -> str:
    """Return the token for the forms of this answer, masked afresh for each answer.

    For an anonymous reader it is bound to a nonce, which the middleware hands out in a cookie of four hours. The answer is then
    personal: `used` tells so.
    """
    state = request.scope.setdefault("state", {})
    if "csrf_token" not in state:
        if actor_of(request).signed_in:
            mac = _mac(request, "session", state.get("bound_out") or actor_of(request).session_id or "")
        else:
            nonce = _nonce(request)
            if not nonce:
                nonce = state["new_nonce"] = secrets.token_urlsafe(18)
            mac = _mac(request, "nonce", nonce)
        mask = secrets.token_bytes(_SIZE)
        masked = bytes(a ^ b for a, b in zip(mask, mac, strict=True))
        state["csrf_token"] = base64.urlsafe_b64encode(mask + masked).decode().rstrip("=")
    return str(state["csrf_token"])


def used(request: HTTPConnection) -> bool:
    """Tell whether this answer shows a token, so that nobody else may get it."""
    return "csrf_token" in request.scope.get("state", {})


def _unmask(form_token: str) -> bytes:
    try:
        raw = base64.b64decode(form_token + "=" * (-len(form_token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    if len(raw) != 2 * _SIZE:
        return b""
    return bytes(a ^ b for a, b in zip(raw[:_SIZE], raw[_SIZE:], strict=True))


def check(request: HTTPConnection, form_token: str) -> None:
    """Raise Forbidden unless `form_token` was given to this session, or to this nonce; bearers of a token need none."""
    if by_bearer(request):
        return
    state = request.scope.get("state", {})
    if actor_of(request).signed_in:
        expected = _mac(request, "session", state.get("bound_in") or actor_of(request).session_id or "")
    else:
        nonce = _nonce(request)
        if not nonce:
            raise Forbidden("csrf")
        expected = _mac(request, "nonce", nonce)
    if not hmac.compare_digest(_unmask(form_token), expected):
        raise Forbidden("csrf")


class LazyToken:
    """The token as a template sees it: made when it is shown, so that pages without a form stay anonymous."""

    __slots__ = ("_conn",)

    def __init__(self, conn: HTTPConnection) -> None:
        self._conn = conn

    def __str__(self) -> str:
        return token(self._conn)

    __html__ = __str__
