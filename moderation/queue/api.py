"""The queue for programs: cases, counts, and decisions on many cases."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import read_query
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Problem, Refusal, invalid
from forum.web.catalogue import refusal_text
from forum.web.errors import field_errors
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.openapi import Refused
from moderation.api.schemas import CasesAnswer, case_answer
from moderation.queries import last_decisions
from moderation.queue import queries, saving
from moderation.queue.bulk import BulkForm, perform
from moderation.queue.facets import Count, facets
from moderation.queue.filters import LATE, TODAY
from moderation.queue.filters import read_query as read_kept
from moderation.queue.schemas import (
    CasesQuery,
    CountsAnswer,
    CountsQuery,
    FilterAnswer,
    FilterForm,
    FiltersAnswer,
    ResultAnswer,
    ResultsAnswer,
    ValueAnswer,
    bound,
    count_answer,
)


async def listed(request: Request) -> Response:
    """Answer cases that are given to the caller, oldest first; longest late first when lateness is asked for."""
    asked = read_query(request, CasesQuery)
    if asked.after and not is_id(asked.after):
        raise invalid(after=Problem("page.cursor"))
    state = asked.state.value if asked.state else ""
    if asked.due or asked.claimed or asked.second:
        state = state or "open"  # nothing else is late, claimed, or waits for anybody
    place = {"state": state, "comment": asked.comment or "", "after": asked.after or ""}
    actor = actor_of(request)
    found = await queries.queue(actor, asked.narrowed().at(**place), lang_of(request), asked.limit)
    decided = await last_decisions(actor, [one.id for one in found.items])
    why = await queries.reasons_to_leave(actor, [one.id for one in found.items])
    items = [await case_answer(actor, one, decided.get(one.id), why[one.id]) for one in found.items]
    return answer(CasesAnswer(items=items, next=found.next))


async def counts(request: Request) -> Response:
    """Answer how many cases wait that are given to the caller."""
    wanted = read_query(request, CountsQuery).narrowed()
    desk = await queries.desk_of(actor_of(request))
    known = await facets(desk, wanted, await queries.slots_of(desk))
    return answer(
        CountsAnswer(
            total=count_answer(known.total),
            late=count_answer(known.flags[LATE]),
            today=count_answer(known.flags[TODAY]),
            claimed=count_answer(known.flags["mine"]),
            second=count_answer(known.flags["second"]),
            space=_values(known.values["space"]),
            question=_values(known.values["question"]),
            text_lang=_values(known.values["lang"]),
            region=_values(known.values["region"]),
            kind=_values(known.values["kind"]),
        )
    )


def _values(found: Mapping[str, Count]) -> list[ValueAnswer]:
    return [ValueAnswer(value=value, n=one.n, bound=bound(one)) for value, one in sorted(found.items()) if value]


async def bulk(request: Request) -> Response:
    """Do one thing with many cases and answer what came of each."""
    form = parse(BulkForm, await read_json(request))
    actor = actor_of(request)

    async def allow() -> None:
        await request.app.state.limiter.hit("bulk", actor.person_id)

    done = await perform(actor, form, allow)
    ids = [one.id for one in done]
    now = await queries.chosen(await queries.desk_of(actor), list(dict.fromkeys(ids)), lang_of(request))
    decided = await last_decisions(actor, list(now))
    results = [
        ResultAnswer(
            id=one.id,
            outcome=one.outcome,
            error=_refused(one.refusal) if one.refusal else None,
            case=await case_answer(actor, now[one.id][0], decided.get(one.id), now[one.id][1]) if one.id in now else None,
        )
        for one in done
    ]
    return answer(ResultsAnswer(results=results))


async def filters(request: Request) -> Response:
    """Answer the filters that the caller has kept."""
    return await _filters(actor_of(request))


async def keep_filter(request: Request) -> Response:
    """Keep a filter and answer all of them."""
    form, actor = parse(FilterForm, await read_json(request)), actor_of(request)
    await request.app.state.limiter.hit("decide", actor.person_id)
    await saving.keep(actor, form.name, read_kept(form.query))
    return await _filters(actor)


async def forget_filter(request: Request) -> Response:
    """Forget a filter and answer those that are left."""
    filter_id, actor = str(request.path_params["id"]), actor_of(request)
    if not is_id(filter_id):
        raise NotFound
    await saving.forget(actor, filter_id)
    return await _filters(actor)


async def _filters(actor: Actor) -> Response:
    kept = await saving.kept(actor)
    return answer(FiltersAnswer(items=[FilterAnswer(id=one.id, name=one.name, query=one.wanted.query) for one in kept]))


def _refused(refusal: Refusal) -> Refused:
    fields = field_errors(refusal) if refusal.fields else {}
    return Refused(key=refusal.key, message=refusal_text(refusal.key, refusal.params), fields=fields)
