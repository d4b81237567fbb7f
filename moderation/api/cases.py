"""One case: what it is, claim and release, decide. The queue is in `moderation.queue`."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation import queries
from moderation.api.schemas import DecisionsAnswer, case_answer, decision_answer
from moderation.claims import claim, release
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.queue.queries import reasons_to_leave


async def single(request: Request) -> Response:
    """Answer one case."""
    read_query(request, Localized)
    return await answer_case(request, actor_of(request), case_id_of(request))


async def take(request: Request) -> Response:
    """Claim a case, or renew the claim, and answer the case."""
    actor, case_id = await counted(request)
    await claim(actor, case_id)
    return await answer_case(request, actor, case_id)


async def give_back(request: Request) -> Response:
    """Release a claim and answer the case."""
    actor, case_id = await counted(request)
    await release(actor, case_id)
    return await answer_case(request, actor, case_id)


async def decided(request: Request) -> Response:
    """Answer what was decided on the comment of a case, on whichever of its cases, oldest first."""
    read_query(request, Localized)
    actor = actor_of(request)
    found = await queries.case(actor, case_id_of(request), lang_of(request))
    made = await queries.decisions_on(actor, found.comment_id)
    return answer(DecisionsAnswer(items=[decision_answer(one) for one in made]))


async def settle(request: Request) -> Response:
    """Decide on a case and answer it."""
    form = parse(DecisionForm, await read_json(request))
    actor, case_id = await counted(request)
    await decide(actor, case_id, form)
    return await answer_case(request, actor, case_id)


async def counted(request: Request) -> tuple[Actor, str]:
    """Return who asks about which case, counted against the limit. Raises TooMany, NotFound for what no case can be."""
    actor, case_id = actor_of(request), case_id_of(request)
    await request.app.state.limiter.hit("decide", actor.person_id)
    return actor, case_id


async def answer_case(request: Request, actor: Actor, case_id: str) -> Response:
    """Answer a case as it stands now."""
    found = await queries.case(actor, case_id, lang_of(request))
    last = await queries.last_decisions(actor, [case_id])
    why = await reasons_to_leave(actor, [case_id])
    return answer(await case_answer(actor, found, last.get(case_id), why[case_id]))


def case_id_of(request: Request) -> str:
    """Return the case's id in the path; raises NotFound for what none can be."""
    case_id = str(request.path_params["id"])
    if not is_id(case_id):
        raise NotFound
    return case_id
