"""What stands beside a case: how its author has fared in the space, and two revisions of the text compared."""

from dataclasses import asdict
from typing import Literal, cast

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, Number, read_query
from forum.discussions.models import CommentState
from forum.kernel.errors import NotFound
from forum.kernel.locales import Lang
from forum.text.excerpt import excerpt
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.openapi import Doc
from moderation import queries
from moderation.api.cases import case_id_of
from moderation.api.docs import CASE
from moderation.casefile.queries import standing
from moderation.similar.finding import similar_to
from moderation.views.comparison import between
from moderation.views.near import EXCERPT

STANDING = f"{CASE}/standing"
COMPARISON = f"{CASE}/comparison"
SIMILAR = f"{CASE}/similar"


class StandingAnswer(BaseModel):
    """Comments of the author in the space that are published now or wait, and how often one was returned, rejected or removed."""

    published: int
    returned: int
    rejected: int
    removed: int
    waiting: int


class ComparisonQuery(Localized):
    """Which revisions are compared; left out, the text of the case with the published one, else with the one before it."""

    before: Number | None = Field(default=None, ge=1, le=99_999, description="number of a revision")
    after: Number | None = Field(default=None, ge=1, le=99_999, description="number of a revision")


class PieceAnswer(BaseModel):
    """A stretch of text that both revisions have, only the older one ("out"), or only the newer one ("in")."""

    kind: Literal["same", "out", "in"]
    text: str


class ComparisonAnswer(BaseModel):
    """How revision `before` becomes revision `after`: "same" and "out" joined are the older text, "same" and "in" the newer one."""

    before: int
    after: int
    pieces: list[PieceAnswer]


class NearAnswer(BaseModel):
    """A comment whose text is nearly the same; `score` is the share of what both have in common, from 0.5 to 1."""

    comment: str
    symbol: str | None
    space: str = Field(description="address of the space")
    state: CommentState
    author: str
    same_author: bool
    lang: Lang
    excerpt: str
    score: float


class SimilarAnswer(BaseModel):
    """The likest texts first, at most five."""

    items: list[NearAnswer]


async def alike(request: Request) -> Response:
    """Answer which texts are nearly that of the case; to its author, though a moderator, none."""
    read_query(request, Localized)
    actor = actor_of(request)
    found = await queries.case(actor, case_id_of(request), lang_of(request))
    near = [] if found.author_id == actor.person_id else await similar_to(actor, found.comment_id)
    items = [
        NearAnswer(
            comment=one.comment_id,
            symbol=one.symbol or None,
            space=one.space_slug,
            state=CommentState(one.state),
            author=one.author_name,
            same_author=one.same_author,
            lang=cast(Lang, one.lang),
            excerpt=excerpt(one.html, EXCERPT),
            score=round(one.score, 3),
        )
        for one in near
    ]
    return answer(SimilarAnswer(items=items))


async def fared(request: Request) -> Response:
    """Answer how the author has fared in the space of the case."""
    read_query(request, Localized)
    found = await queries.case(actor_of(request), case_id_of(request), lang_of(request))
    return answer(StandingAnswer(**asdict(await standing(found.author_id, found.space_id))))


async def compared(request: Request) -> Response:
    """Answer two revisions compared; of a text with just one, that one with itself."""
    wanted = read_query(request, ComparisonQuery)
    found = await queries.case(actor_of(request), case_id_of(request), lang_of(request))
    made = await between(found, wanted.before or 0, wanted.after or 0)
    shown = {made.before.number, made.after.number}
    if not {wanted.before, wanted.after} <= {None, *shown}:
        raise NotFound
    pieces = [PieceAnswer(kind=one.kind, text=one.text) for one in made.pieces]
    return answer(ComparisonAnswer(before=made.before.number, after=made.after.number, pieces=pieces))


DOCS = [
    Doc(
        method="GET",
        path=STANDING,
        name="getStanding",
        summary="How the author of the case has fared in this space.",
        answers={200: StandingAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="GET",
        path=COMPARISON,
        name="compareRevisions",
        summary="Two revisions of the comment compared by words, and by characters where words have no spaces between them.",
        answers={200: ComparisonAnswer},
        query=ComparisonQuery,
        auth="required",
        errors=(422,),
    ),
    Doc(
        method="GET",
        path=SIMILAR,
        name="listSimilar",
        summary="Comments whose text is nearly the same, in the spaces and languages that are given to you.",
        answers={200: SimilarAnswer},
        query=Localized,
        auth="required",
    ),
]
