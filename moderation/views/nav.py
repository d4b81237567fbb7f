"""The menu of the desk: what stands below /moderation, as far as it exists and whoever asks may open it."""

from collections.abc import Iterable, Sequence
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

    @property
    def of_space(self) -> bool:
        return "{slug}" in self.path


ENTRIES: Sequence[Entry] = (
    Entry("/moderation/home", N_("Overview"), clerk=True),
    Entry("/moderation", N_("Queue")),
    Entry("/moderation/sanctions", N_("Measures"), clerk=True),
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


class Menu:
    """The entries that exist, for the templates: `desk_menu.items(…)` above a page, `desk_menu.of_space(…)` beside a space."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._entries = existing(routes)

    def items(self, actor: Actor, here: str) -> list[Item]:
        """Return the items for `actor` on the page `here`, a path with its language; none on pages that are not of the desk."""
        lang, path = here[1:3], here[3:]
        if not _within(path, DESK):
            return []
        shown = [(entry.path, gettext(entry.name)) for entry in self._entries if not entry.of_space and _may(actor, entry)]
        slug = path[len(OF_A_SPACE) :].partition("/")[0] if path.startswith(OF_A_SPACE) else ""
        if slug and actor.is_moderator:
            shown += self._of_space(slug)
        nearest = max((one for one, _ in shown if _within(path, one)), key=len, default="")
        return [{"href": f"/{lang}{one}", "text": name, "current": _current(one, path, nearest)} for one, name in shown]

    def of_space(self, lang: str, slug: str) -> list[Item]:
        """Return the pages about one space, for its moderators."""
        return [{"href": f"/{lang}{path}", "text": name} for path, name in self._of_space(slug)]

    def _of_space(self, slug: str) -> list[tuple[str, str]]:
        return [(entry.path.format(slug=slug), gettext(entry.name)) for entry in self._entries if entry.of_space]


def _may(actor: Actor, entry: Entry) -> bool:
    return actor.is_moderator or (entry.clerk and actor.is_secretariat)


def _within(path: str, entry: str) -> bool:
    return path == entry or path.startswith(f"{entry}/")


def _current(entry: str, path: str, nearest: str) -> str:
    """Return the value of aria-current: the page itself, or the entry that a page without one of its own is nearest to."""
    if entry == path:
        return "page"
    return "true" if entry == nearest else ""
