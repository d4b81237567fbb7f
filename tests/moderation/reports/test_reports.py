"""Reports by participants: each makes a case, those of one text share it, whoever reported hears the outcome and decides nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from forum.discussions.flags import Flag
from forum.discussions.models import Comment, Space, SpaceState
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, Refusal
from forum.kernel.events import Fact
from forum.people.models import Person
from forum.record import chain
from forum.record.models import Entry
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseKind, CaseState
from moderation.outcomes import outcome_of
from moderation.reports.queries import made_by, reports_of
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.reports.saying import hearing, reader, report, reports_case, settle_report
from tests.moderation.scene import Scene, Situation, settle
from tests.support.statements import recorded
from tests.support.world import affiliate, entity


async def test_a_report_makes_a_case_and_is_told_without_its_words(scene: Scene, facts: list[Fact]) -> None:
    rita, comment_id = await reader("Rita"), await scenes.published(scene)
    facts.clear()
    flag = await report(rita, comment_id, "personal-data", "CANARY of Rita", lang="fr")
    case = await reports_case(comment_id)
    assert (case.state, case.kind, case.revision_id, case.ref) == ("open", "report", flag.revision_id, flag.id)
    assert [one.kind for one in facts] == ["comment.flagged", "case.opened"]
    assert not any(one.public for one in facts)
    for entry in await Entry.filter(subject=comment_id):
        assert "CANARY" not in entry.data
        assert rita.person_id not in (entry.actor_id, entry.data)
    assert (await chain.verify(scene.hall.id)).ok
    [found] = await reports_of(case.id)
    assert (found.by, found.text, found.lang, found.reason) == ("Rita", "CANARY of Rita", "fr", "personal-data")


async def test_several_reports_of_one_text_are_one_case(scene: Scene) -> None:
    comment_id = await scenes.published(scene)
    for name in ("Rita", "Raj", "Rosa"):
        await report(await reader(name), comment_id)
    assert await Case.filter(comment_id=comment_id, kind=CaseKind.REPORT.value).count() == 1
    case = await reports_case(comment_id)
    assert [one.by for one in await reports_of(case.id)] == ["Rita", "Raj", "Rosa"]


async def test_reports_that_come_together_are_one_case(scene: Scene) -> None:
    comment_id = await scenes.published(scene)
    readers = [await reader(f"Reader {number}") for number in range(6)]
    await asyncio.gather(*(report(one, comment_id) for one in readers))
    assert await Case.filter(comment_id=comment_id, kind=CaseKind.REPORT.value).count() == 1
    assert len(await reports_of((await reports_case(comment_id)).id)) == 6


async def test_a_report_after_the_decision_is_a_case_of_its_own(scene: Scene) -> None:
    """Each case is about its own reports; nobody hears twice."""
    rita, raj, comment_id = await reader("Rita"), await reader("Raj"), await scenes.published(scene)
    with hearing() as heard:
        await report(rita, comment_id)
        first = await settle_report(scene.mona, comment_id, Action.KEEP)
        await report(raj, comment_id)
        second = await settle_report(scene.malik, comment_id, Action.REMOVE)
    assert first.id != second.id
    assert [(one.notice, one.case_id, one.people) for one in heard] == [
        ("report.kept", first.id, [rita.person_id]),
        ("report.removed", second.id, [raj.person_id]),
    ]


async def withdraw(scene: Scene, comment_id: str) -> None:
    await withdraw_comment(scene.asma, comment_id, (await Comment.get(id=comment_id)).version)


async def remove_by_its_first_case(who: Actor, comment_id: str) -> None:
    case = await Case.get(comment_id=comment_id, kind=CaseKind.NEW.value)
    await decide(who, case.id, DecisionForm(action=Action.REMOVE, reason="hate", version=case.version))


async def restore(scene: Scene, comment_id: str) -> None:
    await settle_report(scene.mona, comment_id, Action.REMOVE)
    await settle_report(scene.malik, comment_id, Action.RESTORE)


async def overturn(scene: Scene, comment_id: str) -> None:
    await settle_report(scene.mona, comment_id, Action.REMOVE)
    await appeal_against(scene.asma, comment_id)
    await settle(scene.malik, comment_id, Action.OVERTURN, text="It may stand.")


ENDS: list[tuple[str, Callable[[Scene, str], Awaitable[object]], str, list[str]]] = [
    ("kept", lambda scene, comment_id: settle_report(scene.mona, comment_id, Action.KEEP), "kept", ["report.kept"]),
    ("removed", lambda scene, comment_id: settle_report(scene.mona, comment_id, Action.REMOVE), "removed", ["report.removed"]),
    (
        "removed by another case: the report is closed, and heard of",
        lambda scene, comment_id: remove_by_its_first_case(scene.mona, comment_id),
        "removed",
        ["report.removed"],
    ),
    ("withdrawn by its author", withdraw, "withdrawn", ["report.closed"]),
    ("removed and restored", restore, "restored", ["report.removed", "report.restored"]),
    ("removed, and shown again on appeal", overturn, "restored", ["report.removed", "report.restored"]),
]


@pytest.mark.parametrize(("sentence", "end", "came", "notices"), ENDS, ids=[row[0] for row in ENDS])
async def test_whoever_reported_hears_the_outcome(
    scene: Scene, sentence: str, end: Callable[[Scene, str], Awaitable[object]], came: str, notices: list[str]
) -> None:
    rita, raj, comment_id = await reader("Rita"), await reader("Raj"), await scenes.published(scene)
    for who in (rita, raj):
        await report(who, comment_id)
        assert [outcome_of(one) for one in await made_by(who)] == ["waiting"]
    with hearing() as heard:
        await end(scene, comment_id)
    assert [outcome_of(one) for one in await made_by(rita)] == [came]
    assert [one.notice for one in heard] == notices
    assert all(one.people == [rita.person_id, raj.person_id] for one in heard)
    assert (await reports_case(comment_id)).state != CaseState.OPEN.value


async def test_decisions_on_texts_say_nothing_to_reporters(scene: Scene) -> None:
    with hearing() as heard:
        await scenes.removed(scene)
        await scenes.edit_returned(scene)
    assert heard == []


GONE: list[tuple[str, Situation, type[Refusal]]] = [
    ("what waits is not found", scenes.held, NotFound),
    ("nor what was returned", scenes.returned, NotFound),
    ("nor what was rejected", scenes.rejected, NotFound),
    ("nor what was taken back before it came out", scenes.retracted, NotFound),
    ("what was removed is gone", scenes.removed, Refusal),
    ("and so is what was withdrawn", scenes.withdrawn, Refusal),
]


@pytest.mark.parametrize(("sentence", "situation", "refusal"), GONE, ids=[row[0] for row in GONE])
async def test_only_what_is_published_can_be_reported(
    scene: Scene, sentence: str, situation: Situation, refusal: type[Refusal]
) -> None:
    """Alike for readers and for moderators, who see more elsewhere."""
    comment_id = await situation(scene)
    for who in (await reader("Rita"), scene.malik):
        with pytest.raises(refusal) as refused:
            await report(who, comment_id)
        assert type(refused.value) is refusal
        assert refused.value.key == ("not_found" if refusal is NotFound else "flag.gone")
    assert await Flag.all().count() == 0


async def test_who_may_report(scene: Scene) -> None:
    rita, comment_id = await reader("Rita"), await scenes.published(scene)
    with pytest.raises(NotSignedIn):
        await report(ANONYMOUS, comment_id)
    with pytest.raises(Forbidden) as own:
        await report(scene.asma, comment_id)
    assert own.value.key == "flag.own"
    with pytest.raises(NotFound):
        await report(rita, "0" * 32)
    await Space.filter(id=scene.hall.id).update(visibility="members")
    with pytest.raises(NotFound):
        await report(rita, comment_id)
    await Space.filter(id=scene.hall.id).update(visibility="public", state=SpaceState.CLOSED.value)
    assert (await report(rita, comment_id)).number == 1


async def test_once_for_each_text(scene: Scene) -> None:
    """The same text is not reported twice by one person; a changed one can be, and not unseen."""
    rita, comment_id = await reader("Rita"), await scenes.published(scene)
    before = (await Comment.get(id=comment_id)).public_seq
    await report(rita, comment_id)
    with pytest.raises(Conflict) as twice:
        await report(rita, comment_id)
    assert twice.value.key == "flag.known"
    await scenes.edit(scene, comment_id, "A new text.")
    await settle_new_text(scene, comment_id)
    with pytest.raises(Conflict) as unseen:
        await report(rita, comment_id, seq=before)
    assert unseen.value.key == "flag.changed"
    await report(rita, comment_id)
    assert await Flag.filter(comment_id=comment_id).count() == 2
    assert await Case.filter(comment_id=comment_id, kind="report", state="open").count() == 2


async def settle_new_text(scene: Scene, comment_id: str) -> None:
    case = await Case.get(comment_id=comment_id, kind=CaseKind.EDIT.value)
    await decide(scene.mona, case.id, DecisionForm(action=Action.PUBLISH, version=case.version))


async def test_another_reason_needs_words(scene: Scene) -> None:
    rita, comment_id = await reader("Rita"), await scenes.published(scene)
    for text in ("", " \n"):
        with pytest.raises(Refusal) as refused:
            await report(rita, comment_id, "other", text)
        assert list(refused.value.fields) == ["text"]
    assert (await report(rita, comment_id, "other", " It is a copy. ")).text == "It is a copy."


async def test_a_reported_moderator_does_not_decide(scene: Scene) -> None:
    asma, comment_id = await scenes.moderator_who_writes(scene), await scenes.published(scene)
    await report(await reader("Rita"), comment_id)
    with pytest.raises(Forbidden) as refused:
        await settle_report(asma, comment_id, Action.KEEP)
    assert refused.value.key == "case.own"
    await settle_report(scene.mona, comment_id, Action.KEEP)


async def test_nor_does_one_of_the_authors_entity(scene: Scene) -> None:
    kenya, comment_id = await entity("Kenya"), await scenes.published(scene)
    for who in (scene.asma, scene.mona):
        await affiliate(await Person.get(id=who.person_id), kenya)
    await report(await reader("Rita"), comment_id)
    with pytest.raises(Forbidden) as refused:
        await settle_report(scene.mona, comment_id, Action.KEEP)
    assert refused.value.key == "case.entity"


async def test_nobody_decides_on_what_they_reported(scene: Scene) -> None:
    """Neither on the report nor on any other case of the comment, now or later; others do."""
    comment_id = await scenes.published(scene)
    await report(scene.malik, comment_id)
    with pytest.raises(Forbidden) as refused:
        await settle_report(scene.malik, comment_id, Action.REMOVE)
    assert refused.value.key == "case.reported"
    with pytest.raises(Forbidden):
        await remove_by_its_first_case(scene.malik, comment_id)
    await settle_report(scene.mona, comment_id, Action.KEEP)
    await scenes.edit(scene, comment_id, "A new text.")
    with pytest.raises(Forbidden):
        await settle(scene.malik, comment_id, Action.PUBLISH)


async def test_a_moderator_of_another_space_reports_and_decides_nothing(scene: Scene) -> None:
    comment_id = await scenes.published(scene)
    await report(scene.omar, comment_id)
    with pytest.raises(NotFound):
        await settle_report(scene.omar, comment_id, Action.KEEP)


async def test_ones_reports_are_read_in_one_statement_and_show_nobody_elses(scene: Scene) -> None:
    """Newest first; what others reported of the same comments is not among them."""
    rita, raj = await reader("Rita"), await reader("Raj")
    ids = [await scenes.published(scene) for _ in range(3)]
    for comment_id in ids:
        await report(rita, comment_id, text=f"Of {comment_id}")
        await report(raj, comment_id, text="CANARY")
    with recorded() as statements:
        found = await made_by(rita)
    assert len(statements) == 1
    assert [one.comment_id for one in found] == ids[::-1]
    assert [one.text for one in found] == [f"Of {one}" for one in ids[::-1]]
    assert len(await made_by(rita, limit=2)) == 2
