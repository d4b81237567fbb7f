"""What the API answers: models for the description, and how a space or a comment becomes one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, cast

from pydantic import BaseModel, Field

from forum.discussions.models import (
    CommentState,
    Premoderation,
    Question,
    RevisionState,
    Space,
    SpaceState,
    SpeakingFor,
    Visibility,
)
from forum.discussions.policy import Viewer, viewer
from forum.discussions.threads import Seen
from forum.kernel.actors import Actor
from forum.kernel.clock import to_minute
from forum.kernel.locales import Lang, pick

Seq = Annotated[int, Field(ge=0, description="number in the public record of the space")]


class QuestionAnswer(BaseModel):
    """A guiding question in the request's language, or in `lang` where there is no translation."""

    number: int
    text: str
    lang: Lang


class Counts(BaseModel):
    """How many comments are published: in all, and by the number of the question."""

    comments: int
    by_question: dict[str, int]


class SpaceAnswer(BaseModel):
    """A discussion space. `seq` is the last number of its public record; times are UTC, deadlines are meant in `zone`."""

    slug: str
    title: str
    title_lang: Lang
    state: SpaceState
    visibility: Visibility
    seq: Seq
    opens_at: datetime | None
    closes_at: datetime | None
    zone: str
    premoderation: Premoderation | None
    languages: list[Lang]
    objectives: list[int]
    round_table: int | None
    edition: int | None
    questions: list[QuestionAnswer]
    counts: Counts


class SpacesAnswer(BaseModel):
    """The spaces that the caller may read, open ones first."""

    items: list[SpaceAnswer]


class Author(BaseModel):
    """Who speaks, in which capacity and, unless it is a personal one, for whom. All null where only a stub is left."""

    name: str | None
    capacity: SpeakingFor | None
    entity: str | None


class CommentAnswer(BaseModel):
    """A comment as the caller may see it.

    `parent` is where it hangs in the thread, `reply_to` the comment it answers: they differ below the greatest depth. A stub has an
    empty `body` and `html`. For readers `created_at` is the minute of publication; for the author and moderators it is the moment of
    receipt. `version` is what PATCH and DELETE compare; readers, who can do neither, get the number of its last public change, as
    a version that counts held edits would tell of them.
    """

    id: str
    symbol: str | None = Field(description="citation symbol, given at publication")
    question: int
    parent: str | None
    reply_to: str | None
    depth: int = Field(ge=0, le=8)
    author: Author
    lang: Lang
    body: str = Field(description="Markdown source")
    html: str = Field(description="safe HTML made from the source")
    paragraphs: int = Field(description="number of numbered paragraphs")
    state: CommentState
    version: int
    seq: Seq
    created_at: datetime
    edited_at: datetime | None
    pending: RevisionState | None = Field(description="state of an edit beside the published text; author and moderators only")


class CommentsAnswer(BaseModel):
    """Comments in thread order. `next` is the value of `after` for the rest, null at the end. Following live from `seq` misses nothing."""

    items: list[CommentAnswer]
    next: str | None
    seq: Seq


class TextPiece(BaseModel):
    """A piece of plain text; `found` tells that it is one of the words searched."""

    text: str
    found: bool


class PlaceHit(BaseModel):
    """A space, or one of its questions, with the part of the space's note around what was searched."""

    space: str = Field(description="slug")
    question: int | None = Field(description="number of the question; null for the space itself")
    title: list[TextPiece]
    note: list[TextPiece]
    lang: Lang


class CommentHit(BaseModel):
    """A comment with the part of its text around what was searched."""

    space: str = Field(description="slug")
    snippet: list[TextPiece]
    comment: CommentAnswer


class SearchAnswer(BaseModel):
    """What is published and holds all words: spaces and questions, on the first page alone, and comments, newest first.

    `total` counts the comments; there may be `more` when it is 1000. `next` is the value of `after` for the rest, null at the end.
    """

    places: list[PlaceHit]
    items: list[CommentHit]
    next: str | None
    total: int
    more: bool


class Update(BaseModel):
    """One entry of the public record, as the live frames have it; comments carry their HTML in the request's language."""

    seq: Seq
    kind: str
    at: datetime
    id: str | None = None
    question: int | None = None
    parent: str | None = None
    html: str | None = None
    before: datetime | None = None
    after: datetime | None = None
    zone: str | None = None
    reason: str | None = None


class UpdatesAnswer(BaseModel):
    """Updates in order. `seq` is the value of `since` for the rest; there is more as long as it is less than `head`."""

    items: list[Update]
    seq: Seq
    head: Seq


def space_answer(space: Space, lang: str, questions: Sequence[Question], objectives: list[int], seq: int) -> SpaceAnswer:
    """Return a space with its texts in `lang` or the nearest language there is."""
    title, title_lang = pick(space.title, lang)
    asked = []
    for question in questions:
        text, text_lang = pick(question.text, lang)
        asked.append(QuestionAnswer(number=question.number, text=text, lang=text_lang))
    by_question = {str(question.number): question.published for question in questions}
    return SpaceAnswer(
        slug=space.slug,
        title=title,
        title_lang=title_lang,
        state=SpaceState(space.state),
        visibility=Visibility(space.visibility),
        seq=seq,
        opens_at=space.opens_at,
        closes_at=space.closes_at,
        zone=space.zone,
        premoderation=Premoderation(space.premoderation) if space.premoderation else None,
        languages=space.languages,
        objectives=objectives,
        round_table=space.round_table,
        edition=space.edition,
        questions=asked,
        counts=Counts(comments=sum(by_question.values()), by_question=by_question),
    )


def comment_answer(actor: Actor, seen: Seen) -> CommentAnswer:
    """Return a comment that `actor` may see, with no more of it than `threads` has let through."""
    inside = viewer(actor, seen.space_id, seen.author_id) is not Viewer.READER
    return CommentAnswer(
        id=seen.id,
        symbol=seen.symbol or None,
        question=seen.question,
        parent=seen.parent,
        reply_to=seen.reply_to.id if seen.reply_to else None,
        depth=seen.depth,
        author=_author(seen),
        lang=cast(Lang, seen.lang),
        body=seen.source,
        html=seen.html,
        paragraphs=seen.paragraphs,
        state=CommentState(seen.state),
        version=seen.version if inside else seen.seq,
        seq=seen.seq,
        created_at=seen.received_at if inside or seen.published_at is None else to_minute(seen.published_at),
        edited_at=seen.edited_at if inside or seen.edited_at is None else to_minute(seen.edited_at),
        pending=RevisionState(seen.pending) if seen.pending else None,
    )


def _author(seen: Seen) -> Author:
    if not seen.speaking_for:
        return Author(name=None, capacity=None, entity=None)
    return Author(name=seen.author_name, capacity=SpeakingFor(seen.speaking_for), entity=seen.entity_name or None)
