"""The menu of the desk: what stands below /moderation, as far as it exists and whoever asks may open it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute, Route

from forum.kernel.actors import Actor
from forum.kernel.messages import N_
from forum.web.catalogue import gettext

DESK = "/moderation"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu. With `{slug}` in the path it belongs to one space: it is offered where the page at hand is about that space.

    `clerk` are the pages that the secretariat may open without moderating any space.
    """

    path: str
    name: str
    clerk: bool = False


ENTRIES: Sequence[Entry] = (
    Entry("/moderation/home", N_("Overview")),
    Entry("/moderation", N_("Queue")),
    Entry("/moderation/spaces", N_("Spaces")),
    Entry("/moderation/sanctions", N_("Sanctions"), clerk=True),
    Entry("/moderation/audit", N_("Audit"), clerk=True),
    Entry("/moderation/spaces/{slug}/rules", N_("Rules")),
    Entry("/moderation/spaces/{slug}/screening", N_("Screening")),
    Entry("/spaces/{slug}/moderation", N_("Figures")),
)
"""Everything that the menu can hold, in order."""
OF_A_SPACE = "/moderation/spaces/"
Item = dict[str, str]


def existing(routes: Iterable[BaseRoute]) -> list[Entry]:
    """Return the entries whose page is among `routes`."""
    paths = {route.path for route in routes if isinstance(route, Route) and "GET" in (route.methods or ())}
    return [entry for entry in ENTRIES if entry.path in paths]


def for_space(entries: Iterable[Entry], slug: str) -> list[tuple[str, str]]:
    """Return (path, name in the current language) of the entries that belong to one space."""
    return [(entry.path.format(slug=slug), gettext(entry.name)) for entry in entries if "{slug}" in entry.path]


def menu(routes: Iterable[BaseRoute]) -> Callable[[Actor, str], list[Item]]:
    """Return what gives the templates the items for `actor` on the page `here`, a path with its language; none on pages elsewhere."""
    entries = existing(routes)

    def items(actor: Actor, here: str) -> list[Item]:
        lang, path = here[1:3], here[3:]
        if path != DESK and not path.startswith(f"{DESK}/"):
            return []
        slug = path[len(OF_A_SPACE) :].partition("/")[0] if path.startswith(OF_A_SPACE) else ""
        shown = [(entry.path, gettext(entry.name)) for entry in entries if "{slug}" not in entry.path and _may(actor, entry)]
        if slug and actor.is_moderator:
            shown += for_space(entries, slug)
        nearest = max((one for one, _ in shown if _within(path, one)), key=len, default="")
        return [{"href": f"/{lang}{one}", "text": name, "current": _current(one, path, nearest)} for one, name in shown]

    return items


def _may(actor: Actor, entry: Entry) -> bool:
    return actor.is_moderator or (entry.clerk and actor.is_secretariat)


def _within(path: str, entry: str) -> bool:
    return path == entry or path.startswith(f"{entry}/")


def _current(entry: str, path: str, nearest: str) -> str:
    """Return the value of aria-current: the page itself, or the entry that a page without one of its own is nearest to."""
    if entry == path:
        return "page"
    return "true" if entry == nearest else ""
