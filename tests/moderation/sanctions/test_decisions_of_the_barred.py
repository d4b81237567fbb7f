"""Whoever is suspended from a space decides nothing there: neither in a request that began before, nor by what they had proposed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden
from forum.kernel.events import Fact
from forum.people.models import Person, SpaceRole
from forum.record import chain
from moderation import duty
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseState, Decision, Proposal
from moderation.proposing import decline, second, undo
from moderation.rules.models import SpaceReason
from moderation.sanctions.models import Outcome, Sanction
from tests.moderation import scene as scenes
from tests.moderation.sanctions.acts import appealed, at, judged, lifted, sanction
from tests.moderation.scene import Scene, case_of
from tests.support.world import give_role

Happening = Callable[[Scene, Actor], Awaitable[object]]
LATER = timedelta(seconds=16)


async def nothing(scene: Scene, clerk: Actor) -> None:
    """Nobody does anything to the proposer."""


async def barred(scene: Scene, clerk: Actor) -> Sanction:
    return await sanction(clerk, scene.mona)


async def barred_and_lifted(scene: Scene, clerk: Actor) -> None:
    await lifted(clerk, await sanction(clerk, scene.mona))


async def barred_elsewhere(scene: Scene, clerk: Actor) -> None:
    await give_role(await Person.get(id=scene.mona.person_id), scene.annex)
    await sanction(clerk, scene.mona, "suspend", "annex")


async def suspended(scene: Scene, clerk: Actor) -> None:
    await sanction(clerk, scene.mona, "suspend", "")


async def slowed(scene: Scene, clerk: Actor) -> None:
    for kind in ("warn", "slow", "hold"):
        await sanction(clerk, scene.mona, kind)


async def dismissed(scene: Scene, clerk: Actor) -> None:
    await SpaceRole.filter(person_id=scene.mona.person_id, space_id=scene.hall.id).delete()


HAPPENINGS: list[tuple[str, Happening, bool]] = [
    ("nothing happened to whoever proposed it", nothing, True),
    ("suspended from the space meanwhile", barred, False),
    ("suspended, and that was lifted in time", barred_and_lifted, True),
    ("suspended from another space", barred_elsewhere, True),
    ("suspended from the forum", suspended, False),
    ("what touches only what they write", slowed, True),
    ("moderates no more", dismissed, False),
]
IDS = [row[0] for row in HAPPENINGS]


async def proposed(scene: Scene, action: Action = Action.PUBLISH, reason: str = "") -> Case:
    """Let Mona propose a decision that can be undone for 15 seconds, and return its case."""
    case = await case_of(await scenes.held(scene))
    return await decide(scene.mona, case.id, DecisionForm(action=action, reason=reason, version=case.version, undo=15))


async def waiting(scene: Scene) -> Case:
    """Let Mona propose a rejection that needs a second moderator, and return its case."""
    await SpaceReason.create(space_id=scene.hall.id, code="hate", name={"en": "Hate"}, text={"en": "Hate."}, four_eyes=True)
    case = await proposed(scene, Action.REJECT, "hate")
    assert (await Proposal.get(case_id=case.id)).needs_second
    return case


async def check_open_again(scene: Scene, before: Case, facts: list[Fact]) -> None:
    """The case is open, nothing was decided, everybody can read why, and another moderator decides."""
    case = await Case.get(id=before.id)
    assert (case.state, case.version) == (CaseState.OPEN.value, before.version + 1)
    assert not await Proposal.exists(case_id=case.id)
    assert not await Decision.exists(case_id=case.id)
    assert (await Comment.get(id=case.comment_id)).state == "held"
    assert [fact.kind for fact in facts if fact.kind in {"case.lapsed", "case.decided"}] == ["case.lapsed"]
    await decide(scene.malik, case.id, DecisionForm(action=Action.PUBLISH, version=case.version))
    assert (await Comment.get(id=case.comment_id)).state == "published"
    assert (await chain.verify(scene.hall.id)).ok


@pytest.mark.parametrize(("what", "happen", "stands"), HAPPENINGS, ids=IDS)
async def test_what_was_proposed(
    scene: Scene, clerk: Actor, facts: list[Fact], what: str, happen: Happening, stands: bool
) -> None:
    """When its time has come it is carried out, or it lapses with the office of whoever proposed it."""
    case = await proposed(scene)
    await happen(scene, clerk)
    with at(clock.now() + LATER):
        assert await duty.tick() == int(stands)
        assert await duty.tick() == 0
        if stands:
            assert (await Comment.get(id=case.comment_id)).state == "published"
            assert (await Decision.get(case_id=case.id)).decided_by_id == scene.mona.person_id
        else:
            await check_open_again(scene, case, facts)


@pytest.mark.parametrize(("what", "happen", "stands"), HAPPENINGS, ids=IDS)
async def test_what_waits_for_a_second(
    scene: Scene, clerk: Actor, facts: list[Fact], what: str, happen: Happening, stands: bool
) -> None:
    """Nobody agrees with whoever is in no office: the second moderator hears that the case has changed, and finds it open."""
    case = await waiting(scene)
    await happen(scene, clerk)
    if stands:
        await second(scene.malik, case.id, case.version)
        assert (await Comment.get(id=case.comment_id)).state == "rejected"
        return
    with pytest.raises(Conflict) as refused:
        await second(scene.malik, case.id, case.version)
    assert refused.value.key == "case.stale"
    assert refused.value.current == {"id": case.id, "version": case.version + 1, "state": "open", "decision": None}
    await check_open_again(scene, case, facts)


async def test_a_suspension_that_is_over_takes_nothing_away(scene: Scene, clerk: Actor) -> None:
    """By the one clock, without anybody writing down that it is over."""
    made = await sanction(clerk, scene.mona, days=1)
    assert made.ends_at is not None
    case = await case_of(await scenes.held(scene))
    form = DecisionForm(action=Action.PUBLISH, version=case.version)
    with at(made.ends_at - timedelta(seconds=1)), pytest.raises(Forbidden):
        await decide(scene.mona, case.id, form)
    with at(made.ends_at):
        assert (await decide(scene.mona, case.id, form)).state == CaseState.DECIDED.value


async def everything() -> list[list[dict[str, object]]]:
    """All that can be decided, as it stands."""
    return [
        await Case.all().order_by("id").values(),
        await Proposal.all().order_by("case_id").values(),
        await Decision.all().order_by("id").values(),
        await Sanction.all().order_by("id").values(),
    ]


@pytest.mark.parametrize("happen", [barred, suspended, dismissed])
async def test_requests_that_began_before_decide_nothing(scene: Scene, clerk: Actor, happen: Happening) -> None:
    """Each act goes through for the one who was not touched."""
    first, undoable, asked = await case_of(await scenes.held(scene)), await proposed(scene), await waiting(scene)
    await Proposal.filter(case_id=asked.id).update(made_by_id=scene.malik.person_id)
    measure = await appealed(scene.asma, await sanction(scene.malik, scene.asma, "hold"))
    other = await sanction(scene.malik, scene.asma, "slow")
    await happen(scene, clerk)
    before = await everything()
    form = DecisionForm(action=Action.PUBLISH, version=first.version)
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: decide(scene.mona, first.id, form),
        lambda: undo(scene.mona, undoable.id),
        lambda: second(scene.mona, asked.id, asked.version),
        lambda: decline(scene.mona, asked.id, asked.version),
        lambda: sanction(scene.mona, scene.asma, "warn"),
        lambda: lifted(scene.mona, other),
        lambda: judged(scene.mona, measure, Outcome.OVERTURNED),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            await act()
    assert await everything() == before
    await SpaceRole.filter(person_id=scene.mona.person_id).delete()
    await give_role(await Person.get(id=scene.mona.person_id), scene.hall)
    for made in await Sanction.filter(person_id=scene.mona.person_id):
        await lifted(clerk, made)
    del acts[2]  # agreeing and disagreeing exclude each other
    for act in acts:
        await act()
