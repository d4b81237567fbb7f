"""One's own account: language, affiliations, notices by mail."""

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.errors import Refusal
from forum.kernel.locales import ENDONYM, LANGS, is_lang
from forum.kernel.messages import N_
from forum.notices.queries import unread
from forum.notices.wishes import set_mail, wants_mail
from forum.people import accounts, affiliations, entities
from forum.people.forms import NewAffiliation
from forum.people.models import AffiliationStatus, EntityKind, Person
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import require_signed_in
from forum.web.language import lang_of

KINDS = {
    EntityKind.STATE.value: N_("Member States"),
    EntityKind.OBSERVER.value: N_("Observers"),
    EntityKind.UN_BODY.value: N_("United Nations bodies"),
    EntityKind.ORGANIZATION.value: N_("Organizations"),
    EntityKind.GROUP.value: N_("Groups"),
}
STATUSES = {
    AffiliationStatus.DECLARED.value: N_("Waiting for the secretariat"),
    AffiliationStatus.VERIFIED.value: N_("Verified: you may speak for it"),
    AffiliationStatus.REFUSED.value: N_("Not accepted"),
    AffiliationStatus.ENDED.value: N_("Ended"),
}
MAIL = {"on": True, "off": False}


async def _page(request: Request, errors: dict[str, str], values: dict[str, str], status: int = 200) -> Response:
    actor, lang = require_signed_in(request), lang_of(request)
    listed = await entities.listed(lang)
    groups = [(gettext(KINDS[kind]), [(one.id, one.name) for one in found]) for kind, found in listed.items() if found]
    person = await Person.get(id=actor.person_id)
    mine = await affiliations.of_person(person.id, lang)
    context = {
        "person": person,
        "groups": groups,
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "affiliations": [{"one": one, "status": gettext(STATUSES[one.status])} for one in mine],
        "wants_mail": await wants_mail(person.id),
        "sends_mail": getattr(request.app.state, "sends_mail", False),
        "unread": await unread(person.id),
        "errors": errors,
        "values": values,
    }
    return respond.page(request, "people/account.html", context, status=status)


async def account(request: Request) -> Response:
    """GET /account"""
    return await _page(request, {}, {})


async def declare(request: Request) -> Response:
    """POST /account/affiliations: say for whom one speaks."""
    actor = require_signed_in(request)
    values = await read_form(request)
    try:
        await request.app.state.limiter.hit("affiliation", str(actor.person_id))
        form = parse(NewAffiliation, {"entity": values.get("entity", ""), "title": values.get("title", "")})
        await affiliations.declare(actor, form)
    except Refusal as refusal:
        return await _page(request, field_errors(refusal), values, refusal.status)
    return respond.see_other(request, "/account", ("success", N_("The secretariat will check this affiliation."), {}))


async def language(request: Request) -> Response:
    """POST /account/language: in which language the forum writes to this person."""
    actor = require_signed_in(request)
    wanted = (await read_form(request)).get("lang", "")
    if is_lang(wanted) and actor.person_id:
        await accounts.set_language(actor.person_id, wanted)
    return respond.see_other(request, "/account", ("success", N_("Saved."), {}))


async def notices(request: Request) -> Response:
    """POST /account/notices: whether notices come by mail too."""
    actor = require_signed_in(request)
    wanted = (await read_form(request)).get("mail", "")
    if wanted in MAIL and actor.person_id:
        await set_mail(actor.person_id, MAIL[wanted])
    return respond.see_other(request, "/account", ("success", N_("Saved."), {}))
