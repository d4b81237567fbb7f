"""What is the same for every request: where this forum is, what it calls itself, its secret."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypedDict
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


class Paragraph(TypedDict):
    """A paragraph of the disclaimer with the language and direction ("ltr" or "rtl") it is written in."""

    text: str
    lang: str
    dir: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """One instance of the forum; the composition root puts it at `app.state.site`.

    `base_url` is scheme, host and port as browsers see them. `secret_key` signs form tokens and flash messages; without one the
    process makes its own. `disclaimers` holds the paragraphs by language. `signin_path`, and the paths of `footer` (pairs of path
    and msgid), are without the language. `hosts` are the values of the Host header that are answered; none means any.
    """

    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    demo: bool = False
    disclaimers: Mapping[str, Sequence[Paragraph]] = field(default_factory=dict)
    footer: Sequence[tuple[str, str]] = ()
    signin_path: str = "/signin"
    hosts: Sequence[str] = ()

    @cached_property
    def origin(self) -> str:
        """The origin of the forum's own pages, as browsers write it."""
        return origin_of(self.base_url)

    @cached_property
    def secure(self) -> bool:
        """Whether the forum is served over https: cookies are then `__Host-` and `Secure`."""
        return self.base_url.lower().startswith("https://")


_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Return scheme, host and port of `url` in the form of an Origin header: lower case, default port left out."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return f"{scheme}://{host}" if port in (None, _DEFAULT_PORTS.get(scheme)) else f"{scheme}://{host}:{port}"


_FALLBACK = Site()


def site_of(conn: HTTPConnection) -> Site:
    """Return the site that `conn` belongs to; an application without one gets a default of this process."""
    app = conn.scope.get("app")
    site = getattr(app.state, "site", None) if app is not None else None
    return site if isinstance(site, Site) else _FALLBACK
