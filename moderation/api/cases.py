"""Cases: the queue, one of them, claim and release, decide."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Problem, invalid
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation import queries
from moderation.api.schemas import CasesAnswer, CasesQuery, case_answer
from moderation.claims import claim, release
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.queries import QueueFilter


async def listed(request: Request) -> Response:
    """Answer cases of the spaces that the caller moderates, oldest first."""
    wanted = read_query(request, CasesQuery)
    if wanted.after and not is_id(wanted.after):
        raise invalid(after=Problem("page.cursor"))
    state = wanted.state.value if wanted.state else ""
    narrowed = QueueFilter(wanted.space or "", state, wanted.comment or "", wanted.after or "")
    found = await queries.queue(actor_of(request), narrowed, lang_of(request), wanted.limit)
    decided = await queries.last_decisions([one.id for one in found.items])
    items = [case_answer(one, decided.get(one.id)) for one in found.items]
    return answer(CasesAnswer(items=items, next=found.next))


async def single(request: Request) -> Response:
    """Answer one case."""
    read_query(request, Localized)
    return await _answer(request, actor_of(request), case_id_of(request))


async def take(request: Request) -> Response:
    """Claim a case, or renew the claim, and answer the case."""
    actor, case_id = await _counted(request)
    await claim(actor, case_id)
    return await _answer(request, actor, case_id)


async def give_back(request: Request) -> Response:
    """Release a claim and answer the case."""
    actor, case_id = await _counted(request)
    await release(actor, case_id)
    return await _answer(request, actor, case_id)


async def settle(request: Request) -> Response:
    """Decide on a case and answer it."""
    form = parse(DecisionForm, await read_json(request))
    actor, case_id = await _counted(request)
    await decide(actor, case_id, form)
    return await _answer(request, actor, case_id)


async def _counted(request: Request) -> tuple[Actor, str]:
    actor, case_id = actor_of(request), case_id_of(request)
    await request.app.state.limiter.hit("decide", actor.person_id)
    return actor, case_id


async def _answer(request: Request, actor: Actor, case_id: str) -> Response:
    found = await queries.case(actor, case_id, lang_of(request))
    decided = await queries.last_decisions([case_id])
    return answer(case_answer(found, decided.get(case_id)))


def case_id_of(request: Request) -> str:
    """Return the case's id in the path; raises NotFound for what none can be."""
    case_id = str(request.path_params["id"])
    if not is_id(case_id):
        raise NotFound
    return case_id
