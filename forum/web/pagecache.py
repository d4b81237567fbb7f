"""Public pages as bytes, answered before anything else for readers who carry neither cookie nor token.

A page says by `cacheable(request, "space:ID", …)` what it is made of; `Generations.bump` tells that something of it has changed.
What a page is made of is noted before it is made: if anything is bumped while it is being made, it is sent but not kept.
Of many who ask for a page that has just changed, the first makes it and the others wait for it.
"""

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.web.compress import accepts_gzip, gzip_etag
from forum.web.generations import Generations, Moment

MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 4096
MAX_AGE = 60.0
"""Seconds a page is kept at most: the bound on how long a lost announcement from another process can be felt."""
_MAX_BODY = 2 * 1024 * 1024
_MAX_KEY = 1024
_MAX_QUERY = 200
_OVERHEAD = 4096
_PERSONAL = frozenset({b"cookie", b"authorization", b"x-requested-with", b"range"})
_VARIES = frozenset({"cookie", "accept-encoding"})
_EACH_TIME = frozenset({b"x-request-id", b"content-length", b"date", b"content-encoding", b"etag", b"vary"})

Key = tuple[str, bytes]
RawHeaders = list[tuple[bytes, bytes]]


def cacheable(request: HTTPConnection, *tags: str) -> None:
    """Say that this page shows every anonymous reader the same, and is made of `tags`: ("space:ID", "objectives")."""
    request.scope.setdefault("state", {})["cache_tags"] = tags


@dataclass(slots=True)
class _Entry:
    """A page in its forms, each a pair of finished messages; `seen` is the moment up to which it is known to be unchanged."""

    plain: tuple[Message, Message]
    zipped: tuple[Message, Message]
    same: tuple[Message, Message]
    same_zipped: tuple[Message, Message]
    mark: bytes
    tags: tuple[str, ...]
    seen: Moment
    until: float
    size: int


class _Making:
    """A page that is being made. `overtaken` tells that something of it changed meanwhile, so that another will be worth waiting for."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.overtaken = False


_EMPTY: Message = {"type": "http.response.body", "body": b""}
_ROUNDS = 3
"""How often somebody waits for others to make a page, when it changes again and again while it is made."""


class PageCache:
    """The outermost layer but for the static files. `app` must add all its headers itself."""

    def __init__(
        self, app: ASGIApp, generations: Generations, *, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES
    ) -> None:
        self.app = app
        self.generations = generations
        self.max_bytes, self.max_entries = max_bytes, max_entries
        self.size = 0
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._making: dict[Key, _Making] = {}

    def __len__(self) -> int:
        return len(self._entries)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        encodings = held = b""
        for name, value in scope["headers"]:
            if name in _PERSONAL:
                await self.app(scope, receive, send)
                return
            if name == b"accept-encoding":
                encodings = value
            elif name == b"if-none-match":
                held = value
        key = (scope["path"], scope["query_string"])
        entry = self._fresh(key) or await self._made(key)
        if entry is None:
            if scope["method"] == "GET" and len(key[0]) <= _MAX_KEY and len(key[1]) <= _MAX_QUERY:
                await self._fill(key, scope, receive, send)
            else:
                await self.app(scope, receive, send)
            return
        start, body = _choose(entry, encodings, held)
        await send(start)
        await send(_EMPTY if scope["method"] == "HEAD" else body)

    async def _made(self, key: Key) -> _Entry | None:
        """Wait for whoever is making this page now; None when nobody is, or when what was made is not kept."""
        for _ in range(_ROUNDS):
            making = self._making.get(key)
            if making is None:
                return None
            await making.done.wait()
            entry = self._fresh(key)
            if entry is not None or not making.overtaken:
                return entry
        return None

    def _fresh(self, key: Key) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        now = self.generations.now
        if entry.until > time.monotonic() and (entry.seen == now or self.generations.unchanged(entry.tags, entry.seen)):
            entry.seen = now
            self._entries.move_to_end(key)
            return entry
        self._drop(key)
        return None

    def _drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size

    async def _fill(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        making = self._making.setdefault(key, _Making())
        before = self.generations.now
        state = scope.setdefault("state", {})
        state["page_cache"] = True
        held: list[Message] = []
        body = bytearray()

        async def collecting(message: Message) -> None:
            if message["type"] == "http.response.start" and state.get("cache_tags") and _keepable(message):
                held.append(message)
                return
            if not held or message["type"] != "http.response.body":
                self._done(key, making)
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                entry = _entry(held.pop(), bytes(body), tuple(state["cache_tags"]), before)
                making.overtaken = not self._keep(key, entry)
                # Before it is sent: a reader on a slow line must not hold up those who wait for the same page.
                self._done(key, making)
                for part in _choose(entry, *_wishes(scope)):
                    await send(part)

        try:
            await self.app(scope, receive, collecting)
        finally:
            self._done(key, making)

    def _done(self, key: Key, making: _Making) -> None:
        making.done.set()
        if self._making.get(key) is making:
            del self._making[key]

    def _keep(self, key: Key, entry: _Entry) -> bool:
        """Keep a page; False when something of it has changed since it was begun."""
        if not self.generations.unchanged(entry.tags, entry.seen):
            return False
        if entry.size > min(_MAX_BODY, self.max_bytes):
            return True
        self._drop(key)
        self._entries[key] = entry
        self.size += entry.size
        while self.size > self.max_bytes or len(self._entries) > self.max_entries:
            self._drop(next(iter(self._entries)))
        return True


def _wishes(scope: Scope) -> tuple[bytes, bytes]:
    sent = dict(scope["headers"])
    return sent.get(b"accept-encoding", b""), sent.get(b"if-none-match", b"")


def _choose(entry: _Entry, encodings: bytes, held: bytes) -> tuple[Message, Message]:
    if b"gzip" in encodings and accepts_gzip(encodings):
        return entry.same_zipped if held and entry.mark in held else entry.zipped
    return entry.same if held and entry.mark in held else entry.plain


def _keepable(start: Message) -> bool:
    if start["status"] != 200:
        return False
    for name, value in start.get("headers", ()):
        lower = name.lower()
        if lower in (b"set-cookie", b"content-encoding"):
            return False
        if lower == b"cache-control" and (b"no-store" in value or b"private" in value):
            return False
        if lower == b"vary" and not {part.strip().lower() for part in value.decode("latin-1").split(",")} <= _VARIES:
            return False
    return True


def _pair(status: int, headers: RawHeaders, body: bytes) -> tuple[Message, Message]:
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}


def _entry(start: Message, body: bytes, tags: tuple[str, ...], before: Moment) -> _Entry:
    sent: RawHeaders = list(start.get("headers", ()))
    etag = next((value for name, value in sent if name.lower() == b"etag"), b"")
    if not (etag.startswith(b'"') and len(etag) > 8):
        etag = b'"%b"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()
    common = [(name, value) for name, value in sent if name.lower() not in _EACH_TIME]
    common.append((b"vary", b"Cookie, Accept-Encoding"))
    bare = [(name, value) for name, value in common if name.lower() != b"content-type"]
    squeezed = gzip.compress(body, 6, mtime=0)
    plain = [*common, (b"etag", etag), (b"content-length", str(len(body)).encode())]
    zipped = [
        *common,
        (b"etag", gzip_etag(etag)),
        (b"content-encoding", b"gzip"),
        (b"content-length", str(len(squeezed)).encode()),
    ]
    return _Entry(
        plain=_pair(200, plain, body),
        zipped=_pair(200, zipped, squeezed),
        same=_pair(304, [*bare, (b"etag", etag)], b""),
        same_zipped=_pair(304, [*bare, (b"etag", gzip_etag(etag))], b""),
        mark=etag.strip(b'"'),
        tags=tags,
        seen=before,
        until=time.monotonic() + MAX_AGE,
        size=len(body) + len(squeezed) + _OVERHEAD,
    )
