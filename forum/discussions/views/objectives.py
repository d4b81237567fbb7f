"""The objectives of the Compact: all of them, and one with its text and the spaces about it."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.models import SpaceState
from forum.discussions.views.cards import badge, cards, round_table
from forum.kernel.errors import NotFound
from forum.objectives import compact
from forum.objectives.compact import Objective
from forum.objectives.imrf import compact_name
from forum.web import respond
from forum.web.catalogue import ngettext
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.pagecache import cacheable

Shown = dict[str, object]

RESOLUTION = "A/RES/73/195"


async def listed(request: Request) -> Response:
    """GET /objectives: the 23 objectives and “General”, each with its round table and its open spaces."""
    lang, actor = lang_of(request), actor_of(request)
    cacheable(request, "spaces")
    spaces = await queries.listed(actor)
    about = await queries.objectives_of(space.id for space in spaces)
    opened: dict[int, int] = {}
    for space in spaces:
        for number in about[space.id] if space.state == SpaceState.OPEN.value else ():
            opened[number] = opened.get(number, 0) + 1
    rows = [_row(one, opened.get(one.number, 0), lang) for one in compact.objectives()]
    unofficial = any(row["unofficial"] for row in rows)
    context = {"objectives": rows, "compact": compact_name(lang), "unofficial": unofficial}
    return respond.page(request, "discussions/objectives.html", context)


def _row(objective: Objective, opened: int, lang: str) -> Shown:
    shown = badge(objective.number, lang)
    spaces = ngettext("%(num)s open space", "%(num)s open spaces", opened) if opened else ""
    notes = [round_table(objective.round_table, lang), spaces, shown.note]
    return {"badge": shown, "notes": " · ".join(note for note in notes if note), "unofficial": bool(shown.note)}


async def single(request: Request) -> Response:
    """GET /objectives/{n}: an objective in words, and the spaces about it, open ones first; 0 is “General”."""
    lang, number = lang_of(request), _number(request)
    cacheable(request, "spaces")
    objective = compact.objective(number)
    order = [one.number for one in compact.objectives()]
    place = order.index(number)
    context: Shown = {
        "objective": objective,
        "badge": badge(number, lang),
        "title": objective.title(lang),
        "table": round_table(objective.round_table, lang),
        "resolution": RESOLUTION,
        "compact": compact_name(lang),
        "commitment": compact.commitment(number),
        "spaces": await cards(await queries.listed(actor_of(request), number), lang),
        "before": badge(order[place - 1], lang) if place else None,
        "after": badge(order[place + 1], lang) if place + 1 < len(order) else None,
    }
    return respond.page(request, "discussions/objective.html", context)


def _number(request: Request) -> int:
    number = request.path_params["n"]
    if not isinstance(number, int) or not 0 <= number <= 23:
        raise NotFound
    return number
