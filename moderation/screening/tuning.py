"""Change how a space screens: its moderators and the secretariat may, and the record says that they did."""

from tortoise.exceptions import IntegrityError

from forum.db.work import Work, begin
from forum.discussions.events import Act, tell
from forum.discussions.models import Space
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Conflict, Forbidden, NotSignedIn
from forum.record.appending import lock
from moderation.screening.forms import ScreeningForm
from moderation.screening.models import ScreeningSettings


def require_tuning(actor: Actor, space_id: str) -> None:
    """Raise NotSignedIn or Forbidden unless `actor` moderates the space or runs the forum."""
    if not actor.signed_in:
        raise NotSignedIn
    if not actor.moderates(space_id) and not actor.is_secretariat:
        raise Forbidden("forbidden")


async def settings_of(space: Space) -> ScreeningSettings:
    """Return what a space has set, or, unsaved and with version 0, the defaults."""
    return await ScreeningSettings.get_or_none(space_id=space.id) or ScreeningSettings(space_id=space.id, version=0)


async def tune(actor: Actor, space: Space, form: ScreeningForm) -> ScreeningSettings:
    """Set how a space screens. Raises Forbidden for others than its moderators and the secretariat, Conflict for a stale version."""
    require_tuning(actor, space.id)
    try:
        async with begin() as work:
            return await _write(work, actor, space, form)
    except IntegrityError as error:  # two first settings at once
        raise _stale(await settings_of(space)) from error


def _stale(now: ScreeningSettings) -> Conflict:
    return Conflict("screening.stale", {"version": now.version})


async def _write(work: Work, actor: Actor, space: Space, form: ScreeningForm) -> ScreeningSettings:
    await lock(work, space.id)
    found = await ScreeningSettings.filter(space_id=space.id).using_db(work.connection).first()
    if (found.version if found else 0) != form.version:
        raise _stale(found or ScreeningSettings(space_id=space.id, version=0))
    made = found or ScreeningSettings(space_id=space.id)
    made.max_links, made.newcomer_texts = form.max_links, form.newcomer_texts
    made.off = sorted(set(form.off))
    made.words = {lang: list(dict.fromkeys(words)) for lang, words in form.words.items() if words}
    made.version = form.version + 1
    await made.save(using_db=work.connection)
    capacity = Capacity.MODERATOR if actor.moderates(space.id) else Capacity.SECRETARIAT
    await tell(work, "desk.changed", space.id, Act(actor, capacity), what="screening", version=made.version)
    return made
