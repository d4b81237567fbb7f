"""Static files: read once, compressed once, served from memory under an address that changes with the tree.

The whole tree is served at `/static/<version>/…`, so that ES modules may import one another by relative address.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.web.headers import RawHeaders, security_headers

PREFIX = "/static/"
ALL_CSS = "css/all.css"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
_COMPRESSED = (".png", ".ico", ".jpg", ".webp")
_FOREVER = b"public, max-age=31536000, immutable"
_REVALIDATE = b"no-cache"


@dataclass(frozen=True, slots=True)
class _File:
    etag: bytes
    content_type: bytes
    plain: bytes
    zipped: bytes | None


def _read(root: Path) -> dict[str, bytes]:
    found = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }
    sheets = [name for name in sorted(found) if name.startswith("css/") and name.endswith(".css") and name != ALL_CSS]
    if sheets:
        found[ALL_CSS] = b"\n".join(found[name] for name in sheets)
    return found


def _file(name: str, content: bytes) -> _File:
    suffix = Path(name).suffix.lower()
    zipped = None
    if suffix not in _COMPRESSED and len(content) >= 256:
        squeezed = gzip.compress(content, 9, mtime=0)
        zipped = squeezed if len(squeezed) < len(content) else None
    etag = hashlib.sha256(content).hexdigest()[:24]
    return _File(etag.encode(), _TYPES.get(suffix, "application/octet-stream").encode(), content, zipped)


class Assets:
    """The files below `static_dir` (which may be missing) as an ASGI app for `/static/…`; `around` puts it before another app."""

    def __init__(self, static_dir: Path | str, *, secure: bool = False) -> None:
        contents = _read(Path(static_dir))
        digest = hashlib.sha256()
        for name, content in sorted(contents.items()):
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        self.version = digest.hexdigest()[:12]
        self._files = {name: _file(name, content) for name, content in contents.items()}
        self._headers = security_headers(secure)

    def url(self, path: str) -> str:
        """Return the address of the file `path`, e.g. `url("js/app.js")`; see `has` for whether there is one."""
        return f"{PREFIX}{self.version}/{path}"

    def has(self, path: str) -> bool:
        """Tell whether there is a file `path`."""
        return path in self._files

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return an app that answers `/static/…` itself and hands everything else to `app`."""

        async def first(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"].startswith(PREFIX):
                await self(scope, receive, send)
            else:
                await app(scope, receive, send)

        return first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version, _, name = scope["path"].removeprefix(PREFIX).partition("/")
        file = self._files.get(name)
        if scope["method"] not in ("GET", "HEAD"):
            await self._send(send, 405, [(b"allow", b"GET, HEAD"), (b"cache-control", b"no-store")], b"")
        elif file is None:
            await self._send(send, 404, [(b"cache-control", b"no-store")], b"")
        else:
            # Another version: a page of before the last deployment still gets its file, but nobody keeps it.
            await self._answer(scope, send, file, _FOREVER if version == self.version else _REVALIDATE)

    async def _answer(self, scope: Scope, send: Send, file: _File, caching: bytes) -> None:
        sent = dict(scope["headers"])
        accepted = sent.get(b"accept-encoding", b"")
        squeezed = file.zipped is not None and b"gzip" in accepted and b"gzip;q=0" not in accepted
        body = file.zipped if squeezed and file.zipped is not None else file.plain
        etag = b'"%b%b"' % (file.etag, b"-gz" if squeezed else b"")
        headers = [(b"cache-control", caching), (b"etag", etag), (b"vary", b"accept-encoding")]
        if file.etag in sent.get(b"if-none-match", b""):
            await self._send(send, 304, headers, None)
            return
        headers.append((b"content-type", file.content_type))
        if squeezed:
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send(send, 200, headers, b"" if scope["method"] == "HEAD" else body)

    async def _send(self, send: Send, status: int, headers: RawHeaders, body: bytes | None) -> None:
        if body == b"" and status >= 400:
            headers = [*headers, (b"content-length", b"0")]
        start: Message = {"type": "http.response.start", "status": status, "headers": headers + self._headers}
        await send(start)
        await send({"type": "http.response.body", "body": body or b""})
