"""The moderators' queue: what waits, oldest first, and the filters that they keep."""

import json
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.kernel.errors import NotFound, Refusal
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext, plural_messages
from forum.web.errors import field_errors
from forum.web.forms import read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.queries import last_decisions
from moderation.queue import queries, saving, shown
from moderation.queue.facets import Facets, facets
from moderation.queue.filters import LATE, QueueFilter, read_filter, read_query
from moderation.queue.strands import Desk

QUEUE = "/moderation"
ALL = "all"
"""The value of `pick` that shows every case as chosen."""


async def queue_page(request: Request) -> Response:
    """Show the queue, or what changes of it alone to the page's own script."""
    wanted = read_filter(request.query_params)
    return await _page(request, wanted, {})


async def _page(request: Request, wanted: QueueFilter, again: dict[str, object], status: int = 200) -> Response:
    actor, lang = actor_of(request), lang_of(request)
    desk = await queries.desk_of(actor)
    slots = await queries.slots_of(desk) if wanted.waits else []
    # What waits longest is wanted first; of what waits no more, what came last.
    found = await queries.page(desk, replace(wanted, newest=not wanted.waits), slots, lang)
    known = await facets(desk, wanted, slots) if wanted.waits and not wanted.comment else None
    decided = {} if wanted.waits else await last_decisions(actor, [one.id for one in found.items])
    context: dict[str, object] = {
        "rows": [shown.shown_row(one, actor, lang, desk.now, decided.get(one.id)) for one in found.items],
        "picked": request.query_params.get("pick") == ALL,
        "selects": shown.selects(desk, wanted, known),
        "flags": shown.flags(wanted, known),
        "summary": shown.summary(known, bool(wanted.query)) if known else None,
        "late_url": address(lang, replace(wanted.without("after"), due=LATE)) if wanted.due != LATE else "",
    }
    if respond.wants_partial(request) and request.query_params.get("fragment") == "rows":
        return respond.page(request, "moderation/_fresh.html", context)
    context |= _links(lang, wanted, found) | _around(desk, wanted, known)
    context |= {"saved": await _saved(request, lang), "actions": actions(), "messages": _messages(), "errors": {}, "values": {}}
    return respond.page(request, "moderation/queue.html", context | again, status=status)


def address(lang: str, wanted: QueueFilter, **more: str) -> str:
    """Return the address of the queue with this filter, without its position; empty values are left out."""
    text = "&".join(part for part in (wanted.query, urlencode({name: value for name, value in more.items() if value})) if part)
    return f"/{lang}{QUEUE}" + (f"?{text}" if text else "")


def _links(lang: str, wanted: QueueFilter, found: queries.QueuePage) -> dict[str, object]:
    return {
        "rows_url": address(lang, wanted, fragment="rows", after=wanted.after),
        "first_url": address(lang, wanted) if wanted.after else "",
        "next_url": address(lang, wanted, after=found.next) if found.next else "",
        "pick_url": address(lang, wanted, after=wanted.after, pick=ALL),
        "all_url": address(lang, QueueFilter()),
        "here_url": address(lang, wanted),
    }


def _around(desk: Desk, wanted: QueueFilter, known: Facets | None) -> dict[str, object]:
    spaces = [one for one in desk.spaces if wanted.space in ("", one.slug)]
    return {
        "wanted": wanted,
        "query": wanted.query,
        "filtered": bool(wanted.query or wanted.after),
        "waits": wanted.waits,
        "goals": shown.goals(spaces if spaces else desk.spaces),
        "counted": known is not None,
    }


async def _saved(request: Request, lang: str) -> list[dict[str, str]]:
    kept = await saving.kept(actor_of(request))
    return [
        {"name": one.name, "href": address(lang, one.wanted), "delete": f"/{lang}{QUEUE}/filters/{one.id}/delete"} for one in kept
    ]


def actions() -> list[dict[str, str]]:
    """Return what can be done with many cases at once."""
    return [{"value": action.value, "text": gettext(words)} for action, words in shown.BULK_WORDS.items()]


async def keep_filter(request: Request) -> Response:
    """Keep the filter in the form under a name, and show the queue with it; what cannot be kept is shown with the name typed."""
    values = await read_form(request)
    wanted = read_query(values.get("query", ""))
    try:
        await request.app.state.limiter.hit("decide", actor_of(request).person_id)
        await saving.keep(actor_of(request), values.get("name", ""), wanted)
    except Refusal as refusal:
        again: dict[str, object] = {"errors": field_errors(refusal), "values": values}
        return await _page(request, wanted, again, refusal.status)
    return respond.see_other(request, address(lang_of(request), wanted), ("success", N_("The filter is kept."), {}))


async def forget_filter(request: Request) -> Response:
    """Forget a filter and show the queue."""
    await read_form(request)
    filter_id = str(request.path_params["id"])
    if not is_id(filter_id):
        raise NotFound
    await saving.forget(actor_of(request), filter_id)
    return respond.see_other(request, QUEUE, ("success", N_("The filter is deleted."), {}))


def _messages() -> str:
    """Return what the queue's script says, as JSON; plural forms by their category."""
    said: dict[str, object] = {
        "new": plural_messages("%(num)s new case", "%(num)s new cases"),
        "changed": plural_messages("%(num)s case has changed", "%(num)s cases have changed"),
        "left": plural_messages("%(num)s case has left this list", "%(num)s cases have left this list"),
        "gone": gettext("This case is no longer in this list."),
        "lost": gettext("The queue is no longer brought up to date. Please reload the page."),
        "reload": gettext("Reload the page"),
        "picked": plural_messages("%(num)s case chosen", "%(num)s cases chosen"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
