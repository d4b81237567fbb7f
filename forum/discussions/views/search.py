"""The search page: a form, what may be chosen beside the words, and what was found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.searching import Asked, FoundComment, FoundPlace, Results, search, tidy, understood
from forum.discussions.views.cards import Block, block
from forum.discussions.views.places import comment_path, thread_path
from forum.discussions.views.shown import capacity_text
from forum.kernel.clock import to_minute
from forum.kernel.errors import Problem, Refusal, invalid
from forum.kernel.locales import ENDONYM, LANGS, direction, is_lang
from forum.search.snippet import Piece
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.formats import formats
from forum.web.forms import clean
from forum.web.identity import actor_of
from forum.web.language import lang_of

Shown = dict[str, object]
Option = dict[str, str]
"""A choice of a filter: value, text and the language of the text."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A space or a question as a result."""

    url: str
    title: list[Piece]
    note: list[Piece]
    lang: str
    dir: str
    number: int | None
    space: Block


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as a result."""

    url: str
    symbol: str
    author_name: str
    capacity_text: str
    entity_name: str
    published_at: datetime
    lang: str
    dir: str
    lang_name: str
    pieces: list[Piece]
    space: Block
    space_url: str


async def page(request: Request) -> Response:
    """GET /search?q=WORDS&space=SLUG&lang=LANGUAGE&after=ID"""
    lang, asked = lang_of(request), _asked(request)
    context: Shown = {"asked": asked, "errors": {}, "found": None, "spaces": [], "languages": []}
    status = 200
    if asked.text:
        try:
            understood(asked.text)
        except Refusal as refusal:
            context["errors"], status = field_errors(refusal), refusal.status
        else:
            await request.app.state.limiter.hit_reader("search", request)
            context |= _shown(request, asked, await search(actor_of(request), asked, lang), lang)
    response = respond.page(request, "discussions/search.html", context, status=status)
    # What is found is one reader's at one moment: nobody keeps it.
    response.headers["Cache-Control"] = respond.PRIVATE
    return response


def _asked(request: Request) -> Asked:
    given = {name: clean(value) for name, value in request.query_params.items()}
    lang, after = given.get("lang", ""), given.get("after", "")
    if after and not is_id(after):
        raise invalid(after=Problem("page.cursor"))
    return Asked(tidy(given.get("q", "")), given.get("space", ""), lang if is_lang(lang) else "", after)


def _shown(request: Request, asked: Asked, results: Results, lang: str) -> Shown:
    def address(**more: str) -> str:
        given = {"q": asked.text, "space": asked.space, "lang": asked.lang} | more
        return f"/{lang}/search?{urlencode({name: value for name, value in given.items() if value})}"

    counts = results.counts
    return {
        "found": results,
        "places": [_place(one, lang) for one in results.places],
        "comments": [_comment(one, lang) for one in results.comments],
        "spaces": list(_spaces(results, asked, lang)),
        "languages": [
            {"value": code, "text": _counted(ENDONYM[code], counts.by_lang.get(code), lang), "lang": code}
            for code in LANGS
            if counts.more or code in counts.by_lang or code == asked.lang
        ],
        "next_url": address(after=results.next) if results.next else "",
        "first_url": address() if asked.after else "",
        "all_url": address(space="", lang="") if asked.space or asked.lang else "",
    }


def _counted(text: str, count: int | None, lang: str) -> str:
    return gettext("%(name)s (%(count)s)", name=text, count=formats(lang).number(count)) if count else text


def _spaces(results: Results, asked: Asked, lang: str) -> Iterable[Option]:
    counts = results.counts
    for space in results.spaces.values():
        if counts.more or space.id in counts.by_space or space.slug == asked.space:
            title = block(space.title, lang)
            text = _counted(title.text or space.slug, counts.by_space.get(space.id), lang)
            yield {"value": space.slug, "text": text, "lang": title.lang}


def _place(found: FoundPlace, lang: str) -> ShownPlace:
    space, question = found.space, found.question
    return ShownPlace(
        url=f"/{lang}" + (thread_path(space.slug, question.number) if question else f"/spaces/{space.slug}"),
        title=found.title or [Piece(space.slug)],
        note=found.note,
        lang=found.lang,
        dir=direction(found.lang),
        number=question.number if question else None,
        space=block(space.title, lang),
    )


def _comment(found: FoundComment, lang: str) -> ShownComment:
    seen = found.seen
    assert seen.published_at is not None
    return ShownComment(
        url=f"/{lang}{comment_path(found.space.slug, seen.id)}",
        symbol=seen.symbol,
        author_name=seen.author_name,
        capacity_text=capacity_text(seen.speaking_for, seen.entity_name),
        entity_name=seen.entity_name,
        published_at=to_minute(seen.published_at),
        lang=seen.lang,
        dir=direction(seen.lang),
        lang_name=ENDONYM[seen.lang] if is_lang(seen.lang) else seen.lang,
        pieces=found.pieces,
        space=block(found.space.title, lang),
        space_url=f"/{lang}/spaces/{found.space.slug}",
    )
