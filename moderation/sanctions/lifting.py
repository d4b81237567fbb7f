"""Lift a sanction before its end: compare-and-set on its version, with a reason that its person reads."""

from forum.db.work import begin
from forum.discussions.events import Act
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.kernel.locales import DEFAULT_LANG
from forum.people.models import Person
from forum.record.appending import lock
from moderation.sanctions.effect import end_effect, log_of, tell_of
from moderation.sanctions.forms import LiftForm
from moderation.sanctions.imposing import stands
from moderation.sanctions.models import Sanction, SanctionState
from moderation.sanctions.policy import CAPACITIES, require_impartial, require_office, require_rank, require_sight, state_of


async def lift(actor: Actor, sanction_id: str, form: LiftForm) -> Sanction:
    """Lift a sanction at once and return it.

    Raises NotFound for one that `actor` may not see, Forbidden for one that is not theirs to undo, Conflict when it changed or is over.
    """
    found = await Sanction.get_or_none(id=sanction_id)
    if found is None:
        raise NotFound
    office = require_sight(actor, found)
    require_rank(office, found)
    async with begin() as work:
        await lock(work, log_of(found))
        await require_office(actor, office, found.space_id)
        sanction = await Sanction.get(id=sanction_id)
        await require_impartial(actor, await Person.get(id=sanction.person_id))
        if sanction.version != form.version or state_of(sanction) is not SanctionState.ACTIVE:
            raise await stands(sanction, "sanction.stale")
        sanction.state, sanction.version = SanctionState.LIFTED.value, sanction.version + 1
        sanction.ended_by_id, sanction.ended_at = actor.person_id, clock.now()
        sanction.end_text, sanction.end_lang = form.text, form.text_lang or actor.lang or DEFAULT_LANG
        await sanction.save(update_fields=["state", "version", "ended_by_id", "ended_at", "end_text", "end_lang"])
        act = Act(actor, CAPACITIES[office])
        await tell_of(work, "sanction.lifted", sanction, act, reason=sanction.reason)
        await end_effect(work, sanction, act)
        return sanction
