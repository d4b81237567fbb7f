"""Sanctions at the desk: list them, impose, read one, lift, decide on an appeal."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.kernel.actors import Actor
from forum.kernel.errors import Problem, invalid
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from moderation.sanctions import appealing, imposing, lifting, queries
from moderation.sanctions.addresses import sanction_id_of
from moderation.sanctions.api.schemas import SanctionsAnswer, SanctionsQuery, desk_answer
from moderation.sanctions.forms import AnswerForm, LiftForm, SanctionForm
from moderation.sanctions.queries import Wanted


async def listed(request: Request) -> Response:
    """Answer sanctions that the caller may read, newest first."""
    wanted = read_query(request, SanctionsQuery)
    if wanted.after and not is_id(wanted.after):
        raise invalid(after=Problem("page.cursor"))
    narrowed = Wanted(wanted.show.value, wanted.space or "", wanted.person or "", wanted.after or "")
    found = await queries.listed(actor_of(request), narrowed, wanted.limit)
    return answer(SanctionsAnswer(items=[desk_answer(one) for one in found.items], next=found.next))


async def create(request: Request) -> Response:
    """Impose a sanction and answer it."""
    form = parse(SanctionForm, await read_json(request))
    actor = await _counted(request)
    made = await imposing.impose(actor, form)
    return answer(desk_answer(await queries.single(actor, made.id)), 201, f"/api/v1/moderation/sanctions/{made.id}")


async def single(request: Request) -> Response:
    """Answer one sanction."""
    read_query(request, Localized)
    return await _answer(actor_of(request), sanction_id_of(request))


async def lift(request: Request) -> Response:
    """Lift a sanction and answer it."""
    actor, sanction_id = await _counted(request), sanction_id_of(request)
    await queries.single(actor, sanction_id)
    form = parse(LiftForm, await read_json(request))
    await lifting.lift(actor, sanction_id, form)
    return await _answer(actor, sanction_id)


async def decide(request: Request) -> Response:
    """Decide on the appeal against a sanction and answer the sanction."""
    actor, sanction_id = await _counted(request), sanction_id_of(request)
    await queries.single(actor, sanction_id)
    form = parse(AnswerForm, await read_json(request))
    await appealing.answer(actor, sanction_id, form)
    return await _answer(actor, sanction_id)


async def _counted(request: Request) -> Actor:
    actor = actor_of(request)
    await request.app.state.limiter.hit("decide", actor.person_id)
    return actor


async def _answer(actor: Actor, sanction_id: str) -> Response:
    return answer(desk_answer(await queries.single(actor, sanction_id)))
