"""Appeals: once for each decision, in the author's words, decided by somebody who has had nothing to do with the comment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from forum.db.reading import rows
from forum.discussions.models import Comment, Space, SpaceState
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS
from forum.kernel.errors import Conflict, NotFound, NotSignedIn, Refusal
from forum.kernel.events import Fact
from forum.record import chain
from forum.record.models import Entry
from moderation.appealing import WORDS_LIMIT, AppealForm, appeal
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Appeal, Case
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import WORDS, appeal_against, decision_on
from tests.moderation.past import at
from tests.moderation.scene import Scene, Situation, settle

SHOWN: list[tuple[str, Situation, str]] = [
    ("a returned text comes out", scenes.returned, "A first text."),
    ("a rejected text comes out", scenes.rejected, "A first text."),
    ("a removed comment is restored", scenes.removed, "A first text."),
    ("a returned edit takes the place of the published text", scenes.edit_returned, "A new text."),
]


@pytest.mark.parametrize(("sentence", "situation", "text"), SHOWN, ids=[row[0] for row in SHOWN])
async def test_overturned(scene: Scene, facts: list[Fact], sentence: str, situation: Situation, text: str) -> None:
    comment_id = await situation(scene)
    first = await decision_on(comment_id)
    made = await appeal_against(scene.asma, comment_id)
    facts.clear()
    case = await settle(scene.malik, comment_id, Action.OVERTURN, "unclear", text="It is clear.")
    comment = await Comment.get(id=comment_id)
    assert comment.state == "published"
    [shown] = await rows("SELECT source FROM revisions WHERE id = ?", [comment.shown_id])
    assert shown["source"] == text
    assert [one.kind for one in facts if one.public] == ["comment.edited" if "edit" in sentence else "comment.published"]
    told = [one for one in facts if one.kind in {"case.appeal_decided", "case.decided"}]
    assert [one.kind for one in told] == ["case.appeal_decided", "case.decided"]
    assert told[0].data == {"case": case.id, "decision": first.id, "outcome": "overturned"}
    assert told[1].data["kind"] == "appeal"
    again = await Appeal.get(id=made.id)
    assert (again.outcome, again.settled_at is not None, case.state) == ("overturned", True, "decided")
    assert (await decision_on(comment_id)).text == "It is clear."


@pytest.mark.parametrize(("sentence", "situation", "_text"), SHOWN, ids=[row[0] for row in SHOWN])
async def test_upheld(scene: Scene, facts: list[Fact], sentence: str, situation: Situation, _text: str) -> None:
    """Nothing changes, the author reads why, and against that there is no further appeal."""
    comment_id = await situation(scene)
    before = await Comment.get(id=comment_id)
    await appeal_against(scene.asma, comment_id)
    facts.clear()
    await settle(scene.malik, comment_id, Action.UPHOLD, "hate")
    after = await Comment.get(id=comment_id)
    assert (after.state, after.shown_id, after.pending_id) == (before.state, before.shown_id, before.pending_id)
    assert [one.data["outcome"] for one in facts if one.kind == "case.appeal_decided"] == ["upheld"]
    assert not any(one.public for one in facts)
    upheld = await decision_on(comment_id)
    assert (upheld.reason, upheld.appeal_until) == ("hate", None)
    with pytest.raises(Refusal) as refused:
        await appeal(scene.asma, upheld.id, WORDS)
    assert refused.value.key == "appeal.none"


async def test_an_appeal_is_told_without_its_words(scene: Scene, facts: list[Fact]) -> None:
    comment_id = await scenes.rejected(scene)
    first = await decision_on(comment_id)
    facts.clear()
    made = await appeal_against(scene.asma, comment_id, AppealForm(text="  CANARY of Asma "))
    assert (made.text, made.lang) == ("CANARY of Asma", "en")
    assert [one.kind for one in facts] == ["case.opened", "case.appealed"]
    assert facts[1].data == {"case": made.case_id, "decision": first.id}
    assert not any("CANARY" in entry.data for entry in await Entry.all())
    assert (await chain.verify(scene.hall.id)).ok
    case = await Case.get(id=made.case_id)
    assert (case.kind, case.state, case.ref, case.revision_id) == ("appeal", "open", first.id, first.revision_id)


async def test_once_for_each_decision(scene: Scene) -> None:
    """A second appeal against the same decision is refused, whatever came of the first; a later decision can be appealed against."""
    comment_id = await scenes.returned(scene)
    first = await appeal_against(scene.asma, comment_id)
    for _ in range(2):
        with pytest.raises(Conflict) as twice:
            await appeal(scene.asma, first.decision_id, WORDS)
        assert twice.value.key == "appeal.made"
        if (await Case.get(id=first.case_id)).state == "open":
            await settle(scene.malik, comment_id, Action.UPHOLD)
    await scenes.edit(scene, comment_id, "A better text.")
    await settle(scene.mona, comment_id, Action.REJECT)
    again = await appeal_against(scene.asma, comment_id)
    assert again.decision_id != first.decision_id


async def test_of_two_at_once_one_is_received(scene: Scene) -> None:
    comment_id = await scenes.rejected(scene)
    found = await asyncio.gather(*(appeal_against(scene.asma, comment_id) for _ in range(5)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["Appeal", "Conflict", "Conflict", "Conflict", "Conflict"]
    assert await Appeal.all().count() == await Case.filter(kind="appeal").count() == 1


async def test_until_its_time_has_passed(scene: Scene) -> None:
    comment_id = await scenes.rejected(scene)
    until = (await decision_on(comment_id)).appeal_until
    assert until is not None
    with at(until + timedelta(seconds=1)), pytest.raises(Refusal) as late:
        await appeal_against(scene.asma, comment_id)
    assert late.value.key == "appeal.late"
    await Space.filter(id=scene.hall.id).update(state=SpaceState.CLOSED.value)
    with at(until):
        assert (await appeal_against(scene.asma, comment_id)).made_at == until


async def superseded(scene: Scene) -> str:
    comment_id = await scenes.returned(scene)
    await scenes.edit(scene, comment_id, "A better text.")
    return comment_id


async def withdrawn_after(scene: Scene) -> str:
    comment_id = await scenes.rejected(scene)
    await withdraw_comment(scene.asma, comment_id, (await Comment.get(id=comment_id)).version)
    return comment_id


REFUSED: list[tuple[str, Situation, str]] = [
    ("publication is no decision to appeal against", scenes.published, "appeal.none"),
    ("a text that was sent again is decided on anew", superseded, "appeal.pointless"),
    ("so is nothing of what was withdrawn", withdrawn_after, "appeal.pointless"),
]


@pytest.mark.parametrize(("sentence", "situation", "key"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_there_is_no_appeal(scene: Scene, sentence: str, situation: Situation, key: str) -> None:
    comment_id = await situation(scene)
    with pytest.raises(Refusal) as refused:
        await appeal_against(scene.asma, comment_id)
    assert refused.value.key == key
    assert await Appeal.all().count() == 0


async def test_a_removal_that_was_undone_is_not_appealed_against(scene: Scene) -> None:
    comment_id = await scenes.removed(scene)
    removal = await decision_on(comment_id)
    await settle(scene.malik, comment_id, Action.RESTORE)
    with pytest.raises(Refusal) as refused:
        await appeal(scene.asma, removal.id, WORDS)
    assert refused.value.key == "appeal.pointless"


async def test_of_two_removals_the_later_one(scene: Scene) -> None:
    comment_id = await scenes.removed(scene)
    first = await decision_on(comment_id)
    await settle(scene.malik, comment_id, Action.RESTORE)
    await settle(scene.mona, comment_id, Action.REMOVE)
    with pytest.raises(Refusal):
        await appeal(scene.asma, first.id, WORDS)
    assert (await appeal_against(scene.asma, comment_id)).decision_id != first.id


async def test_only_its_author(scene: Scene) -> None:
    """To others, moderators too, there is no such decision."""
    comment_id = await scenes.rejected(scene)
    with pytest.raises(NotSignedIn):
        await appeal_against(ANONYMOUS, comment_id)
    for who in (scene.malik, scene.mona, scene.omar):
        with pytest.raises(NotFound):
            await appeal_against(who, comment_id)
    with pytest.raises(NotFound):
        await appeal(scene.asma, "0" * 32, WORDS)


async def test_words_are_needed_and_limited(scene: Scene) -> None:
    comment_id = await scenes.rejected(scene)
    with pytest.raises(Refusal) as refused:
        await appeal_against(scene.asma, comment_id, AppealForm(text=" \n "))
    assert refused.value.fields["text"].key == "appeal.words"
    with pytest.raises(ValueError, match="at most"):
        AppealForm(text="x" * (WORDS_LIMIT + 1))


async def test_what_happens_since_closes_it(scene: Scene) -> None:
    """A newer text, a withdrawal and a restoration leave nothing to decide; what was typed is kept with its outcome."""
    then: list[tuple[Situation, Callable[[Scene, str], Awaitable[None]]]] = [
        (scenes.returned, rewrite),
        (scenes.removed, restore),
        (scenes.rejected, withdraw),
    ]
    for situation, happens in then:
        comment_id = await situation(scene)
        made = await appeal_against(scene.asma, comment_id)
        await happens(scene, comment_id)
        assert (await Case.get(id=made.case_id)).state == "closed"
        assert (await Appeal.get(id=made.id)).outcome == "closed"


async def rewrite(scene: Scene, comment_id: str) -> None:
    await scenes.edit(scene, comment_id, "A better text.")


async def withdraw(scene: Scene, comment_id: str) -> None:
    await withdraw_comment(scene.asma, comment_id, (await Comment.get(id=comment_id)).version)


async def restore(scene: Scene, comment_id: str) -> None:
    case = await Case.get(comment_id=comment_id, kind="new")
    await decide(scene.malik, case.id, DecisionForm(action=Action.RESTORE, version=case.version))


async def test_the_days_are_those_of_the_space(scene: Scene) -> None:
    before = clock.now()
    found = await decision_on(await scenes.rejected(scene))
    assert found.appeal_until is not None
    assert timedelta(days=14) <= found.appeal_until - before < timedelta(days=14, minutes=5)
    assert (await decision_on(await scenes.published(scene))).appeal_until is None
