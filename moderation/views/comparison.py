"""Two revisions of a comment as one text, with what went out and what came in."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request

from forum.kernel.locales import ENDONYM, direction, is_lang
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from moderation.casefile.queries import Source, sources_of
from moderation.comparing import Piece, compare, paragraphs
from moderation.queries import Waiting

REVISION_WORDS = {
    "held": N_("waiting"),
    "published": N_("published"),
    "returned": N_("returned"),
    "rejected": N_("rejected"),
    "replaced": N_("replaced"),
    "dropped": N_("dropped"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `paragraphs` show: revision `before` becoming revision `after`, in the newer one's language."""

    before: int
    after: int
    lang: str
    dir: str
    paragraphs: list[list[Piece]]
    is_same: bool
    choices: list[dict[str, object]]
    before_lang: str
    after_lang: str


@dataclass(frozen=True, slots=True)
class Between:
    """Two revisions, the older one first, among all there are, and how one becomes the other."""

    before: Source
    after: Source
    pieces: list[Piece]
    all: list[Source]


async def between(found: Waiting, first: int, second: int) -> Between:
    """Compare the revisions with these numbers; what is not the number of one means the case's text, and the published one beside it,
    else the one before it. A text with just one revision is compared with itself."""
    revisions = {one.number: one for one in await sources_of(found.comment_id)}
    after = revisions.get(second) or revisions[found.revision]
    before = revisions.get(first) or _usual(after, list(revisions.values()))
    if before.number > after.number:
        before, after = after, before
    pieces = await asyncio.to_thread(compare, before.source, after.source)
    return Between(before, after, pieces, list(revisions.values()))


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


async def comparison(request: Request, found: Waiting) -> Comparison | None:
    """Return the two revisions in the address, or those that `between` takes; None where there is just one."""
    made = await between(found, _number(request, "before"), _number(request, "after"))
    if len(made.all) < 2:
        return None
    before, after = made.before, made.after
    return Comparison(
        before=before.number,
        after=after.number,
        lang=after.lang,
        dir=direction(after.lang),
        paragraphs=paragraphs(made.pieces),
        is_same=all(piece.kind == "same" for piece in made.pieces),
        choices=[{"value": one.number, "text": _title(one)} for one in made.all],
        before_lang=_name(before.lang),
        after_lang=_name(after.lang),
    )


def _usual(after: Source, revisions: list[Source]) -> Source:
    earlier = [one for one in revisions if one.number < after.number]
    if not earlier:
        return next((one for one in revisions if one.number > after.number), after)
    return next((one for one in earlier if one.state == "published"), earlier[-1])


def _title(one: Source) -> str:
    words = REVISION_WORDS.get(one.state)
    title = gettext(N_("Version %(number)s"), number=one.number)
    return f"{title} ({gettext(words)})" if words else title


def _name(lang: str) -> str:
    return ENDONYM[lang] if is_lang(lang) else lang
