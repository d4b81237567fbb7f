"""Public pages as bytes, answered before anything else for readers who carry neither cookie nor token.

A page says by `cacheable(request, "space:ID", …)` what it is made of; `Generations.bump` tells that something of it has changed.
What a page is made of is noted before it is made: if anything is bumped while it is being made, it is sent but not kept.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.web.compress import accepts_gzip, gzip_etag

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


class Generations:
    """When each tag last changed, on one counter of this process."""

    def __init__(self) -> None:
        self.now = 0
        self._last: dict[str, int] = {}
        self._all = 0

    def bump(self, *tags: str) -> None:
        """Tell that what the tags stand for has changed: call it after the commit."""
        self.now += 1
        for tag in tags:
            self._last[tag] = self.now

    def bump_all(self) -> None:
        """Tell that anything may have changed: after the bus was away."""
        self.now += 1
        self._all = self.now
        self._last.clear()

    def get(self, tag: str) -> int:
        """Return when `tag` last changed; 0 is never."""
        return max(self._last.get(tag, 0), self._all)

    def unchanged(self, tags: Sequence[str], since: int) -> bool:
        """Tell whether none of `tags` has changed after `since`, an earlier `now`."""
        return all(self.get(tag) <= since for tag in tags)


@dataclass(slots=True)
class _Entry:
    """A page in its forms, each a pair of finished messages; `seen` is the count up to which it is known to be unchanged."""

    plain: tuple[Message, Message]
    zipped: tuple[Message, Message]
    same: tuple[Message, Message]
    same_zipped: tuple[Message, Message]
    mark: bytes
    tags: tuple[str, ...]
    seen: int
    until: float
    size: int


_EMPTY: Message = {"type": "http.response.body", "body": b""}


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
        entry = self._entries.get(key)
        if entry is None or not self._fresh(key, entry):
            if scope["method"] == "GET" and len(key[0]) <= _MAX_KEY and len(key[1]) <= _MAX_QUERY:
                await self._fill(key, scope, receive, send)
            else:
                await self.app(scope, receive, send)
            return
        start, body = _choose(entry, encodings, held)
        await send(start)
        await send(_EMPTY if scope["method"] == "HEAD" else body)

    def _fresh(self, key: Key, entry: _Entry) -> bool:
        now = self.generations.now
        if entry.until > time.monotonic() and (entry.seen == now or self.generations.unchanged(entry.tags, entry.seen)):
            entry.seen = now
            self._entries.move_to_end(key)
            return True
        self._drop(key)
        return False

    def _drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size

    async def _fill(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
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
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                entry = _entry(held.pop(), bytes(body), tuple(state["cache_tags"]), before)
                self._keep(key, entry)
                for part in _choose(entry, *_wishes(scope)):
                    await send(part)

        await self.app(scope, receive, collecting)

    def _keep(self, key: Key, entry: _Entry) -> None:
        if entry.size > min(_MAX_BODY, self.max_bytes) or not self.generations.unchanged(entry.tags, entry.seen):
            return
        self._drop(key)
        self._entries[key] = entry
        self.size += entry.size
        while self.size > self.max_bytes or len(self._entries) > self.max_entries:
            self._drop(next(iter(self._entries)))


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


def _entry(start: Message, body: bytes, tags: tuple[str, ...], before: int) -> _Entry:
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
