"""Answers: pages with their common context, redirects with a message for the next page, JSON."""

import hashlib
import json as standard_json
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from forum.kernel.clock import rfc3339
from forum.kernel.locales import ENDONYM, LANGS, direction
from forum.web import csrf, templates
from forum.web.catalogue import gettext
from forum.web.formats import formats
from forum.web.identity import actor_of, cookie_name
from forum.web.language import lang_of, path_lang
from forum.web.site import Site, site_of

Flash = tuple[str, str, Mapping[str, object]]
"""A message for the next page: kind ("note", "success", "warning", "danger"), msgid and its parameters."""

FLASH_SECONDS = 120
PRIVATE = "private, no-store"
_FLASH_SIZE = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def is_local(path: str) -> bool:
    """Tell whether `path` stays on this site whatever a browser makes of it."""
    if len(path) > 2000 or not path.startswith("/") or path.startswith("//") or _UNSAFE.search(path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def safe_next(value: str | None, default: str = "/spaces") -> str:
    """Return the place to go on to that a form or address names, or `default` when it is not a page of ours."""
    if not value or not is_local(value) or value.startswith(("/api/", "/static/", "/live/")):
        return default
    return value


def localized(path: str, lang: str) -> str:
    """Return `path` with the language before it; one that has a language keeps its own."""
    return path if path_lang(path.partition("?")[0].partition("#")[0]) else f"/{lang}{path}"


def wants_partial(request: HTTPConnection) -> bool:
    """Tell whether our own script asks, which puts a part of a page in its place."""
    return request.headers.get("x-requested-with") == "forum"


def _languages(conn: HTTPConnection, lang: str) -> list[dict[str, object]]:
    """Return the same page in all languages; outside the pages with a language, their lists of spaces."""
    rest = conn.scope["path"][3:] if path_lang(conn.scope["path"]) else "/spaces"
    query = conn.scope.get("query_string", b"").decode("latin-1") if path_lang(conn.scope["path"]) else ""
    tail = quote(rest, safe="/:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")
    return [{"code": code, "name": ENDONYM[code], "url": f"/{code}{tail}", "current": code == lang} for code in LANGS]


def _serializer(site: Site) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site.secret_key, salt="flash")


def _flashes(conn: HTTPConnection, site: Site) -> list[dict[str, str]] | None:
    """Return the messages that came along; None when there was no cookie for them."""
    cookie = conn.cookies.get(cookie_name(site.secure, "-flash"))
    if cookie is None:
        return None
    try:
        kind, msgid, params = _serializer(site).loads(cookie, max_age=FLASH_SECONDS)
    except (BadData, ValueError, TypeError):
        return []
    return [{"kind": kind, "text": gettext(msgid, **params)}]


def context_of(conn: HTTPConnection) -> dict[str, object]:
    """Return what every template may use; `flash` is empty here."""
    lang, site = lang_of(conn), site_of(conn)
    return {
        "lang": lang,
        "dir": direction(lang),
        "actor": actor_of(conn),
        "request_path": conn.scope["path"],
        "csrf_token": csrf.LazyToken(conn),
        "url": lambda path: f"/{lang}{path}",
        "fmt": formats(lang),
        "langs": _languages(conn, lang),
        "flash": [],
        "demo": site.demo,
        "disclaimer": site.disclaimers.get(lang) or site.disclaimers.get("en") or [],
        "footer_links": [{"href": localized(path, lang), "text": gettext(text)} for path, text in site.footer],
    }


def page(request: HTTPConnection, name: str, context: Mapping[str, object] | None = None, *, status: int = 200) -> HTMLResponse:
    """Return the template `name` with the common context.

    An answer for one person (signed in, with a form of its own, with a message) and every error is not stored anywhere; others
    carry a strong ETag and are answered 304 when the reader has them already.
    """
    site, partial = site_of(request), wants_partial(request)
    flashes = None if partial else _flashes(request, site)
    body = templates.render(name, **context_of(request) | {"flash": flashes or []} | dict(context or {})).encode()
    public = status == 200 and request.scope.get("method") in ("GET", "HEAD") and not partial and flashes is None
    if public and not actor_of(request).signed_in and not csrf.used(request):
        return _public(request, body)
    response = HTMLResponse(body, status, {"Cache-Control": PRIVATE})
    if flashes is not None:
        response.delete_cookie(cookie_name(site.secure, "-flash"), secure=site.secure, httponly=True, samesite="lax")
    return response


def part(request: HTTPConnection, name: str, context: Mapping[str, object]) -> Markup:
    """Return the template `name` with the common context, as a part of a page."""
    return Markup(templates.render(name, **context_of(request) | dict(context)))  # noqa: S704 - a template's work


def has_flash(conn: HTTPConnection) -> bool:
    """Tell whether a message came along for the next page."""
    return cookie_name(site_of(conn).secure, "-flash") in conn.cookies


def _public(request: HTTPConnection, body: bytes) -> HTMLResponse:
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    headers = {"Cache-Control": "no-cache", "ETag": f'"{etag}"', "Vary": "Cookie, Accept-Encoding"}
    # The compressed form of the same page has the same mark with "-gz"; the reader may hold either.
    if etag in request.headers.get("if-none-match", ""):
        return HTMLResponse(b"", 304, headers)
    return HTMLResponse(body, headers=headers)


def see_other(request: HTTPConnection, path: str, flash: Flash | None = None) -> RedirectResponse:
    """Return a redirect (303) to `path`, a page of ours with or without its language; `flash` is shown there once.

    Raises ValueError for a path that leaves this site; pass what comes from outside through `safe_next` first.
    """
    if not is_local(path):
        raise ValueError("not a path of this site")
    site = site_of(request)
    response = RedirectResponse(localized(path, lang_of(request)), 303, {"Cache-Control": PRIVATE})
    if flash is not None:
        kind, msgid, params = flash
        simple = {key: value if isinstance(value, int) else str(value) for key, value in params.items()}
        cookie = str(_serializer(site).dumps([kind, msgid, simple]))
        if len(cookie) <= _FLASH_SIZE:
            name = cookie_name(site.secure, "-flash")
            response.set_cookie(name, cookie, FLASH_SECONDS, secure=site.secure, httponly=True, samesite="lax")
    return response


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def json(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `data` as JSON; datetimes become RFC 3339 in UTC. Not stored unless `headers` say otherwise."""
    text = standard_json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)
    merged = {"Cache-Control": "no-store"} | dict(headers or {})
    return Response(text.encode(), status, merged, "application/json")
