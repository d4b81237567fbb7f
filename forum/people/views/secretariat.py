"""The secretariat's pages about people: affiliations to verify, accounts to find, entities to add."""

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, Refusal
from forum.kernel.locales import ENDONYM, LANGS
from forum.kernel.messages import N_
from forum.people import affiliations, directory, entities, roles
from forum.people.forms import NewEntity
from forum.people.models import AffiliationStatus
from forum.people.views.account import KINDS
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import require_signed_in
from forum.web.language import lang_of

VERDICTS = {
    "verify": AffiliationStatus.VERIFIED,
    "refuse": AffiliationStatus.REFUSED,
    "end": AffiliationStatus.ENDED,
}


def require_secretariat(request: Request) -> Actor:
    """Return who asks; raises NotSignedIn or Forbidden for everybody but the secretariat."""
    actor = require_signed_in(request)
    if not actor.is_secretariat:
        raise Forbidden("forbidden")
    return actor


async def affiliations_page(request: Request) -> Response:
    """GET /secretariat/affiliations"""
    require_secretariat(request)
    waiting = await affiliations.waiting(lang_of(request))
    return respond.page(request, "people/affiliations.html", {"waiting": waiting})


async def decide_affiliation(request: Request) -> Response:
    """POST /secretariat/affiliations/{id}: verify, refuse or end."""
    actor = require_secretariat(request)
    verdict = VERDICTS.get((await read_form(request)).get("do", ""))
    if verdict is None:
        raise Refusal("field.choice")
    await affiliations.decide(request.path_params["id"], verdict, actor)
    return respond.see_other(request, "/secretariat/affiliations", ("success", N_("Decided."), {}))


async def people_page(request: Request) -> Response:
    """GET /secretariat/people?q=…: find accounts by name or address."""
    require_secretariat(request)
    query = request.query_params.get("q", "")[:200]
    return respond.page(request, "people/people.html", {"query": query, "people": await directory.search(query)})


async def change_person(request: Request) -> Response:
    """POST /secretariat/people/{id}: make or unmake a member of the secretariat. To suspend somebody is a measure, with its reasons."""
    actor = require_secretariat(request)
    person_id, action = request.path_params["id"], (await read_form(request)).get("do", "")
    if person_id == actor.person_id:
        raise Forbidden("people.self")
    if action not in {"appoint", "dismiss"}:
        raise Refusal("field.choice")
    await roles.set_secretariat(person_id, action == "appoint", actor)
    return respond.see_other(request, "/secretariat/people", ("success", N_("Done."), {}))


async def _entities(request: Request, errors: dict[str, str], values: dict[str, str], status: int = 200) -> Response:
    require_secretariat(request)
    listed = await entities.listed(lang_of(request))
    context = {
        "groups": [(gettext(KINDS[kind]), found) for kind, found in listed.items() if kind not in {"state", "observer"}],
        "kinds": [(kind, gettext(KINDS[kind])) for kind in ("un_body", "organization", "group")],
        "languages": [(code, ENDONYM[code]) for code in LANGS if code != "en"],
        "errors": errors,
        "values": values,
    }
    return respond.page(request, "people/entities.html", context, status=status)


async def entities_page(request: Request) -> Response:
    """GET /secretariat/entities"""
    return await _entities(request, {}, {})


async def add_entity(request: Request) -> Response:
    """POST /secretariat/entities: add a UN body, an organization or a group."""
    actor = require_secretariat(request)
    values = await read_form(request)
    try:
        await entities.add(parse(NewEntity, values), actor)
    except Refusal as refusal:
        return await _entities(request, field_errors(refusal), values, refusal.status)
    return respond.see_other(request, "/secretariat/entities", ("success", N_("Saved."), {}))
