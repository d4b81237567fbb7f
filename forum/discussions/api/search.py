"""Search: what is published and holds all words."""

from collections.abc import Sequence
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import searching
from forum.discussions.addresses import is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import SearchFor, read_query
from forum.discussions.api.schemas import CommentHit, PlaceHit, SearchAnswer, TextPiece, comment_answer
from forum.discussions.searching import Asked
from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import Lang
from forum.search.snippet import Piece
from forum.web.forms import clean
from forum.web.identity import actor_of
from forum.web.language import lang_of


async def find(request: Request) -> Response:
    """Answer a page of what was found; nobody stores it."""
    actor, wanted = actor_of(request), read_query(request, SearchFor)
    if wanted.after and not is_id(wanted.after):
        raise invalid(after=Problem("page.cursor"))
    text = searching.tidy(clean(wanted.q))
    searching.understood(text)
    await request.app.state.limiter.hit_reader("search", request)
    asked = Asked(text, clean(wanted.space or ""), wanted.text_lang or "", wanted.after or "", wanted.limit)
    found = await searching.search(actor, asked, lang_of(request))
    places = [
        PlaceHit(
            space=one.space.slug,
            question=one.question.number if one.question else None,
            title=_pieces(one.title),
            note=_pieces(one.note),
            lang=cast(Lang, one.lang),
        )
        for one in found.places
    ]
    items = [
        CommentHit(space=one.space.slug, snippet=_pieces(one.pieces), comment=comment_answer(actor, one.seen))
        for one in found.comments
    ]
    counts = found.counts
    return answer(SearchAnswer(places=places, items=items, next=found.next, total=counts.total, more=counts.more))


def _pieces(found: Sequence[Piece]) -> list[TextPiece]:
    return [TextPiece(text=one.text, found=one.found) for one in found]
