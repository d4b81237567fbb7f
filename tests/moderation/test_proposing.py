"""Decisions that are not carried out yet: undone, carried out by the clock, or agreed to by a second moderator."""

from datetime import timedelta

import pytest

from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden, Refusal
from forum.kernel.events import Fact
from forum.people.models import EntityKind, Person, SpaceRole
from moderation.decisions import decide
from moderation.duty import tick
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseState, Decision, Note, Proposal
from moderation.noting import note
from moderation.proposing import decline, second, undo
from moderation.rules.models import DeskSettings
from moderation.rules.settings import settings_of
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, case_of
from tests.support.world import affiliate, entity, post

UNDO = 15


async def propose(scene: Scene, comment_id: str, action: Action = Action.PUBLISH, **values: object) -> Case:
    """Let Mona decide with time to undo it."""
    case = await case_of(comment_id)
    reason = "" if action is Action.PUBLISH else "unclear"
    form = {"action": action, "version": case.version, "reason": reason, "undo": UNDO} | values
    return await decide(scene.mona, case.id, DecisionForm.model_validate(form))


async def of_state(scene: Scene) -> str:
    """A statement that waits, made on behalf of a State."""
    state = await entity("Alpha", EntityKind.STATE, code="AAA")
    await affiliate(await Person.get(id=scene.asma.person_id), state)
    return await post(scene.asma, scene.hall, "On behalf of my State.", capacity="AAA")


def kinds(facts: list[Fact]) -> list[str]:
    return [fact.kind for fact in facts if fact.kind.startswith("case.")]


async def after(seconds: int) -> int:
    """Look at the clock so many seconds from now."""
    later = clock.now() + timedelta(seconds=seconds)
    with clock.running(lambda: later):
        return await tick()


async def test_nothing_leaves_before_its_time(scene: Scene, facts: list[Fact]) -> None:
    """Until the last second nothing has happened to the text; then it is published once, however often the clock is looked at."""
    comment_id = await scenes.held(scene)
    await propose(scene, comment_id)
    assert await after(UNDO - 1) == 0
    assert (await Comment.get(id=comment_id)).state == "held"
    assert await Decision.all().count() == 0
    assert [await after(UNDO), await after(UNDO)] == [1, 0]
    assert (await Comment.get(id=comment_id)).state == "published"
    assert kinds(facts) == ["case.opened", "case.proposed", "case.decided"]
    assert await Decision.filter(case_id=(await case_of(comment_id)).id).count() == 1


async def test_undone(scene: Scene, facts: list[Fact]) -> None:
    """The case is open again under a new version; nothing is carried out, and there is nothing to undo a second time."""
    comment_id = await scenes.held(scene)
    proposed = await propose(scene, comment_id, Action.REJECT)
    with pytest.raises(Forbidden):
        await undo(scene.malik, proposed.id)
    case = await undo(scene.mona, proposed.id)
    assert (case.state, case.version) == (CaseState.OPEN.value, proposed.version + 1)
    with pytest.raises(Conflict):
        await undo(scene.mona, proposed.id)
    assert await after(UNDO) == 0
    assert (await Comment.get(id=comment_id)).state == "held"
    assert kinds(facts)[1:] == ["case.proposed", "case.undone"]


async def test_meanwhile_nobody_else_decides(scene: Scene) -> None:
    """The second one learns what is on its way and by whom; after it was undone the case is theirs to decide."""
    comment_id = await scenes.held(scene)
    proposed = await propose(scene, comment_id, Action.REJECT)
    form = DecisionForm(action=Action.PUBLISH, version=proposed.version)
    with pytest.raises(Conflict) as refused:
        await decide(scene.malik, proposed.id, form)
    told = refused.value.current["proposal"]
    assert isinstance(told, dict)
    assert (told["action"], told["by"], told["needs_second"]) == ("reject", "Mona", False)
    version = (await undo(scene.mona, proposed.id)).version
    decided = await decide(scene.malik, proposed.id, DecisionForm(action=Action.PUBLISH, version=version))
    assert decided.state == CaseState.DECIDED.value


async def test_a_newer_text_lets_it_lapse(scene: Scene, facts: list[Fact]) -> None:
    """What was decided on one text is never done to another."""
    comment_id = await scenes.held(scene)
    await propose(scene, comment_id)
    await scenes.edit(scene, comment_id, "Another text.")
    assert await after(UNDO) == 0
    assert (await Comment.get(id=comment_id)).state == "held"
    assert "case.lapsed" in kinds(facts)
    assert not await Proposal.all().exists()


async def test_of_one_who_moderates_no_more_it_lapses(scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    case = await propose(scene, comment_id)
    await SpaceRole.filter(person_id=scene.mona.person_id, space_id=scene.hall.id).delete()
    assert await after(UNDO) == 0
    assert (await Comment.get(id=comment_id)).state == "held"
    assert (await Case.get(id=case.id)).state == CaseState.OPEN.value
    assert not await Proposal.all().exists()


NEEDS = [
    ("rejecting a State's statement", Action.REJECT, True, True, True),
    ("returning it asks for a change only", Action.RETURN, True, True, False),
    ("publishing it", Action.PUBLISH, True, True, False),
    ("a space that does without", Action.REJECT, True, False, False),
    ("rejecting what somebody says for themselves", Action.REJECT, False, True, False),
]


@pytest.mark.parametrize(("said", "action", "state", "setting", "needed"), NEEDS, ids=[row[0] for row in NEEDS])
async def test_when_a_second_is_needed(scene: Scene, said: str, action: Action, state: bool, setting: bool, needed: bool) -> None:
    await DeskSettings.create(space_id=scene.hall.id, four_eyes=setting)
    comment_id = await of_state(scene) if state else await scenes.held(scene)
    case = await propose(scene, comment_id, action, undo=None)
    assert (case.state == CaseState.OPEN.value) == needed
    assert await Proposal.filter(needs_second=True).exists() == needed


async def test_the_second_agrees(scene: Scene, facts: list[Fact]) -> None:
    """Not the first one, not on another version, not when somebody of another space asks; time alone carries nothing out."""
    comment_id = await of_state(scene)
    case = await propose(scene, comment_id, Action.REJECT)
    assert await after(3600) == 0
    with pytest.raises(Forbidden):
        await second(scene.mona, case.id, case.version)
    with pytest.raises(Conflict):
        await second(scene.malik, case.id, case.version + 1)
    with pytest.raises(Refusal):
        await second(scene.omar, case.id, case.version)
    await second(scene.malik, case.id, case.version)
    decision = await Decision.get(case_id=case.id)
    assert (decision.decided_by_id, decision.seconded_by_id) == (scene.mona.person_id, scene.malik.person_id)
    assert (await Comment.get(id=comment_id)).state == "rejected"
    assert kinds(facts)[-2:] == ["case.seconded", "case.decided"]


async def test_the_second_disagrees(scene: Scene, facts: list[Fact]) -> None:
    """The case is open again; why stays among the moderators, and its words out of the record."""
    comment_id = await of_state(scene)
    case = await propose(scene, comment_id, Action.REJECT)
    with pytest.raises(Refusal):
        await decline(scene.malik, case.id, case.version, "x" * 501)
    declined = await decline(scene.malik, case.id, case.version, "It names no person.")
    assert declined.state == CaseState.OPEN.value
    assert [one.text for one in await Note.all()] == ["It names no person."]
    assert "case.unseconded" in kinds(facts)
    assert not any("It names no person." in str(fact.data) for fact in facts)


async def test_notes(scene: Scene, facts: list[Fact]) -> None:
    """Told without their words; empty ones and those of the author who moderates too are refused."""
    case = await case_of(await scenes.held(scene))
    await note(scene.mona, case.id, "  Ask the secretariat.  ")
    asma: Actor = await scenes.moderator_who_writes(scene)
    for who, text, refusal in ((scene.mona, "  ", Refusal), (scene.mona, "x" * 4001, Refusal), (asma, "Mine.", Forbidden)):
        with pytest.raises(refusal):
            await note(who, case.id, text)
    assert [one.text for one in await Note.all()] == ["Ask the secretariat."]
    assert kinds(facts)[-1] == "case.noted"
    assert not any("secretariat" in str(fact.data) for fact in facts)


async def test_a_space_that_has_set_nothing(scene: Scene) -> None:
    found = await settings_of(scene.hall.id)
    assert (found.undo_seconds, found.four_eyes, found.goal_days, found.recuse_entity) == (15, True, 1, True)


async def test_a_suspended_moderators_decision_lapses(scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    await propose(scene, comment_id)
    await Person.filter(id=scene.mona.person_id).update(suspended_at=clock.now())
    assert await after(UNDO) == 0
    assert (await Comment.get(id=comment_id)).state == "held"
