"""Search: what a reader may see now of what the index finds.

It is the public's search, for everybody alike: moderators and authors find no more in it than other readers of the same spaces. First
come spaces and questions, then comments, newest first; all words must occur.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forum.db.connect import reader
from forum.discussions import threads
from forum.discussions.indexing import COMMENT, QUESTION, SPACE
from forum.discussions.models import CommentState, Question, Space
from forum.discussions.policy import may_read, text_for_all_sql
from forum.discussions.threads import Seen
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Problem, invalid
from forum.kernel.locales import pick
from forum.search.analyser import MAX_QUERY, Query, parse
from forum.search.engines import index
from forum.search.index import Counted, Hit, Live, Wanted
from forum.search.snippet import Piece, marked, places, snippet
from forum.text.excerpt import plain_text
from forum.text.source import normalize

PAGE = 20
PLACES = 10
"""Spaces and questions shown at most: there are few, and a longer word finds the right one."""
COUNTED = 1000
"""Comments counted at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched: `space` (its address) and `lang` narrow it when they are not empty, `after` is the last comment seen."""

    text: str
    space: str = ""
    lang: str = ""
    after: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A space with the part of its note around what was searched, or one of its questions; `lang` is that of both texts."""

    space: Space
    question: Question | None
    title: list[Piece]
    note: list[Piece]
    lang: str


@dataclass(frozen=True, slots=True)
class FoundComment:
    """A comment and the part of its text around what was searched."""

    seen: Seen
    space: Space
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many comments under the chosen space and language; when there are `more` than were counted, `total` is that many.

    `by_space` (by id) and `by_lang` tell what the other choices of each would give; both are empty when there is too much to count.
    """

    total: int = 0
    more: bool = False
    by_space: Mapping[str, int] = field(default_factory=dict)
    by_lang: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """What was found; `next` is the value of `after` for the rest, None at the end. `spaces` are those that the reader may read."""

    places: list[FoundPlace]
    comments: list[FoundComment]
    next: str | None
    counts: Counts
    spaces: Mapping[str, Space]


def tidy(text: str) -> str:
    """Return what was typed on one line, without characters that nobody sees."""
    return " ".join(normalize(text).split())


def understood(text: str) -> Query:
    """Return what the tidied `text` asks for. Raises Refusal naming the field "q" when it is too long or holds no word."""
    if len(text) > MAX_QUERY:
        raise invalid(q=Problem("field.too_long", {"limit": MAX_QUERY}))
    query = parse(text)
    if not query.terms:
        raise invalid(q=Problem("search.empty"))
    return query


@dataclass(frozen=True, slots=True)
class _Search:
    """One search of one reader: what is wanted, and what may be seen of it."""

    query: Query
    spaces: Mapping[str, Space]
    hidden: Sequence[str]
    place: str
    lang: str

    def wanted(self, kinds: Sequence[str], *, narrowed: bool = True) -> Wanted:
        place, lang = (self.place, self.lang) if narrowed else ("", "")
        return Wanted(self.query, kinds, place, lang, self.hidden)

    def _readable(self) -> tuple[str, list[object]]:
        marks = ", ".join("?" for _ in self.spaces)
        return (f"d.place IN ({marks})" if self.spaces else "1 = 0"), list(self.spaces)

    def live_places(self) -> Live:
        where, params = self._readable()
        return Live("", where, params)

    def live_comments(self) -> Live:
        where, params = self._readable()
        shown, more = text_for_all_sql()
        return Live("JOIN comments c ON c.id = d.ref", f"{where} AND {shown}", [*params, *more])


async def search(actor: Actor, asked: Asked, lang: str, most: int = COUNTED) -> Results:
    """Search as `actor`, in at most eight statements whatever is found; names come in `lang`, `most` comments are counted.

    Raises Refusal when the text cannot be searched or the place to go on from is not known, NotFound for a space one may not read.
    """
    query = understood(asked.text)
    every = await Space.all().using_db(reader())
    spaces = {space.id: space for space in every if may_read(actor, space)}
    narrowed = next((one.id for one in spaces.values() if one.slug == asked.space), "")
    if asked.space and not narrowed:
        raise NotFound
    one = _Search(query, spaces, [space.id for space in every if space.id not in spaces], narrowed, asked.lang)
    before = None
    if asked.after:
        before = await index().position(COMMENT, asked.after, one.live_comments())
        if before is None:
            raise invalid(after=Problem("page.cursor"))
    hits = await index().find(one.wanted([COMMENT]), one.live_comments(), before, asked.limit + 1)
    return Results(
        # Their texts are in several languages at once.
        places=[] if asked.after or asked.lang else await _places(one, lang),
        comments=await _comments(actor, one, hits[: asked.limit], lang),
        next=hits[asked.limit - 1].ref if len(hits) > asked.limit else None,
        counts=await _count(one, most),
        spaces=spaces,
    )


async def _count(one: _Search, most: int) -> Counts:
    counted = await index().count(one.wanted([COMMENT], narrowed=False), one.live_comments(), most)
    if counted.more and (one.place or one.lang):
        counted = await index().count(one.wanted([COMMENT]), one.live_comments(), most)
        return Counts(min(_sum(counted, "", ""), most), counted.more)
    if counted.more:
        return Counts(most, more=True)
    by_space = {place: _sum(counted, place, one.lang) for place, _ in counted.by}
    by_lang = {lang: _sum(counted, one.place, lang) for _, lang in counted.by}
    return Counts(_sum(counted, one.place, one.lang), by_space=_some(by_space), by_lang=_some(by_lang))


def _sum(counted: Counted, place: str, lang: str) -> int:
    return sum(n for (where, spoken), n in counted.by.items() if place in {"", where} and lang in {"", spoken})


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: n for name, n in counts.items() if n}


async def _places(one: _Search, lang: str) -> list[FoundPlace]:
    hits = await index().find(one.wanted([SPACE, QUESTION]), one.live_places(), None, PLACES)
    asked = [hit.ref for hit in hits if hit.kind == QUESTION]
    questions = {found.id: found for found in await Question.filter(id__in=asked).using_db(reader())} if asked else {}
    found = []
    for hit in sorted(hits, key=lambda hit: hit.kind != SPACE):
        question = questions.get(hit.ref)
        if hit.kind == QUESTION and question is None:
            continue
        found.append(_place(one, hit, question, lang))
    return found


def _place(one: _Search, hit: Hit, question: Question | None, lang: str) -> FoundPlace:
    space = one.spaces[hit.place]
    titles = question.text if question else space.title
    notes = {} if question else {of: plain_text(html) for of, html in space.note_html.items()}
    found = (of for of in dict.fromkeys((lang, *titles, *notes)) if _holds(one, of, titles, notes))
    title, spoken = pick(titles, next(found, lang))
    note = notes.get(spoken, "")
    piece = snippet(note, spoken, one.query) if places(note, spoken, one.query) else []
    return FoundPlace(space, question, marked(title, spoken, one.query), piece, spoken)


def _holds(one: _Search, lang: str, *texts: Mapping[str, str]) -> bool:
    return any(places(text.get(lang, ""), lang, one.query) for text in texts)


async def _comments(actor: Actor, one: _Search, hits: Sequence[Hit], lang: str) -> list[FoundComment]:
    seen = await threads.some(actor, [hit.ref for hit in hits], lang)
    return [
        FoundComment(found, one.spaces[hit.place], snippet(plain_text(found.html), found.lang, one.query))
        for hit in hits
        if (found := seen.get(hit.ref)) and found.state == CommentState.PUBLISHED.value
    ]
