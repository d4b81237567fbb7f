"""The moderators' queue: what waits, oldest first."""

import json
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.kernel.actors import Actor
from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import pick
from forum.web import respond
from forum.web.catalogue import gettext, plural_messages
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation import queries
from moderation.models import CaseState
from moderation.queries import QueueFilter, QueuePage
from moderation.views.shown import STATE_WORDS, shown_case

ANY = "all"
"""The value of the state filter that lets every state through."""


async def queue_page(request: Request) -> Response:
    """Show the queue, or its rows alone to the page's own script."""
    actor, lang = actor_of(request), lang_of(request)
    wanted = _wanted(request)
    found = await queries.queue(actor, wanted, lang)
    context: dict[str, object] = {
        "cases": [shown_case(one, actor, lang) for one in found.items],
        "waiting_only": wanted.state == CaseState.OPEN.value,
        "filtered": bool(wanted.space or wanted.comment or wanted.after),
    }
    if respond.wants_partial(request) and request.query_params.get("fragment") == "rows":
        return respond.page(request, "moderation/_rows.html", context)
    context |= _links(lang, wanted, found) | {
        "tabs": await _tabs(actor, lang, wanted),
        "states": [*((state, gettext(words)) for state, words in STATE_WORDS.items()), (ANY, gettext("All cases"))],
        "wanted": wanted,
        "state": wanted.state or ANY,
        "messages": _messages(),
    }
    return respond.page(request, "moderation/queue.html", context)


def _wanted(request: Request) -> QueueFilter:
    """Return the filter in the address. Raises Refusal for a state or position that there is not."""
    asked = request.query_params
    state = asked.get("state", CaseState.OPEN.value)
    if state not in {*STATE_WORDS, ANY}:
        raise invalid(state=Problem("field.choice"))
    after = asked.get("after", "")
    if after and not is_id(after):
        raise invalid(after=Problem("page.cursor"))
    return QueueFilter(asked.get("space", "")[:60], "" if state == ANY else state, asked.get("comment", "")[:64], after)


def _address(lang: str, wanted: QueueFilter, **more: str) -> str:
    """Return the address of the queue with this filter, without its position; empty values are left out."""
    state = "" if wanted.state == CaseState.OPEN.value else wanted.state or ANY
    query = {"space": wanted.space, "state": state, "comment": wanted.comment} | more
    text = urlencode({name: value for name, value in query.items() if value})
    return f"/{lang}/moderation" + (f"?{text}" if text else "")


def _links(lang: str, wanted: QueueFilter, found: QueuePage) -> dict[str, object]:
    return {
        "rows_url": _address(lang, wanted, fragment="rows", after=wanted.after),
        "first_url": _address(lang, wanted) if wanted.after else "",
        "next_url": _address(lang, wanted, after=found.next) if found.next else "",
        "all_url": _address(lang, QueueFilter()),
    }


async def _tabs(actor: Actor, lang: str, wanted: QueueFilter) -> list[dict[str, object]]:
    """Return a tab for all spaces and one for each, with the number of cases that wait."""
    counts, spaces = await queries.waiting_counts(actor), await queries.desk_spaces(actor)

    def one(slug: str, text: str, text_lang: str, count: int) -> dict[str, object]:
        href = _address(lang, QueueFilter(slug, wanted.state))
        return {"href": href, "text": text, "lang": text_lang, "current": slug == wanted.space, "count": count}

    tabs = [one("", gettext("All spaces"), lang, sum(counts.values()))]
    return tabs + [one(slug, *pick(title, lang), counts.get(slug, 0)) for slug, title in spaces]


def _messages() -> str:
    """Return what the queue's script says, as JSON; plural forms by their category."""
    said: dict[str, object] = {
        "new": plural_messages("%(num)s new case", "%(num)s new cases"),
        "gone": gettext("Another moderator has dealt with this case."),
        "lost": gettext("The queue is no longer brought up to date. Please reload the page."),
        "reload": gettext("Reload the page"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
