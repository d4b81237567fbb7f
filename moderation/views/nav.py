"""The pages of the desk, as its own menu lists them."""

from starlette.requests import Request

from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.language import lang_of

ENTRIES: list[tuple[str, str]] = [
    ("/moderation", N_("Queue")),
    ("/moderation/audit", N_("Audit")),
]
"""(path, name) of each page, in order."""
ALSO_SECRETARIAT = frozenset({"/moderation/audit"})
"""Paths that the secretariat may open without moderating any space."""


def desk_nav(request: Request) -> list[dict[str, object]]:
    """Return the entries that whoever asks may open, for `moderation/_nav.html`; the page itself, or its parent, is current."""
    actor, lang, here = actor_of(request), lang_of(request), request.scope["path"]
    shown: list[dict[str, object]] = []
    for path, name in ENTRIES:
        if actor.is_moderator or path in ALSO_SECRETARIAT:
            href = f"/{lang}{path}"
            below = path != "/moderation" and here.startswith(f"{href}/")
            shown.append({"href": href, "text": gettext(name), "current": "page" if here == href else "true" if below else ""})
    return shown
