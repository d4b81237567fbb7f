"""What sanctions hear inside the forum's transactions: an account that is opened again is under no suspension any more."""

from forum.db.work import Work
from forum.discussions.events import Act
from forum.kernel.actors import Actor
from forum.kernel.events import Fact
from forum.people.restrictions import EVERYWHERE
from moderation.sanctions.effect import tell_of
from moderation.sanctions.models import Sanction, SanctionKind, SanctionState


async def end_with_account(work: Work, fact: Fact) -> None:
    """Write down that the suspension of an account is lifted, when the secretariat or the operator has opened it."""
    kind, state = SanctionKind.SUSPEND.value, SanctionState.ACTIVE.value
    act = Act(Actor(person_id=fact.actor_id), fact.capacity)
    for sanction in await Sanction.filter(person_id=fact.subject, space_id=EVERYWHERE, kind=kind, state=state):
        sanction.state, sanction.version = SanctionState.LIFTED.value, sanction.version + 1
        sanction.ended_by_id, sanction.ended_at = fact.actor_id, fact.at
        await sanction.save(update_fields=["state", "version", "ended_by_id", "ended_at"])
        await tell_of(work, "sanction.lifted", sanction, act, reason=sanction.reason)
