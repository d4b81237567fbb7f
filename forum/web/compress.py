"""Compression of what is made afresh: pages and JSON of one kilobyte and more.

Cached pages and files are compressed once, elsewhere.
"""

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MINIMUM = 1024
LEVEL = 5
_TYPES = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


def accepts_gzip(header: bytes) -> bool:
    """Tell whether an Accept-Encoding header accepts gzip; one that gives it a low quality goes without."""
    return b"gzip" in header and b"gzip;q=0" not in header.replace(b" ", b"")


def gzip_etag(etag: bytes) -> bytes:
    """Return the strong ETag of the compressed form."""
    return etag[:-1] + b'-gz"' if etag.endswith(b'"') and not etag.startswith(b"W/") else etag


class CompressMiddleware:
    """Compresses answers that come in one piece; streams and pages that the page cache takes pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not accepts_gzip(Headers(scope=scope).get("accept-encoding", "").encode("latin-1")):
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        held: list[Message] = []

        async def squeezing(message: Message) -> None:
            if message["type"] == "http.response.start" and _worth(message) and not _taken(state):
                held.append(message)
                return
            if held and message["type"] == "http.response.body":
                start = held.pop()
                body = message.get("body", b"")
                if len(body) >= MINIMUM and not message.get("more_body", False):
                    message = {**message, "body": _squeeze(start, body)}
                await send(start)
            await send(message)

        await self.app(scope, receive, squeezing)


def _taken(state: dict[str, object]) -> bool:
    return bool(state.get("page_cache") and state.get("cache_tags"))


def _worth(start: Message) -> bool:
    headers = Headers(raw=list(start.get("headers", ())))
    return headers.get("content-type", "").startswith(_TYPES) and "content-encoding" not in headers


def _squeeze(start: Message, body: bytes) -> bytes:
    squeezed = gzip.compress(body, LEVEL, mtime=0)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(squeezed))
    headers.add_vary_header("Accept-Encoding")
    if "etag" in headers:
        headers["etag"] = gzip_etag(headers["etag"].encode("latin-1")).decode("latin-1")
    start["headers"] = headers.raw
    return squeezed
