"""Measures about oneself: what they are, why, until when, and the appeal."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.errors import Refusal
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import require_signed_in
from forum.web.language import lang_of
from forum.web.respond import Flash
from moderation.sanctions import queries
from moderation.sanctions.addresses import sanction_id_of
from moderation.sanctions.appealing import appeal
from moderation.sanctions.forms import MeasureAppealForm
from moderation.sanctions.queries import Seen
from moderation.sanctions.views import choices
from moderation.sanctions.views.shown import shown


async def sanctions_page(request: Request) -> Response:
    """GET /sanctions"""
    actor, lang = require_signed_in(request), lang_of(request)
    found = await queries.of_person(str(actor.person_id))
    return respond.page(request, "sanctions/own.html", {"sanctions": [shown(one, lang, desk=False) for one in found]})


async def sanction_page(request: Request) -> Response:
    """GET /sanctions/{id}"""
    actor = require_signed_in(request)
    return _page(request, await queries.own(str(actor.person_id), sanction_id_of(request)), {})


async def appealed(request: Request) -> Response:
    """POST /sanctions/{id}/appeal"""
    actor, sanction_id = require_signed_in(request), sanction_id_of(request)
    values = await read_form(request)
    seen = await queries.own(str(actor.person_id), sanction_id)
    try:
        await request.app.state.limiter.hit("appeal", actor.person_id)
        await appeal(actor, sanction_id, parse(MeasureAppealForm, values))
    except Refusal as refusal:
        return _page(request, seen, values, refusal)
    flash: Flash = ("success", N_("Your appeal was sent. Somebody else than whoever took the measure decides on it."), {})
    return respond.see_other(request, f"/sanctions/{sanction_id}", flash)


def _page(request: Request, seen: Seen, values: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    context = {
        "sanction": shown(seen, lang_of(request), desk=False),
        "values": {"lang": choices.usual_language(request), **values},
        "errors": field_errors(refusal) if refusal else {},
        **choices.writing(),
    }
    return respond.page(request, "sanctions/own_one.html", context, status=refusal.status if refusal else 200)
