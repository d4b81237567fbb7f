"""Sanctions on the person who asks: list them, appeal."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.web.forms import parse, read_json
from forum.web.identity import require_signed_in
from moderation.sanctions import appealing, queries
from moderation.sanctions.addresses import sanction_id_of
from moderation.sanctions.api.schemas import OwnSanctionsAnswer, own_answer
from moderation.sanctions.forms import MeasureAppealForm


async def listed(request: Request) -> Response:
    """Answer the newest sanctions on the caller."""
    read_query(request, Localized)
    found = await queries.of_person(str(require_signed_in(request).person_id))
    return answer(OwnSanctionsAnswer(items=[own_answer(one) for one in found]))


async def appeal(request: Request) -> Response:
    """Appeal against a sanction on the caller and answer it."""
    actor = require_signed_in(request)
    sanction_id = sanction_id_of(request)
    await queries.own(str(actor.person_id), sanction_id)
    form = parse(MeasureAppealForm, await read_json(request))
    await request.app.state.limiter.hit("appeal", actor.person_id)
    await appealing.appeal(actor, sanction_id, form)
    return answer(own_answer(await queries.own(str(actor.person_id), sanction_id)))
