"""Spaces: all that one may read, and one of them."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.addresses import slug_of
from forum.discussions.api.answers import readable
from forum.discussions.api.query import Localized, read_query
from forum.discussions.api.schemas import SpaceAnswer, SpacesAnswer, space_answer
from forum.discussions.models import Question, Space
from forum.record.reading import public_head, public_heads
from forum.web.identity import actor_of
from forum.web.language import lang_of


async def listed(request: Request) -> Response:
    """Answer the spaces that the caller may read."""
    read_query(request, Localized)
    spaces = await queries.listed(actor_of(request))
    ids = [space.id for space in spaces]
    heads = await public_heads()
    objectives = await queries.objectives_of(ids)
    questions = await queries.questions_by_space(ids)

    def one(space: Space) -> SpaceAnswer:
        asked: list[Question] = questions[space.id]
        return space_answer(space, lang_of(request), asked, objectives[space.id], heads.get(space.id, 0))

    return readable(request, SpacesAnswer(items=[one(space) for space in spaces]))


async def single(request: Request) -> Response:
    """Answer one space."""
    read_query(request, Localized)
    space = await queries.space_by_slug(actor_of(request), slug_of(request))
    seq = await public_head(space.id)
    objectives = await queries.objectives_of([space.id])
    questions = await queries.questions_of(space.id)
    return readable(request, space_answer(space, lang_of(request), questions, objectives[space.id], seq))
