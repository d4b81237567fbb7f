"""Claims: a lease that tells others, forbids nothing and runs out."""

from datetime import timedelta

import pytest

from forum.kernel import clock
from forum.kernel.errors import Conflict, NotFound, Refusal
from forum.kernel.events import Fact
from moderation import queries
from moderation.claims import claim, keep_claim, release, take_over
from moderation.models import Action, CaseState, Note
from moderation.rules.settings import LEASE
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, case_of, settle


async def test_a_claim_is_one_persons_until_it_runs_out(scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    await claim(scene.mona, case.id)
    assert (await queries.case(scene.malik, case.id, "en")).claimed_by == "Mona"
    with pytest.raises(Conflict) as refused:
        await claim(scene.malik, case.id)
    assert refused.value.current == {"id": case.id, "version": 1, "claimed_by": "Mona"}
    later = clock.now() + LEASE + timedelta(seconds=1)
    with clock.running(lambda: later):
        assert (await queries.case(scene.malik, case.id, "en")).claimed_by == ""
        await claim(scene.malik, case.id)
        assert (await queries.case(scene.mona, case.id, "en")).claimed_by == "Malik"


async def test_renewing_is_told_once(scene: Scene, facts: list[Fact]) -> None:
    case = await case_of(await scenes.held(scene))
    first = await claim(scene.mona, case.id)
    with clock.running(lambda: first.claimed_until - timedelta(minutes=1) if first.claimed_until else clock.now()):
        renewed = await claim(scene.mona, case.id)
    assert renewed.claimed_until
    assert first.claimed_until
    assert renewed.claimed_until > first.claimed_until
    assert [fact.kind for fact in facts].count("case.claimed") == 1


async def test_a_claim_forbids_nothing(scene: Scene) -> None:
    """Another moderator may decide meanwhile; the decision ends the claim, and a decided case cannot be claimed."""
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    await claim(scene.mona, case.id)
    decided = await settle(scene.malik, comment_id, Action.PUBLISH)
    assert (decided.state, decided.claimed_by_id) == (CaseState.DECIDED.value, None)
    with pytest.raises(Conflict):
        await claim(scene.mona, case.id)


async def test_giving_back(scene: Scene, facts: list[Fact]) -> None:
    """Only who holds a case gives it back; for others nothing changes."""
    case = await case_of(await scenes.held(scene))
    await claim(scene.mona, case.id)
    assert (await release(scene.malik, case.id)).claimed_by_id == scene.mona.person_id
    assert (await release(scene.mona, case.id)).claimed_by_id is None
    assert [fact.kind for fact in facts].count("case.released") == 1


async def test_another_spaces_case_cannot_be_claimed(scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    for verb in (claim, release, keep_claim):
        with pytest.raises(NotFound):
            await verb(scene.omar, case.id)
    with pytest.raises(NotFound):
        await take_over(scene.omar, case.id, "Mine.")


async def test_taking_over(scene: Scene, facts: list[Fact]) -> None:
    """It needs words, which stay among the moderators; who held it is told, and the lease is the new one's."""
    case = await case_of(await scenes.held(scene))
    await claim(scene.mona, case.id)
    for words in ("", "  ", "x" * 501):
        with pytest.raises(Refusal):
            await take_over(scene.malik, case.id, words)
    taken = await take_over(scene.malik, case.id, "Mona has gone home.")
    assert taken.claimed_by_id == scene.malik.person_id
    told = facts[-1]
    assert (told.kind, told.data["from"]) == ("case.taken_over", scene.mona.person_id)
    assert "gone home" not in str(told.data)
    assert [one.text for one in await Note.all()] == ["Mona has gone home."]
    with pytest.raises(Conflict):
        await claim(scene.mona, case.id)


async def test_taking_over_what_nobody_holds_any_more(scene: Scene, facts: list[Fact]) -> None:
    """After the lease it is a claim like any other; a decided case cannot be taken over."""
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    await claim(scene.mona, case.id)
    later = clock.now() + LEASE + timedelta(seconds=1)
    with clock.running(lambda: later):
        await take_over(scene.malik, case.id, "It has waited long enough.")
    assert [fact.kind for fact in facts if fact.kind.startswith("case.")] == [
        "case.opened",
        "case.claimed",
        "case.claimed",
        "case.noted",
    ]
    await settle(scene.mona, comment_id, Action.PUBLISH)
    with pytest.raises(Conflict):
        await take_over(scene.malik, case.id, "Too late.")


async def test_activity_renews_only_ones_own_claim(scene: Scene) -> None:
    """And none that has run out: somebody else may be about to take the case."""
    case = await case_of(await scenes.held(scene))
    first = (await claim(scene.mona, case.id)).claimed_until
    assert first
    with clock.running(lambda: first - timedelta(minutes=1)):
        await keep_claim(scene.malik, case.id)
        assert (await queries.case(scene.malik, case.id, "en")).claimed_until == first
        await keep_claim(scene.mona, case.id)
        renewed = (await queries.case(scene.malik, case.id, "en")).claimed_until
    assert renewed == first - timedelta(minutes=1) + LEASE
    with clock.running(lambda: renewed + timedelta(seconds=1)):
        await keep_claim(scene.mona, case.id)
        assert (await queries.case(scene.malik, case.id, "en")).claimed_by == ""
