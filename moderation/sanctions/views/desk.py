"""The desk's pages of sanctions: the list, the form of a new one."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.models import Space
from forum.kernel.errors import Conflict, NotFound, Problem, Refusal, TooMany, invalid
from forum.kernel.locales import pick
from forum.kernel.messages import N_
from forum.people.models import Person
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.respond import Flash
from moderation.sanctions import queries
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.imposing import Place, impose, place_of
from moderation.sanctions.policy import require_over
from moderation.sanctions.queries import SHOWN, Wanted
from moderation.sanctions.views import choices
from moderation.sanctions.views.shown import shown

SHOW_WORDS = {
    "active": N_("In force"),
    "appealed": N_("Appeals that wait"),
    "ended": N_("Over"),
    "all": N_("All measures"),
}


async def sanctions_page(request: Request) -> Response:
    """GET /moderation/sanctions?show=…&space=…&person=…&after=…"""
    actor, lang, asked = actor_of(request), lang_of(request), request.query_params
    show, after = asked.get("show", "active"), asked.get("after", "")
    if show not in SHOWN:
        raise invalid(show=Problem("field.choice"))
    if after and not is_id(after):
        raise invalid(after=Problem("page.cursor"))
    wanted = Wanted(show, asked.get("space", "")[:60], asked.get("person", "")[:64], after)
    found = await queries.listed(actor, wanted)
    context = {
        "sanctions": [shown(one, lang, desk=True) for one in found.items],
        "tabs": [
            {"href": _address(lang, wanted, show=one), "text": gettext(words), "current": one == show}
            for one, words in SHOW_WORDS.items()
        ],
        "first_url": _address(lang, wanted) if after else "",
        "next_url": _address(lang, wanted, after=found.next) if found.next else "",
        "narrowed_url": _address(lang, Wanted(show)) if wanted.space or wanted.person else "",
    }
    return respond.page(request, "sanctions/list.html", context)


def _address(lang: str, wanted: Wanted, *, show: str = "", after: str = "") -> str:
    query = {"show": show or wanted.show, "space": wanted.space, "person": wanted.person, "after": after}
    return f"/{lang}/moderation/sanctions?{urlencode({name: value for name, value in query.items() if value})}"


async def new_page(request: Request) -> Response:
    """GET /moderation/sanctions/new?person=…&space=…&case=…: the form, with what the person has to show."""
    asked = request.query_params
    values = {name: asked.get(name, "")[:64] for name in ("person", "space", "case")}
    fresh = {**values, "days": str(choices.USUAL_DAYS), "text_lang": choices.usual_language(request)}
    place, person = await _target(request, values)
    return await _form(request, place, person, fresh)


async def create(request: Request) -> Response:
    """POST /moderation/sanctions: impose; what cannot be done shows the form again with what was typed."""
    values = await read_form(request)
    place, person = await _target(request, values)
    actor = actor_of(request)
    try:
        await request.app.state.limiter.hit("decide", actor.person_id)
        made = await impose(actor, parse(SanctionForm, choices.numbered(values, "every", "days")))
    except Refusal as refusal:
        return await _form(request, place, person, values, refusal)
    flash: Flash = ("success", N_("The measure is in force. The person can read your reasons."), {})
    return respond.see_other(request, f"/moderation/sanctions/{made.id}", flash)


async def _target(request: Request, values: Mapping[str, str]) -> tuple[Place, Person]:
    """Return where and about whom the form is; raises NotFound, and Forbidden for a person that is not theirs to judge."""
    actor, person_id = actor_of(request), values.get("person", "")
    place = await place_of(actor, values.get("space", ""))
    person = await Person.get_or_none(id=person_id) if is_id(person_id) else None
    if person is None:
        raise NotFound
    await require_over(actor, place.office, person, place.space_id)
    return place, person


async def _form(
    request: Request, place: Place, person: Person, values: Mapping[str, str], refusal: Refusal | None = None
) -> Response:
    actor, lang = actor_of(request), lang_of(request)
    record = await queries.record_of(actor, person.id, place.space_id)
    space = await Space.get(id=place.space_id) if place.space_id else None
    title, title_lang = pick(space.title, lang) if space else ("", lang)
    conflict = refusal if isinstance(refusal, Conflict) else None
    context = {
        "person": person.name,
        "space_title": title,
        "space_lang": title_lang,
        "record": record,
        "earlier": [shown(one, lang, desk=True) for one in record.sanctions],
        "conflict": field_errors(conflict)[""] if conflict else "",
        "standing_url": f"/{lang}/moderation/sanctions/{conflict.current['id']}" if conflict else "",
        "values": values,
        "errors": field_errors(refusal) if refusal and not conflict else {},
        **choices.imposing(place.office),
    }
    response = respond.page(request, "sanctions/new.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
