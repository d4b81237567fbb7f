"""Post a comment: check, render and screen before the transaction; one commit; the rest is told after it."""

import secrets
from dataclasses import dataclass, replace

from tortoise.exceptions import IntegrityError

from forum.db.work import Work, begin
from forum.discussions import screening, standing
from forum.discussions.events import as_member, tell
from forum.discussions.forms import NewComment, check_body
from forum.discussions.models import (
    MAX_DEPTH,
    SEGMENT,
    Comment,
    CommentState,
    Draft,
    PostKey,
    Question,
    Revision,
    RevisionState,
    Space,
    SpeakingFor,
)
from forum.discussions.policy import require_post
from forum.discussions.restraint import still_free
from forum.discussions.screening import Hold, Submission
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.canonical import Json, canonical, digest
from forum.kernel.errors import NotFound, Problem, Refusal, invalid
from forum.kernel.ids import new_id
from forum.kernel.locales import ENDONYM
from forum.people import affiliations
from forum.people.models import EntityKind
from forum.people.restrictions import require_not_barred
from forum.record.appending import lock
from forum.text.aside import aside
from forum.text.markup import Rendered, render

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SPEAKS = {
    EntityKind.STATE.value: SpeakingFor.STATE,
    EntityKind.OBSERVER.value: SpeakingFor.STATE,
    EntityKind.UN_BODY.value: SpeakingFor.ORGANIZATION,
    EntityKind.ORGANIZATION.value: SpeakingFor.ORGANIZATION,
    EntityKind.GROUP.value: SpeakingFor.GROUP,
}


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment that a post made, or, under a key used before, had made."""

    comment_id: str
    state: str
    created: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is worked out before the transaction."""

    comment_id: str
    text: Rendered
    speaking_for: SpeakingFor
    entity_id: str | None
    holds: list[Hold]


def segment(ordinal: int) -> str:
    """Return the fixed-width base-36 segment of the `ordinal`-th child, counted from 1."""
    digits = []
    for _ in range(SEGMENT):
        ordinal, rest = divmod(ordinal, 36)
        digits.append(DIGITS[rest])
    if ordinal:
        raise Refusal("space.not_open")
    return "".join(reversed(digits))


def new_revision(comment_id: str, number: int, lang: str, text: Rendered) -> Revision:
    """Return an unsaved, held revision with the salted digest that the record will hold instead of its text."""
    salt = secrets.token_hex(32)
    return Revision(
        comment_id=comment_id,
        number=number,
        state=RevisionState.HELD.value,
        lang=lang,
        source=text.source,
        html=text.html,
        renderer=text.version,
        paragraphs=text.paragraphs,
        salt=salt,
        digest=digest(salt + text.source),
        made_at=clock.now(),
    )


def check_lang(space: Space, lang: str) -> None:
    """Raise Refusal unless the space accepts comments in `lang`."""
    if lang not in space.languages:
        names = ", ".join(ENDONYM[code] for code in space.languages)
        raise invalid(lang=Problem("comment.lang", {"languages": names}))


async def capacity_of(actor: Actor, wanted: str) -> tuple[SpeakingFor, str | None]:
    """Return in which capacity and for which entity `actor` speaks; raises Refusal for an entity not verified."""
    if wanted in {"", "personal"}:
        return SpeakingFor.PERSONAL, None
    assert actor.person_id
    for one in await affiliations.may_speak_for(actor.person_id, "en"):
        if wanted in {one.entity_id, one.entity_code}:
            return SPEAKS[one.entity_kind], one.entity_id
    raise invalid(capacity=Problem("comment.capacity"))


async def post_comment(actor: Actor, space: Space, form: NewComment, key: str | None = None) -> Posted:
    """Post a comment and return it; the same `key` with the same text answers the same comment again.

    Raises Forbidden when the space is not open to the actor, NotFound for an unknown question, Refusal for anything wrong with the text.
    """
    print_of_form = digest(canonical({"space": space.id, **form.model_dump()}))
    if key and (known := await _known(actor, key, print_of_form)):
        return known
    await require_not_barred(actor, space.id)
    require_post(actor, space, clock.now())
    if not await Question.filter(space_id=space.id, number=form.question).exists():
        raise NotFound
    check_body(form.body)
    check_lang(space, form.lang)
    prepared = await _prepare(actor, space, form)
    try:
        async with begin() as work:
            state = await _write(work, actor, form, prepared, space.id)
            if key:
                await PostKey.create(
                    person_id=actor.person_id,
                    key=key,
                    digest=print_of_form,
                    comment_id=prepared.comment_id,
                    used_at=clock.now(),
                )
    except IntegrityError:
        # Two requests with one key raced: the other one's comment is the answer.
        if key and (known := await _known(actor, key, print_of_form)):
            return known
        raise
    return Posted(prepared.comment_id, state, created=True)


async def known_key(actor: Actor, key: str | None) -> bool:
    """Return whether `actor` has posted under this key before: a retry is no new post, so no limit counts it."""
    return key is not None and await PostKey.exists(person_id=actor.person_id, key=key)


async def _known(actor: Actor, key: str, print_of_form: str) -> Posted | None:
    used = await PostKey.get_or_none(person_id=actor.person_id, key=key)
    if used is None:
        return None
    if used.digest != print_of_form:
        raise Refusal("comment.key_reused")
    comment = await Comment.get(id=used.comment_id)
    return Posted(comment.id, comment.state, created=False)


async def _prepare(actor: Actor, space: Space, form: NewComment) -> Prepared:
    comment_id = new_id()
    speaking_for, entity_id = await capacity_of(actor, form.capacity or "personal")
    text = await aside(render, form.body, anchor=comment_id)
    if not text.text.strip():
        raise invalid(body=Problem("comment.empty"))
    submission = Submission(actor, space, comment_id, text, form.lang, speaking_for.value, replaces=False)
    return Prepared(comment_id, text, speaking_for, entity_id, await screening.screen(submission))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment hangs in its thread: below `parent_id`, or, where that is None, in the question itself."""

    parent_id: str | None
    reply_to_id: str | None
    path: str
    depth: int


async def place_in(question: Question, parent_id: str | None) -> Place:
    """Return the next place in the question or below a comment. The question's count is left to be saved, with its others."""
    if parent_id is None:
        question.children += 1
        return Place(None, None, segment(question.children), 0)
    target = await Comment.get_or_none(id=parent_id, question_id=question.id)
    # What waits, what is gone and what never was are refused alike: the answer tells nobody which.
    if target is None or target.state != CommentState.PUBLISHED.value:
        raise invalid(parent=Problem("comment.parent"))
    # Below the greatest depth a reply hangs beside the one it answers, and says whom.
    hang = target if target.depth < MAX_DEPTH else await Comment.get(id=target.parent_id)
    hang.children += 1
    await hang.save(update_fields=["children"])
    return Place(hang.id, target.id, hang.path + segment(hang.children), hang.depth + 1)


async def _write(work: Work, actor: Actor, form: NewComment, prepared: Prepared, space_id: str) -> str:
    head = await lock(work, space_id)
    now = clock.now()
    space = await Space.get(id=space_id)
    # Asked again under the lock: the space may have closed while the text was rendered.
    require_post(actor, space, now)
    prepared = replace(prepared, holds=await still_free(work, actor, space_id, prepared.holds, new=True))
    question = await Question.get(space_id=space_id, number=form.question)
    place = await place_in(question, form.parent)
    revision = new_revision(prepared.comment_id, 1, form.lang, prepared.text)
    comment = _row(space, question, place, prepared, revision)
    comment.author_id, comment.received_at = str(actor.person_id), now
    if not prepared.holds:
        revision.state = RevisionState.PUBLISHED.value
        standing.come_out(space, question, comment)
        # Received and published are two facts and two versions, but each row is written once: the lock is held, so the number
        # that the second fact will get is known.
        comment.version, comment.public_seq = 2, head.public_seq + 1
    await question.save(update_fields=["children", "published", "symbols"])
    await revision.save()
    await comment.save(using_db=work.connection)
    written_at = f"r:{form.parent}" if form.parent else f"q:{question.id}"
    await Draft.filter(person_id=actor.person_id, place=written_at).delete()
    act, data = as_member(actor), _received(question, comment, revision, prepared.holds)
    await tell(work, "comment.received", space_id, act, comment.id, **data)
    if not prepared.holds:
        await standing.tell_published(work, question, comment, revision, act)
    return comment.state


def _received(question: Question, comment: Comment, revision: Revision, holds: list[Hold]) -> dict[str, Json]:
    """Return what the record says of a comment that has come: no text, but the digest that proves it."""
    return {
        "question": question.number,
        "revision": revision.id,
        "digest": revision.digest,
        "lang": revision.lang,
        "parent": comment.reply_to_id,
        "holds": [{"phase": hold.phase, "reason": hold.reason} for hold in holds],
    }


def _row(space: Space, question: Question, place: Place, prepared: Prepared, revision: Revision) -> Comment:
    return Comment(
        id=prepared.comment_id,
        space_id=space.id,
        question_id=question.id,
        parent_id=place.parent_id,
        reply_to_id=place.reply_to_id,
        path=place.path,
        depth=place.depth,
        speaking_for=prepared.speaking_for.value,
        entity_id=prepared.entity_id,
        state=CommentState.HELD.value,
        shown_id=revision.id,
    )
