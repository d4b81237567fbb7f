"""Moderators hear of each other, reporters and appellants of what came of their words, and who is under a measure of that measure."""

import asyncio
from datetime import timedelta

import pytest

from forum.db.work import begin
from forum.discussions.events import SYSTEM, Act, as_member, tell
from forum.discussions.models import Comment
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.canonical import Json
from forum.kernel.events import FORUM_LOG
from forum.notices.models import Notice
from forum.record.appending import lock
from moderation import proposing
from moderation.cases import Opening, open_case
from moderation.decisions import decide
from moderation.duty import tick
from moderation.forms import DecisionForm
from moderation.models import Action, Appeal, Case, CaseKind, Decision
from moderation.noticing import KINDS, LISTENERS
from moderation.rules.models import ModeratorScope
from tests.moderation import scene as scenes
from tests.moderation.reports.saying import report, reports_case
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import actor_for, give_role, person

SECOND, WAITING = "desk.second_needed", "desk.appeal_waiting"


async def told() -> list[tuple[str, str]]:
    """Who has which notice that was not taken back: (name of the kind, id of the person), in the order of telling."""
    return [(row.kind, row.person_id) for row in await Notice.filter(cancelled_at=None).order_by("id")]


async def of_kind(kind: str) -> list[str]:
    return sorted([person_id for name, person_id in await told() if name == kind])


def of(*actors: Actor) -> list[str]:
    return sorted([str(one.person_id) for one in actors])


async def say(kind: str, log: str, act: Act, subject: str | None, /, **data: Json) -> None:
    async with begin() as work:
        await lock(work, log)
        await tell(work, kind, log, act, subject, **data)


async def third(scene: Scene, name: str = "Mira") -> Actor:
    """One more moderator of the hall."""
    who = await person(name)
    await give_role(who, scene.hall)
    return await actor_for(who)


async def of_a_state(scene: Scene) -> str:
    """A held statement that one moderator has proposed to reject."""
    comment_id = await scenes.held(scene)
    await Comment.filter(id=comment_id).update(speaking_for="state")
    await settle(scene.mona, comment_id, Action.REJECT)
    return comment_id


async def test_a_proposal_asks_for_a_second_and_tells_the_author_nothing(scene: Scene) -> None:
    comment_id = await of_a_state(scene)
    [row] = await Notice.all()
    assert (row.kind, row.person_id) == (SECOND, scene.malik.person_id)
    assert row.url == f"/moderation/cases/{(await case_of(comment_id)).id}"


async def test_who_cannot_agree_is_not_asked(scene: Scene) -> None:
    """Neither the author, moderator though she is, nor whoever has other languages."""
    await scenes.moderator_who_writes(scene)
    elsewhere, here = await third(scene, "Boris"), await third(scene)
    await ModeratorScope.create(person_id=elsewhere.person_id, space_id=scene.hall.id, languages=["ru"])
    await ModeratorScope.create(person_id=here.person_id, space_id=scene.hall.id, languages=["en", "ru"])
    await of_a_state(scene)
    assert await of_kind(SECOND) == of(scene.malik, here)


@pytest.mark.parametrize("agrees", [True, False])
async def test_the_second_answers(scene: Scene, agrees: bool) -> None:
    await third(scene)
    comment_id = await of_a_state(scene)
    case = await case_of(comment_id)
    await (proposing.second if agrees else proposing.decline)(scene.malik, case.id, case.version)
    assert await of_kind(SECOND) == []
    assert await of_kind("desk.seconded" if agrees else "desk.unseconded") == of(scene.mona)
    assert await of_kind("decision.rejected") == (of(scene.asma) if agrees else [])


async def test_what_lapses_asks_no_more(scene: Scene) -> None:
    comment_id = await of_a_state(scene)
    await scenes.edit(scene, comment_id, "Another text.")
    assert await told() == []


async def test_what_is_proposed_anew_asks_anew(scene: Scene) -> None:
    comment_id = await of_a_state(scene)
    await proposing.undo(scene.mona, (await case_of(comment_id)).id)
    assert await told() == []
    await settle(scene.malik, comment_id, Action.REJECT)
    assert await told() == [(SECOND, scene.mona.person_id)]


async def test_of_what_can_be_undone_the_author_hears_when_it_is_done(scene: Scene) -> None:
    undone, done = await scenes.held(scene), await scenes.held(scene)
    for comment_id in (undone, done):
        case = await case_of(comment_id)
        await decide(scene.mona, case.id, DecisionForm(action=Action.PUBLISH, version=case.version, undo=15))
    await proposing.undo(scene.mona, (await case_of(undone)).id)
    assert await told() == []
    end = clock.now() + timedelta(seconds=16)
    with clock.running(lambda: end):
        assert [await tick(), await tick()] == [1, 0]
    assert [(row.kind, row.comment_id) for row in await Notice.all()] == [("decision.published", done)]


async def test_of_twenty_seconds_at_once_one_is_told(scene: Scene) -> None:
    comment_id = await of_a_state(scene)
    case = await case_of(comment_id)
    many = [proposing.second(scene.malik, case.id, case.version) for _ in range(20)]
    answers = await asyncio.gather(*many, return_exceptions=True)
    assert sum(isinstance(one, Case) for one in answers) == 1
    assert await told() == [("desk.seconded", scene.mona.person_id), ("decision.rejected", scene.asma.person_id)]


async def appealed(scene: Scene) -> Case:
    """An appeal of the author's against a rejection."""
    comment_id = await scenes.rejected(scene)
    decision = await Decision.get(comment_id=comment_id)
    comment = await Comment.get(id=comment_id)
    async with begin() as work:
        await lock(work, scene.hall.id)
        opening = Opening(
            kind=CaseKind.APPEAL,
            comment_id=comment_id,
            revision_id=decision.revision_id,
            lang="en",
            at=clock.now(),
            ref=decision.id,
        )
        case = await open_case(work, opening)
        await Appeal.create(
            decision_id=decision.id,
            comment_id=comment_id,
            space_id=scene.hall.id,
            case_id=case.id,
            author_id=comment.author_id,
            text="CANARY",
            lang="en",
            made_at=clock.now(),
        )
        act = as_member(scene.asma)
        await tell(work, "case.appealed", scene.hall.id, act, comment_id, case=case.id, decision=decision.id)
    return case


async def test_an_appeal_asks_who_had_no_part_in_it(scene: Scene) -> None:
    await appealed(scene)
    assert await of_kind(WAITING) == of(scene.malik)
    assert await of_kind("appeal.received") == of(scene.asma)
    assert not [row for row in await Notice.all().values() if "CANARY" in str(row)]


@pytest.mark.parametrize(("action", "kind"), [(Action.UPHOLD, "appeal.upheld"), (Action.OVERTURN, "appeal.overturned")])
async def test_the_outcome_of_an_appeal_is_one_notice(scene: Scene, action: Action, kind: str) -> None:
    case = await appealed(scene)
    await settle(scene.malik, case.comment_id, action)
    kinds = [row.kind for row in await Notice.filter(cancelled_at=None, person_id=scene.asma.person_id).order_by("id")]
    assert kinds == ["decision.rejected", "appeal.received", kind]
    assert await of_kind(WAITING) == []


async def reported(scene: Scene, comment_id: str, *people: Actor) -> Case:
    """Reports of the published text: the first opens a case, the others join it."""
    for who in people:
        await report(who, comment_id)
    return await reports_case(comment_id)


@pytest.mark.parametrize(
    ("action", "reporters", "author"),
    [(Action.KEEP, "report.kept", "decision.kept"), (Action.REMOVE, "report.removed", "decision.removed")],
)
async def test_reporters_hear_the_outcome(scene: Scene, action: Action, reporters: str, author: str) -> None:
    boris, chen = [await actor_for(await person(name)) for name in ("Boris", "Chen")]
    comment_id = await scenes.published(scene)
    await reported(scene, comment_id, boris, chen)
    assert await of_kind("report.received") == of(boris, chen)
    await settle(scene.mona, comment_id, action)
    assert await of_kind(reporters) == of(boris, chen)
    assert await of_kind(author) == of(scene.asma)
    assert {row.url for row in await Notice.filter(person_id=boris.person_id)} == {"/contributions#reported"}


async def test_reporters_hear_that_the_comment_is_gone(scene: Scene) -> None:
    boris = await actor_for(await person("Boris"))
    withdrawn, removed = await scenes.published(scene), await scenes.published(scene)
    older = await case_of(removed)
    for comment_id in (withdrawn, removed):
        await reported(scene, comment_id, boris)
    await withdraw_comment(scene.asma, withdrawn, (await Comment.get(id=withdrawn)).version)
    form = DecisionForm(action=Action.REMOVE, version=older.version, reason="unclear")
    await decide(scene.mona, older.id, form)
    ends = {row.comment_id: row.kind for row in await Notice.filter(kind__in=["report.closed", "report.removed"])}
    assert ends == {withdrawn: "report.closed", removed: "report.removed"}


async def test_whoever_held_a_case_hears_that_it_was_taken_over(scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    data: dict[str, Json] = {"case": case.id, "from": scene.mona.person_id}
    await say("case.taken_over", scene.hall.id, Act(scene.malik, Capacity.MODERATOR), comment_id, **data)
    assert await told() == [("desk.taken_over", scene.mona.person_id)]


MEASURE = "5" * 32


@pytest.mark.parametrize(("log", "place"), [("hall", f"/sanctions/{MEASURE}"), (FORUM_LOG, "/suspension")])
async def test_a_measure_and_what_became_of_it(scene: Scene, log: str, place: str) -> None:
    log = scene.hall.id if log == "hall" else log
    act = Act(scene.mona, Capacity.MODERATOR if log != FORUM_LOG else Capacity.SECRETARIAT)
    data: dict[str, Json] = {"sanction": MEASURE, "person": scene.asma.person_id, "kind": "suspend"}
    await say("sanction.imposed", log, act, MEASURE, **data, reason="abuse", until=None)
    await say("sanction.appealed", log, as_member(scene.asma), MEASURE, **data)
    await say("sanction.appeal_decided", log, Act(scene.malik, act.capacity), MEASURE, **data, outcome="upheld")
    await say("sanction.appeal_decided", log, Act(scene.malik, act.capacity), MEASURE, **data, outcome="overturned")
    await say("sanction.lifted", log, act, MEASURE, **data, reason="abuse")
    rows = await Notice.filter(person_id=scene.asma.person_id).order_by("id")
    assert [(row.kind, row.url) for row in rows] == [
        ("sanction.imposed", place),
        ("sanction.appeal_received", place),
        ("sanction.appeal_upheld", place),
        ("sanction.appeal_overturned", f"/sanctions/{MEASURE}"),
        ("sanction.lifted", f"/sanctions/{MEASURE}"),
    ]
    assert all(KINDS[row.kind].to_suspended for row in rows)
    # What the secretariat has imposed is none of the moderators' to decide.
    assert await of_kind("desk.measure_appealed") == (of(scene.malik) if log != FORUM_LOG else [])


async def test_a_case_that_just_closes_tells_nobody(scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    await say("case.closed", scene.hall.id, SYSTEM, comment_id, case=case.id, kind=case.kind)
    assert await told() == []


def test_no_kind_begins_like_another() -> None:
    kinds = {kind for kind, _ in LISTENERS}
    assert not [(one, other) for one in kinds for other in kinds if one != other and other.startswith(one)]
