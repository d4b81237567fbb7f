"""Sanctions as the tests impose, lift and judge them."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.people.models import Person
from moderation.sanctions.appealing import answer, appeal
from moderation.sanctions.forms import AnswerForm, LiftForm, MeasureAppealForm, SanctionForm
from moderation.sanctions.imposing import impose
from moderation.sanctions.lifting import lift
from moderation.sanctions.models import Outcome, Sanction
from tests.support.world import actor_for

CANARY = "zq7measure"
"""In every text that is written about a sanction: found where it does not belong, it is a leak."""


def form_of(whom: Actor, kind: str = "suspend", space: str = "hall", **more: Any) -> SanctionForm:
    """Return a sanction for a week; a limit on posts is one an hour."""
    usual: dict[str, Any] = {"days": 7, "reason": "hate", "text": f"{CANARY} to the person", "note": f"{CANARY} note"}
    every = {"every": 3600} if kind == "slow" else {}
    return SanctionForm.model_validate({"person": whom.person_id, "space": space, "kind": kind, **usual, **every, **more})


async def sanction(by: Actor, whom: Actor, kind: str = "suspend", space: str = "hall", **more: Any) -> Sanction:
    """Impose a sanction."""
    return await impose(by, form_of(whom, kind, space, **more))


async def lifted(by: Actor, which: Sanction) -> Sanction:
    """Lift a sanction as it stands now."""
    version = (await Sanction.get(id=which.id)).version
    return await lift(by, which.id, LiftForm(text=f"{CANARY} lifted", version=version))


async def appealed(by: Actor, which: Sanction) -> Sanction:
    """Appeal against a sanction."""
    return await appeal(by, which.id, MeasureAppealForm(text=f"{CANARY} appeal"))


async def judged(by: Actor, which: Sanction, outcome: Outcome = Outcome.OVERTURNED) -> Sanction:
    """Decide on the appeal against a sanction as it stands now."""
    version = (await Sanction.get(id=which.id)).version
    return await answer(by, which.id, AnswerForm(text=f"{CANARY} answer", outcome=outcome, version=version))


def at(moment: datetime | None) -> AbstractContextManager[None]:
    """Let it be `moment` for a while, such as the end of a sanction."""
    assert moment is not None
    return clock.running(lambda: moment)


async def now(who: Actor) -> Actor:
    """Return somebody with the rights of this moment."""
    return await actor_for(await Person.get(id=who.person_id))
