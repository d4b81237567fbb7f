"""Found a space and write its texts, questions and settings; the secretariat alone."""

from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from forum.db.work import Work, begin
from forum.discussions import queries
from forum.discussions.events import as_secretariat, tell
from forum.discussions.forms import QuestionForm, SpaceForm
from forum.discussions.models import Deadline, Question, Space, SpaceEntity, SpaceObjective, SpaceState
from forum.discussions.opening import STATE_NAMES
from forum.discussions.policy import require_secretariat
from forum.discussions.times import check_zone, parse_time
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.canonical import Json
from forum.kernel.errors import Conflict, NotFound, Problem, Refusal, invalid
from forum.kernel.locales import LANGS
from forum.kernel.messages import Msg
from forum.people.models import Entity
from forum.record.appending import lock
from forum.text.aside import aside
from forum.text.markup import MAX_SOURCE, RENDERER_VERSION, length, render

TITLE_LIMIT = 200
QUESTION_LIMIT = 500
Texts = dict[str, str]


def _texts(field: str, texts: Texts, limit: int) -> Texts:
    kept: Texts = {lang: text.strip() for lang, text in texts.items() if lang in LANGS and text.strip()}
    long = {f"{field}.{lang}": Problem("field.too_long", {"limit": limit}) for lang, text in kept.items() if length(text) > limit}
    if long:
        raise invalid(**long)
    return kept


async def _html(texts: Texts) -> Texts:
    return {lang: (await aside(render, text)).html for lang, text in texts.items()}


@dataclass(frozen=True, slots=True)
class _Written:
    """The texts of a form, checked, and what is shown of them: made before the transaction."""

    title: Texts
    note: Texts
    policy: Texts
    note_html: Texts
    policy_html: Texts


async def _written(form: SpaceForm) -> _Written:
    """Check and render the texts. Raises Refusal naming the field ("title.fr") that is too long."""
    title = _texts("title", form.title, TITLE_LIMIT)
    note, policy = _texts("note", form.note, MAX_SOURCE), _texts("policy", form.policy, MAX_SOURCE)
    return _Written(title, note, policy, await _html(note), await _html(policy))


def _fill(space: Space, form: SpaceForm, written: _Written) -> None:
    """Write the form's values into the unsaved space. Raises Refusal naming the field that is wrong."""
    space.title, space.note, space.policy = written.title, written.note, written.policy
    space.note_html, space.policy_html = written.note_html, written.policy_html
    space.renderer = RENDERER_VERSION
    space.edition, space.round_table = form.edition, form.round_table
    space.principles = sorted(set(form.principles))
    space.languages = [lang for lang in LANGS if lang in form.languages]
    space.visibility = form.visibility
    if space.state == SpaceState.DRAFT.value:
        # Once announced, address and symbol are cited, times move only by an extension, the mode stays as it was promised.
        space.slug = form.slug
        space.symbol = form.symbol or (f"RT{form.round_table}" if form.round_table else "DS")
        space.premoderation = form.premoderation
        space.zone = check_zone(form.zone)
        space.opens_at = parse_time(form.opens_at, form.zone, "opens_at")
        space.closes_at = parse_time(form.closes_at, form.zone, "closes_at")
        if space.opens_at and space.closes_at and space.closes_at <= space.opens_at:
            raise invalid(closes_at=Problem("space.times"))
        return
    # What opening asks for cannot be taken away behind it.
    kept = {"title": space.title, "policy": space.policy, "languages": space.languages}
    if emptied := [name for name, value in kept.items() if not value]:
        raise invalid(**{name: Problem("field.required") for name in emptied})


async def _link(work: Work, space: Space, form: SpaceForm) -> None:
    await SpaceObjective.filter(space_id=space.id).using_db(work.connection).delete()
    for number in sorted({one for one in form.objectives if 0 <= one <= 23}):
        await SpaceObjective.create(space_id=space.id, objective=number)
    await SpaceEntity.filter(space_id=space.id).using_db(work.connection).delete()
    for entity_id in dict.fromkeys(form.entities):
        if not await Entity.filter(id=entity_id).exists():
            raise invalid(entities=Problem("field.choice"))
        await SpaceEntity.create(space_id=space.id, entity_id=entity_id)


async def found(actor: Actor, form: SpaceForm, *, is_demo: bool = False) -> Space:
    """Make a space in draft. Raises Forbidden for others than the secretariat, Refusal naming the wrong field."""
    require_secretariat(actor)
    space = Space(state=SpaceState.DRAFT.value, created_at=clock.now(), is_demo=is_demo)
    _fill(space, form, await _written(form))
    try:
        async with begin() as work:
            await space.save(using_db=work.connection)
            await lock(work, space.id)
            await _link(work, space, form)
            await _note_deadline(space, actor)
            await tell(work, "space.founded", space.id, as_secretariat(actor), space.id, slug=space.slug)
    except IntegrityError as error:
        raise invalid(slug=Problem("space.slug_taken")) from error
    return space


async def _note_deadline(space: Space, actor: Actor) -> None:
    await Deadline.filter(space_id=space.id, before=None).delete()
    if space.closes_at:
        await Deadline.create(
            space_id=space.id,
            closes_at=space.closes_at,
            zone=space.zone,
            set_at=clock.now(),
            set_by_id=actor.person_id,
        )


async def rewrite(actor: Actor, space_id: str, form: SpaceForm) -> Space:
    """Change a space's texts and settings. Raises Conflict when `form.version` is stale, else as `found`."""
    require_secretariat(actor)
    written = await _written(form)
    try:
        async with begin() as work:
            await lock(work, space_id)
            space = await Space.get_or_none(id=space_id)
            if space is None:
                raise NotFound
            if form.version and form.version != space.version:
                raise Conflict("space.stale", {"slug": space.slug, "version": space.version})
            _require_alive(space)
            before = {name: getattr(space, name) for name in WATCHED}
            _fill(space, form, written)
            space.version += 1
            await space.save(using_db=work.connection)
            await _link(work, space, form)
            if space.state == SpaceState.DRAFT.value:
                await _note_deadline(space, actor)
            changed: list[Json] = [name for name in WATCHED if getattr(space, name) != before[name]]
            await tell(work, "space.rewritten", space.id, as_secretariat(actor), space.id, changed=changed)
            return space
    except IntegrityError as error:
        raise invalid(slug=Problem("space.slug_taken")) from error


def _require_alive(space: Space) -> None:
    if space.state == SpaceState.ARCHIVED.value:
        raise Refusal("space.state", state=Msg(STATE_NAMES[space.state]))


WATCHED = (
    "slug",
    "title",
    "note",
    "policy",
    "edition",
    "round_table",
    "symbol",
    "principles",
    "languages",
    "visibility",
    "premoderation",
    "zone",
    "opens_at",
    "closes_at",
)
"""The settings whose change the record names."""


async def set_question(actor: Actor, space_id: str, form: QuestionForm) -> Question:
    """Write the question `form.number`, making it if there is none.

    Raises Refusal `space.frozen` once the space has received a comment: an answer must keep its question.
    """
    require_secretariat(actor)
    text = _texts("text", form.text, QUESTION_LIMIT)
    if not text:
        raise invalid(text=Problem("field.required"))
    async with begin() as work:
        await lock(work, space_id)
        if not await Space.filter(id=space_id).exists():
            raise NotFound
        if await queries.has_comments(space_id):
            raise Refusal("space.frozen")
        question, made = await Question.get_or_create(space_id=space_id, number=form.number, defaults={"text": text})
        if not made:
            question.text = text
            await question.save(update_fields=["text"])
        kind = "question.added" if made else "question.rewritten"
        await tell(work, kind, space_id, as_secretariat(actor), question.id, number=form.number)
        return question


async def drop_question(actor: Actor, space_id: str, number: int) -> None:
    """Take a question away, before any comment. Raises NotFound, Refusal `space.frozen`."""
    require_secretariat(actor)
    async with begin() as work:
        await lock(work, space_id)
        if await queries.has_comments(space_id):
            raise Refusal("space.frozen")
        question = await Question.get_or_none(space_id=space_id, number=number)
        if question is None:
            raise NotFound
        await question.delete()
        await tell(work, "question.dropped", space_id, as_secretariat(actor), question.id, number=number)
