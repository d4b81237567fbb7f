"""What every answer carries: security headers and the request's id, on pages, errors and files alike."""

import logging
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.web.logs import request_id

log = logging.getLogger("forum.web.requests")

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types forum",
    )
)
_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_LOGGED = frozenset({401, 403, 429})

RawHeaders = list[tuple[bytes, bytes]]


def security_headers(secure: bool) -> RawHeaders:
    """Return the security headers of every answer; `secure` adds HSTS of two years."""
    headers = _HEADERS | ({"strict-transport-security": "max-age=63072000; includeSubDomains"} if secure else {})
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class HeadersMiddleware:
    """Adds the security headers and `X-Request-Id`, and `no-store` where the answer says nothing about caching.

    Refusals of rights and faults are logged with method, path, status and milliseconds. Handshakes of websockets pass untouched;
    when one is refused with an HTTP answer, that answer is dressed too.
    """

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.headers = security_headers(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        rid, began = secrets.token_hex(8), time.perf_counter()
        scope.setdefault("state", {})["request_id"] = rid

        async def dressed(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                self._dress(message, rid)
                _note(scope, message["status"], began)
            await send(message)

        token = request_id.set(rid)
        try:
            await self.app(scope, receive, dressed)
        finally:
            request_id.reset(token)

    def _dress(self, message: Message, rid: str) -> None:
        headers: RawHeaders = list(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}
        headers += [item for item in self.headers if item[0] not in present]
        if b"cache-control" not in present:
            headers.append((b"cache-control", b"no-store"))
        headers.append((b"x-request-id", rid.encode()))
        message["headers"] = headers


def _note(scope: Scope, status: int, began: float) -> None:
    if status < 500 and status not in _LOGGED:
        return
    details = {
        "method": scope.get("method", "WEBSOCKET"),
        "path": scope["path"][:200],
        "status": status,
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }
    log.log(logging.ERROR if status >= 500 else logging.INFO, "request refused", extra=details)
