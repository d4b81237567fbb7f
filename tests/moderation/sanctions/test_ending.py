"""Lifting and appealing: who may, once, in time, and what stands when two come at once."""

import asyncio
from datetime import timedelta

import pytest

from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from forum.kernel.events import Fact
from forum.people.models import Person
from forum.record.models import Entry
from moderation.sanctions.forms import AnswerForm, LiftForm
from moderation.sanctions.lifting import lift
from moderation.sanctions.models import Outcome, Sanction, SanctionState
from moderation.sanctions.policy import APPEAL_WITHIN
from tests.moderation.sanctions.acts import CANARY, appealed, judged, lifted, now, sanction
from tests.moderation.scene import Scene, moderator_who_writes
from tests.support.world import actor_for, affiliate, entity, give_role, person

LIFTS: list[tuple[str, str, str, str]] = [
    # what, who imposed, who lifts, and the key of the refusal
    ("whoever imposed it", "mona", "mona", ""),
    ("another moderator of the space", "mona", "malik", ""),
    ("the secretariat", "mona", "clerk", ""),
    ("no moderator of another space", "mona", "omar", "not_found"),
    ("not the person", "mona", "asma", "not_found"),
    ("no moderator what the secretariat imposed", "clerk", "mona", "sanction.rank"),
    ("another of the secretariat", "clerk", "second_clerk", ""),
]


def cast(scene: Scene, clerk: Actor, second_clerk: Actor) -> dict[str, Actor]:
    named = {name: getattr(scene, name) for name in ("mona", "malik", "omar", "asma")}
    return {"clerk": clerk, "second_clerk": second_clerk, **named}


@pytest.mark.parametrize(("what", "imposer", "who", "key"), LIFTS, ids=[row[0] for row in LIFTS])
async def test_who_lifts(
    scene: Scene, clerk: Actor, second_clerk: Actor, facts: list[Fact], what: str, imposer: str, who: str, key: str
) -> None:
    people = cast(scene, clerk, second_clerk)
    made = await sanction(people[imposer], scene.asma)
    facts.clear()
    if key:
        with pytest.raises((Forbidden, NotFound)) as refused:
            await lifted(people[who], made)
        assert refused.value.key == key
        assert (await now(scene.asma)).barred
        return
    done = await lifted(people[who], made)
    assert (done.state, done.ended_by_id) == (SanctionState.LIFTED.value, people[who].person_id)
    assert (await now(scene.asma)).barred == frozenset()
    assert [fact.kind for fact in facts] == ["sanction.lifted", "person.unrestricted"]
    with pytest.raises(Conflict):
        await lifted(people[who], made)


async def test_lifting_compares_versions(scene: Scene) -> None:
    made = await sanction(scene.mona, scene.asma)
    await appealed(scene.asma, made)
    with pytest.raises(Conflict) as refused:
        await lift(scene.malik, made.id, LiftForm(text="Seen before the appeal.", version=made.version))
    assert (refused.value.key, refused.value.current["version"]) == ("sanction.stale", 2)
    answers = await asyncio.gather(*(lifted(scene.mona, made) for _ in range(5)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Conflict"] * 4 + ["Sanction"]


async def test_a_moderator_does_not_lift_what_is_on_themselves(scene: Scene) -> None:
    made = await sanction(scene.mona, scene.asma, "warn")
    asma = await moderator_who_writes(scene)
    with pytest.raises(NotFound):
        await lifted(asma, made)


async def test_an_appeal_once_and_in_time(scene: Scene) -> None:
    made = await sanction(scene.mona, scene.asma)
    for other in (scene.mona, scene.omar):
        with pytest.raises(NotFound):
            await appealed(other, made)
    end = made.imposed_at + APPEAL_WITHIN
    with clock.running(lambda: end), pytest.raises(Refusal) as late:
        await appealed(scene.asma, made)
    assert late.value.key == "sanction.appeal_late"
    with clock.running(lambda: end - timedelta(seconds=1)):
        done = await appealed(scene.asma, made)
    assert (done.appeal_text, done.version) == (f"{CANARY} appeal", 2)
    with pytest.raises(Conflict) as again:
        await appealed(scene.asma, made)
    assert again.value.key == "sanction.appeal_once"


JUDGES: list[tuple[str, str, str, str]] = [
    ("another moderator of the space", "mona", "malik", ""),
    ("the secretariat", "mona", "clerk", ""),
    ("not who imposed it", "mona", "mona", "sanction.appeal_imposer"),
    ("nobody of the same entity", "mona", "mona_s_colleague", "sanction.appeal_entity"),
    ("no moderator of another space", "mona", "omar", "not_found"),
    ("not the person", "mona", "asma", "not_found"),
    ("no moderator over the secretariat", "clerk", "malik", "sanction.rank"),
    ("another of the secretariat", "clerk", "second_clerk", ""),
    ("not the same one", "clerk", "clerk", "sanction.appeal_imposer"),
]


async def colleague(scene: Scene, of: Actor) -> Actor:
    """Return another moderator of the hall who speaks for the same entity."""
    office, other = await entity("An office"), await person("Colleague")
    for who in (await Person.get(id=of.person_id), other):
        await affiliate(who, office)
    await give_role(other, scene.hall)
    return await actor_for(other)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize(("what", "imposer", "who", "key"), JUDGES, ids=[row[0] for row in JUDGES])
async def test_who_judges(
    scene: Scene,
    clerk: Actor,
    second_clerk: Actor,
    facts: list[Fact],
    what: str,
    imposer: str,
    who: str,
    key: str,
    outcome: Outcome,
) -> None:
    people = {**cast(scene, clerk, second_clerk), "mona_s_colleague": await colleague(scene, scene.mona)}
    made = await sanction(people[imposer], scene.asma)
    await appealed(scene.asma, made)
    facts.clear()
    if key:
        with pytest.raises((Forbidden, NotFound)) as refused:
            await judged(people[who], made, outcome)
        assert refused.value.key == key
        assert not (await Sanction.get(id=made.id)).outcome
        return
    done = await judged(people[who], made, outcome)
    assert (done.outcome, done.answer) == (outcome.value, f"{CANARY} answer")
    about = {"sanction": made.id, "person": scene.asma.person_id, "kind": "suspend"}
    assert facts[0].data == {**about, "outcome": outcome.value}
    overturned = outcome is Outcome.OVERTURNED
    assert done.state == (SanctionState.OVERTURNED if overturned else SanctionState.ACTIVE).value
    assert (await now(scene.asma)).barred == (frozenset() if overturned else {scene.hall.id})
    assert [fact.kind for fact in facts] == ["sanction.appeal_decided", *(["person.unrestricted"] if overturned else [])]
    with pytest.raises(Conflict):
        await judged(people[who], made, outcome)
    assert CANARY not in "".join([entry.data for entry in await Entry.all()])


async def test_of_two_judges_one_decides(scene: Scene, clerk: Actor) -> None:
    made = await sanction(scene.mona, scene.asma)
    with pytest.raises(Conflict):
        await judged(scene.malik, made)
    await appealed(scene.asma, made)
    answers = await asyncio.gather(
        judged(scene.malik, made), judged(clerk, made, Outcome.UPHELD), judged(scene.malik, made), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "Conflict", "Sanction"]


async def test_an_appeal_after_the_end_can_still_be_won(scene: Scene) -> None:
    made = await sanction(scene.mona, scene.asma, days=1)
    later = made.imposed_at + timedelta(days=2)
    with clock.running(lambda: later):
        await appealed(scene.asma, made)
        done = await judged(scene.malik, made)
    assert (done.state, done.ended_at) == (SanctionState.OVERTURNED.value, None)


async def test_an_overturned_suspension_opens_the_account(scene: Scene, clerk: Actor, second_clerk: Actor) -> None:
    made = await sanction(clerk, scene.asma, "suspend", "")
    await appealed(scene.asma, made)
    await judged(second_clerk, made)
    assert not (await Person.get(id=made.person_id)).is_suspended


def test_words_are_needed() -> None:
    for text in ("", "  \n"):
        with pytest.raises(ValueError, match="text"):
            AnswerForm(text=text, outcome=Outcome.UPHELD, version=1)
