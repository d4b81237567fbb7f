"""The facilitators' home."""

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.opening import STATE_NAMES
from forum.discussions.views.cards import Block, block
from forum.kernel.locales import ENDONYM, direction, is_lang
from forum.kernel.messages import N_
from forum.objectives.stakeholders import stakeholder_group
from forum.objectives.taxonomy import regions
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.home.overview import ORGANIZATIONS, Desk, Home, home
from moderation.home.queries import QUIET_DAYS, Place
from moderation.models import CaseKind
from moderation.views.spans import span

Shown = dict[str, object]


async def page(request: Request) -> Response:
    """GET /moderation/home: what waits, what is late and who is silent, in the spaces given to whoever asks."""
    lang, actor = lang_of(request), actor_of(request)
    found = await home(actor)
    titles = {one.place.slug: _title(one.place, lang) for one in found.desks}
    context: Shown = {
        "found": found,
        "desks": [_desk(one, lang) for one in found.desks],
        "median": span(found.median, lang) if found.median is not None else "",
        "threads": [
            {
                "href": f"/{lang}/spaces/{one.slug}/comments/{one.id}",
                "title": titles[one.slug],
                "author": one.author,
                "symbol": one.symbol,
                "question": one.question,
                "published_at": one.published_at,
                "lang_name": ENDONYM[one.lang] if is_lang(one.lang) else one.lang,
                "lang": one.lang,
            }
            for one in found.threads
        ],
        "quiet_days": QUIET_DAYS,
        "chart": _chart(found),
        "reads_only": not actor.is_moderator,
    }
    return respond.page(request, "moderation/home.html", context)


def _desk(desk: Desk, lang: str) -> Shown:
    place = desk.place
    return {
        "desk": desk,
        "mine": place.mine,
        "slug": place.slug,
        "title": _title(place, lang),
        "state": place.state,
        "state_text": gettext(STATE_NAMES[place.state]),
        "queue": queue_address(lang, place.slug) if place.mine else "",
        "second": queue_address(lang, place.slug, second="1") if place.mine else "",
        "late": queue_address(lang, place.slug, due="late") if place.mine else "",
        "appeals": queue_address(lang, place.slug, kind=CaseKind.APPEAL.value) if place.mine else "",
        "regions": _terms(desk.regions, lang),
        "groups": _groups(desk.groups, lang),
        "unmoderated": _languages(desk.unmoderated),
        "unheard": _languages(desk.unheard),
    }


def _title(place: Place, lang: str) -> Block:
    title = block(place.title, lang)
    return title if title.text else Block(place.slug, "en", "ltr")


def queue_address(lang: str, slug: str, **narrowed: str) -> str:
    """Return the address of the queue with what waits in a space."""
    return f"/{lang}/moderation?{urlencode({'space': slug, **narrowed})}"


def _terms(slugs: Iterable[str], lang: str) -> list[Block]:
    named = {one.slug: one.name(lang) for one in regions()}
    return [Block(named[slug].text, named[slug].lang, direction(named[slug].lang)) for slug in slugs]


def _groups(slugs: Iterable[str], lang: str) -> list[Block]:
    shown = []
    for slug in slugs:
        if slug == ORGANIZATIONS:
            shown.append(Block(gettext(N_("Organizations")), lang, direction(lang)))
        else:
            wording = stakeholder_group(slug).name(lang)
            shown.append(Block(wording.text, wording.lang, direction(wording.lang)))
    return shown


def _languages(codes: Iterable[str]) -> list[Block]:
    return [Block(ENDONYM[code], code, direction(code)) for code in codes if is_lang(code)]


def _chart(found: Home) -> Shown:
    days = [{"first": one.arrived, "second": one.decided} for one in found.days]
    arrived, decided = sum(one.arrived for one in found.days), sum(one.decided for one in found.days)
    return {
        "days": days,
        "most": max((max(one.arrived, one.decided) for one in found.days), default=0),
        "arrived": arrived,
        "decided": decided,
    }
