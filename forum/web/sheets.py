"""Pages for people who are signed in, put together from sheets: what is the same for everybody is made once, and has slots for the rest.

A sheet is rendered for nobody. Where a page shows its reader's name or the token of a form, its template is given a slot; nothing that
belongs to one person is there while a sheet is made, so nothing can stay in it. A slot is filled, for each answer anew, with a short
text or with another sheet.

Sheets are compressed when they are made: each piece between two slots is a run of deflate blocks that refers to nothing before it, and
what goes into a slot travels as a stored block. An answer is then joined from bytes; only its checksum is counted afresh.
"""

import asyncio
import re
import secrets
import struct
import time
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from markupsafe import Markup, escape
from starlette.requests import HTTPConnection
from starlette.responses import Response

from forum.web.compress import accepts_gzip
from forum.web.generations import Generations, Moment

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_AGE: Final = 60.0
"""Seconds a sheet is kept at most, as long as a public page."""
LEVEL: Final = 6
_OVERHEAD: Final = 2048
_GZIP_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK: Final = b"\x03\x00"
_STORED_MOST: Final = 65_535

# No text of a person holds control characters; and nobody outside this process knows the word.
_SECRET: Final = secrets.token_hex(8)
_MARK: Final = re.compile(f"\x02{_SECRET}:([a-z_]+)\x03")


def slot(name: str) -> Markup:
    """Return what a template shows in place of a value that belongs to one person; `name` is in lower case letters."""
    return Markup(f"\x02{_SECRET}:{name}\x03")  # noqa: S704 - holds letters only


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bytes as it is, and as deflate blocks that end on a byte."""

    plain: bytes
    squeezed: bytes


def piece(text: str) -> Piece:
    """Compress `text` by itself."""
    plain = text.encode()
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return Piece(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def stored(text: object) -> Piece:
    """Return a short text, escaped for HTML, as stored blocks: not worth compressing."""
    plain = str(escape(text)).encode()
    blocks = bytearray()
    for start in range(0, len(plain), _STORED_MOST):
        part = plain[start : start + _STORED_MOST]
        blocks += struct.pack("<BHH", 0, len(part), len(part) ^ 0xFFFF) + part
    return Piece(plain, bytes(blocks))


About = TypeVar("About")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[About]):
    """Pieces, and between them the names of slots. `about` is what its maker wants to know again when it is used."""

    parts: tuple[Piece | str, ...]
    about: About
    size: int

    def filled(self, values: Mapping[str, Piece | Sequence[Piece]]) -> Iterator[Piece]:
        """Yield the pieces with the slots filled; raises KeyError for a slot without a value."""
        for part in self.parts:
            if isinstance(part, Piece):
                yield part
            elif isinstance(found := values[part], Piece):
                yield found
            else:
                yield from found


def cut(html: str, about: About) -> Sheet[About]:
    """Cut a rendered template at its slots."""
    parts: list[Piece | str] = []
    for index, found in enumerate(_MARK.split(html)):
        if index % 2:
            parts.append(found)
        elif found:
            parts.append(piece(found))
    size = sum(len(part.plain) + len(part.squeezed) for part in parts if isinstance(part, Piece))
    return Sheet(tuple(parts), about, size + _OVERHEAD)


def answer(request: HTTPConnection, pieces: Sequence[Piece], headers: Mapping[str, str]) -> Response:
    """Return the page that the pieces make up, compressed where the reader accepts it."""
    sent = {**headers, "Vary": "Accept-Encoding"}
    if not accepts_gzip(request.headers.get("accept-encoding", "").encode("latin-1")):
        return Response(b"".join(one.plain for one in pieces), 200, sent, "text/html")
    checksum = size = 0
    for one in pieces:
        checksum = zlib.crc32(one.plain, checksum)
        size += len(one.plain)
    body = b"".join((_GZIP_HEAD, *(one.squeezed for one in pieces), _LAST_BLOCK, struct.pack("<II", checksum, size & 0xFFFFFFFF)))
    return Response(body, 200, {**sent, "Content-Encoding": "gzip"}, "text/html")


@dataclass(slots=True)
class _Kept:
    sheet: Sheet[object]
    tags: tuple[str, ...]
    seen: Moment
    until: float


@dataclass(slots=True)
class Sheets:
    """The sheets of a process, let go of like public pages: when a tag of theirs is bumped."""

    generations: Generations
    max_bytes: int = MAX_BYTES
    size: int = 0
    _kept: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)
    _making: dict[Hashable, asyncio.Lock] = field(default_factory=dict)

    async def get(
        self, key: Hashable, kind: type[About], make: Callable[[], Awaitable[tuple[Sheet[About], tuple[str, ...]] | None]]
    ) -> Sheet[About] | None:
        """Return the sheet for `key`, whose `about` is of `kind`, made by `make` (with its tags) unless it is there and unchanged.

        None when `make` says that there can be none. One that changes while it is made is used once, by who asked before the change.
        """
        found = self._fresh(key)
        if found is None:
            lock = self._making.setdefault(key, asyncio.Lock())
            try:
                async with lock:
                    found = self._fresh(key)
                    if found is None:
                        return await self._make(key, make)
            finally:
                if not lock.locked():
                    self._making.pop(key, None)
        assert isinstance(found.about, kind)
        return found  # type: ignore[return-value]

    async def _make(
        self, key: Hashable, make: Callable[[], Awaitable[tuple[Sheet[About], tuple[str, ...]] | None]]
    ) -> Sheet[About] | None:
        before = self.generations.now
        made = await make()
        if made is None:
            return None
        sheet, tags = made
        if sheet.size <= self.max_bytes and self.generations.unchanged(tags, before):
            self._drop(key)
            self._kept[key] = _Kept(sheet, tags, before, time.monotonic() + MAX_AGE)  # type: ignore[arg-type]
            self.size += sheet.size
            while self.size > self.max_bytes:
                self._drop(next(iter(self._kept)))
        return sheet

    def _fresh(self, key: Hashable) -> Sheet[object] | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        now = self.generations.now
        if kept.until > time.monotonic() and (kept.seen == now or self.generations.unchanged(kept.tags, kept.seen)):
            kept.seen = now
            self._kept.move_to_end(key)
            return kept.sheet
        self._drop(key)
        return None

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size -= kept.sheet.size
