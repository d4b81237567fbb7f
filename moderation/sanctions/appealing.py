"""Appeal against a sanction, once, and decide on the appeal: somebody else than who imposed it, and of another entity."""

from forum.db.work import Work, begin
from forum.discussions.events import Act, as_member
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from forum.kernel.locales import DEFAULT_LANG
from forum.people.models import Person
from forum.record.appending import lock
from moderation.sanctions.effect import end_effect, log_of, tell_of
from moderation.sanctions.forms import AnswerForm, MeasureAppealForm
from moderation.sanctions.imposing import stands
from moderation.sanctions.models import Outcome, Sanction, SanctionState
from moderation.sanctions.policy import (
    CAPACITIES,
    may_appeal,
    office_in,
    require_impartial,
    require_office,
    require_rank,
    require_sight,
    state_of,
)
from moderation.sanctions.queries import share_an_entity

ANSWERED = ["outcome", "answer", "answer_lang", "answered_by_id", "answered_at", "state", "version", "ended_by_id", "ended_at"]


async def appeal(actor: Actor, sanction_id: str, form: MeasureAppealForm) -> Sanction:
    """Record what its person says against a sanction, and return it.

    Raises NotFound for a sanction on somebody else, Conflict when there is an appeal already, Refusal when it is too late.
    """
    found = await Sanction.get_or_none(id=sanction_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    async with begin() as work:
        await lock(work, log_of(found))
        sanction = await Sanction.get(id=sanction_id)
        if sanction.appealed_at is not None:
            raise Conflict("sanction.appeal_once", {"id": sanction.id, "version": sanction.version})
        if not may_appeal(sanction):
            raise Refusal("sanction.appeal_late")
        sanction.appeal_text, sanction.appeal_lang = form.text, form.lang or actor.lang or DEFAULT_LANG
        sanction.appealed_at, sanction.version = clock.now(), sanction.version + 1
        await sanction.save(update_fields=["appeal_text", "appeal_lang", "appealed_at", "version"])
        await tell_of(work, "sanction.appealed", sanction, as_member(actor))
        return sanction


async def require_judge(actor: Actor, sanction: Sanction) -> Act:
    """Return the act of whoever may decide on the appeal.

    Raises NotFound for a sanction that `actor` may not see, Forbidden for who imposed it, whoever is of the same entity, and a moderator
    where the secretariat imposed it.
    """
    office = require_sight(actor, sanction)
    require_rank(office, sanction)
    await require_impartial(actor, await Person.get(id=sanction.person_id))
    if actor.person_id == sanction.imposed_by_id:
        raise Forbidden("sanction.appeal_imposer")
    if await share_an_entity(str(actor.person_id), sanction.imposed_by_id):
        raise Forbidden("sanction.appeal_entity")
    return Act(actor, CAPACITIES[office])


async def answer(actor: Actor, sanction_id: str, form: AnswerForm) -> Sanction:
    """Decide on an appeal and return the sanction; one that is overturned ends at once.

    Raises what `require_judge` does, and Conflict when there is no appeal that waits or the sanction has changed.
    """
    found = await Sanction.get_or_none(id=sanction_id)
    if found is None:
        raise NotFound
    act = await require_judge(actor, found)
    async with begin() as work:
        await lock(work, log_of(found))
        await require_office(actor, office_in(actor, found.space_id), found.space_id)
        sanction = await Sanction.get(id=sanction_id)
        if sanction.version != form.version or sanction.appealed_at is None or sanction.outcome:
            raise await stands(sanction, "sanction.stale")
        await _write(work, act, sanction, form)
        return sanction


async def _write(work: Work, act: Act, sanction: Sanction, form: AnswerForm) -> None:
    now, lasts = clock.now(), state_of(sanction) is SanctionState.ACTIVE
    sanction.outcome, sanction.answer = form.outcome.value, form.text
    sanction.answer_lang = form.text_lang or act.actor.lang or DEFAULT_LANG
    sanction.answered_by_id, sanction.answered_at, sanction.version = act.actor.person_id, now, sanction.version + 1
    if form.outcome is Outcome.OVERTURNED:
        sanction.state = SanctionState.OVERTURNED.value
        if lasts:
            sanction.ended_by_id, sanction.ended_at = act.actor.person_id, now
    await sanction.save(update_fields=ANSWERED)
    await tell_of(work, "sanction.appeal_decided", sanction, act, outcome=sanction.outcome)
    if lasts and form.outcome is Outcome.OVERTURNED:
        await end_effect(work, sanction, act)
