"""Change the rules of a space: settings, reasons, phrases, what a moderator is given. Each change is told, with what it was before."""

from forum.db.work import Work, begin
from forum.discussions.events import Act, tell
from forum.discussions.models import Space
from forum.kernel import clock
from forum.kernel.actors import MODERATING, Actor, Capacity
from forum.kernel.canonical import Json
from forum.kernel.errors import Conflict, Forbidden, NotFound, Problem, Refusal, invalid
from forum.kernel.ids import is_id
from forum.objectives.countries import country
from forum.people.models import SpaceRole
from forum.record.appending import lock
from moderation.reasons import OTHER, REASONS
from moderation.rules.forms import CODE, PhraseForm, ReasonForm, ScopeForm, SettingsForm
from moderation.rules.grounds import usual
from moderation.rules.models import DeskSettings, ModeratorScope, Phrase, SpaceReason
from moderation.rules.settings import settings_of

MOST_REASONS = 40
MOST_PHRASES = 200


def require_rules(actor: Actor, space_id: str) -> Act:
    """Return in which capacity `actor` writes reasons and phrases of the space; raises NotFound for who does not moderate it."""
    if actor.moderates(space_id):
        return Act(actor, Capacity.MODERATOR)
    if actor.is_secretariat:
        return Act(actor, Capacity.SECRETARIAT)
    raise NotFound


def require_regulator(actor: Actor) -> Act:
    """Return the act of the secretariat: nobody sets the rules of fairness for themselves. Raises Forbidden."""
    if not actor.is_secretariat:
        raise Forbidden("forbidden")
    return Act(actor, Capacity.SECRETARIAT)


async def _told(work: Work, act: Act, space_id: str, what: str, /, **data: Json) -> None:
    await tell(work, "desk.changed", space_id, act, space_id, what=what, **data)


async def set_settings(actor: Actor, space_id: str, form: SettingsForm) -> DeskSettings:
    """Change how a space is moderated; what is decided already is not touched. Raises Forbidden, Conflict when `version` is stale."""
    act = require_regulator(actor)
    async with begin() as work:
        await lock(work, space_id)
        settings = await settings_of(space_id)
        if settings.version != form.version:
            raise Conflict("desk.stale", {"version": settings.version})
        changed: dict[str, Json] = {}
        for name, value in form.model_dump(exclude={"version"}).items():
            before = getattr(settings, name)
            if before != value:
                changed[name] = {"before": before, "after": value}
                setattr(settings, name, value)
        if changed:
            settings.version += 1
            await settings.save(using_db=work.connection)
            await _told(work, act, space_id, "settings", changed=changed)
        return settings


def _complete(form: ReasonForm, space: Space) -> None:
    """Raise Refusal naming the first text that is missing in a language of the space: authors read in theirs."""
    for name, texts in (("name", form.name), ("text", form.text)):
        for lang in space.languages:
            if not dict(texts).get(lang, "").strip():
                raise invalid(**{f"{name}.{lang}": Problem("field.required")})


async def _adopt(work: Work, space_id: str) -> None:
    """Make the usual reasons the space's own, before one of them is changed."""
    if await SpaceReason.filter(space_id=space_id).exists():
        return
    for place, reason in enumerate(REASONS):
        own = usual(reason)
        await SpaceReason.create(
            using_db=work.connection,
            space_id=space_id,
            code=own.code,
            clause=own.clause,
            name=dict(own.name),
            text=dict(own.text),
            place=place,
        )


async def write_reason(actor: Actor, space_id: str, form: ReasonForm) -> SpaceReason:
    """Write a reason of the space, a new one or one that is there; decisions made with it keep its former words."""
    act = require_rules(actor, space_id)
    _complete(form, await Space.get(id=space_id))
    async with begin() as work:
        await lock(work, space_id)
        await _adopt(work, space_id)
        reason = await SpaceReason.get_or_none(space_id=space_id, code=form.code)
        if reason is None and await SpaceReason.filter(space_id=space_id, retired_at=None).count() >= MOST_REASONS:
            raise Refusal("desk.full", limit=MOST_REASONS)
        known = reason is not None
        reason = reason or SpaceReason(space_id=space_id, code=form.code, name={}, text={}, place=await _last_place(space_id))
        before = _values(reason)
        _require_eyes(act, reason, form.four_eyes)
        reason.clause = form.clause.strip()
        reason.four_eyes = reason.four_eyes if form.four_eyes is None else form.four_eyes
        reason.place = reason.place if form.place is None else form.place
        reason.name, reason.text, reason.retired_at = dict(form.name), dict(form.text), None
        await reason.save(using_db=work.connection)
        changed = _changes(before, _values(reason))
        await _told(work, act, space_id, "reason", code=form.code, act="changed" if known else "added", changed=changed)
        return reason


async def _last_place(space_id: str) -> int:
    return max([one.place for one in await SpaceReason.filter(space_id=space_id)], default=-1) + 1


def _require_eyes(act: Act, reason: SpaceReason, wanted: bool | None) -> None:
    """Raise Refusal when moderators would free themselves of the second one that a reason asks for, one brought back among them."""
    if reason.four_eyes and wanted is False and act.capacity is not Capacity.SECRETARIAT:
        raise invalid(four_eyes=Problem("desk.four_eyes"))


def _values(reason: SpaceReason) -> dict[str, Json]:
    """Return what a change of a reason is told by: each text under the name of its language."""
    texts = {f"{name}.{lang}": text for name in ("name", "text") for lang, text in getattr(reason, name).items()}
    return {"clause": reason.clause, "second": reason.four_eyes, "place": reason.place, **texts}


def _changes(before: dict[str, Json], after: dict[str, Json]) -> dict[str, Json]:
    """Return what is not as it was: {name: {before, after}}, "" for what was not or is not there."""
    names = sorted({*before, *after})
    return {
        name: {"before": before.get(name, ""), "after": after.get(name, "")}
        for name in names
        if before.get(name, "") != after.get(name, "")
    }


async def retire_reason(actor: Actor, space_id: str, code: str) -> None:
    """Let a reason be chosen no more. Raises NotFound, Refusal for the one under which anything can be said."""
    act = require_rules(actor, space_id)
    if code == OTHER:
        raise Refusal("desk.other_stays")
    async with begin() as work:
        await lock(work, space_id)
        await _adopt(work, space_id)
        reason = await SpaceReason.get_or_none(space_id=space_id, code=code, retired_at=None) if CODE.fullmatch(code) else None
        if reason is None:
            raise NotFound
        reason.retired_at = clock.now()
        await reason.save(using_db=work.connection, update_fields=["retired_at"])
        await _told(work, act, space_id, "reason", code=code, act="retired")


async def write_phrase(actor: Actor, space_id: str, form: PhraseForm, phrase_id: str | None = None) -> Phrase:
    """Write a phrase of the space, a new one without `phrase_id`. Raises NotFound."""
    act = require_rules(actor, space_id)
    if phrase_id is not None and not is_id(phrase_id):
        raise NotFound
    if not form.title:
        raise invalid(title=Problem("field.required"))
    if not form.text:
        raise invalid(text=Problem("field.required"))
    async with begin() as work:
        await lock(work, space_id)
        if phrase_id is None and await Phrase.filter(space_id=space_id).count() >= MOST_PHRASES:
            raise Refusal("desk.full", limit=MOST_PHRASES)
        phrase = await Phrase.get_or_none(id=phrase_id, space_id=space_id) if phrase_id else Phrase(space_id=space_id)
        if phrase is None:
            raise NotFound
        phrase.title, phrase.text, phrase.place = dict(form.title), dict(form.text), form.place
        await phrase.save(using_db=work.connection)
        await _told(work, act, space_id, "phrase", phrase=phrase.id, act="changed" if phrase_id else "added")
        return phrase


async def drop_phrase(actor: Actor, space_id: str, phrase_id: str) -> None:
    """Delete a phrase; what was written with it stays. Raises NotFound."""
    act = require_rules(actor, space_id)
    if not is_id(phrase_id):
        raise NotFound
    async with begin() as work:
        await lock(work, space_id)
        if not await Phrase.filter(id=phrase_id, space_id=space_id).delete():
            raise NotFound
        await _told(work, act, space_id, "phrase", phrase=phrase_id, act="dropped")


async def set_scope(actor: Actor, space_id: str, person_id: str, form: ScopeForm) -> ModeratorScope:
    """Give a moderator languages in a space, and note of which State they are a national.

    Raises Forbidden, NotFound for who does not moderate it, Refusal for a language the space does not accept or an unknown State.
    """
    act = require_regulator(actor)
    space = await Space.get(id=space_id)
    if not is_id(person_id) or not await SpaceRole.exists(person_id=person_id, space_id=space_id, role__in=sorted(MODERATING)):
        raise NotFound
    if not set(form.languages) <= set(space.languages):
        raise invalid(languages=Problem("field.choice"))
    nationality = None if form.nationality is None else _state(form.nationality)
    async with begin() as work:
        await lock(work, space_id)
        scope = await ModeratorScope.get_or_none(person_id=person_id, space_id=space_id)
        scope = scope or ModeratorScope(person_id=person_id, space_id=space_id, languages=[], nationality="")
        before, was = sorted(scope.languages), scope.nationality
        scope.languages = sorted(set(form.languages))
        scope.nationality = was if nationality is None else nationality
        await scope.save(using_db=work.connection)
        changed = _changes({"nationality": was}, {"nationality": scope.nationality})
        told: dict[str, Json] = {"changed": changed} if changed else {}
        await _told(work, act, space_id, "scope", person=person_id, before=before, after=scope.languages, **told)
        return scope


def _state(code: str) -> str:
    """Return the three letters of a State's code, "" for none; raises Refusal for what is none."""
    try:
        return country(code).iso3 if code else ""
    except KeyError:
        raise invalid(nationality=Problem("field.choice")) from None
