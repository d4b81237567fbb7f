"""Decisions as a table: in which situation which decision is possible, and what stands afterwards."""

import asyncio

import pytest

from forum.discussions import threads
from forum.discussions.models import Comment, Question, Revision
from forum.discussions.views.shown import stub_text
from forum.kernel.actors import ANONYMOUS
from forum.kernel.clock import rfc3339
from forum.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from forum.kernel.events import Fact
from forum.record import chain
from forum.record.models import Entry
from forum.web.catalogue import refusal_text
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseState, Decision
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, Situation, case_of, settle
from tests.support.world import post

PUBLISH, RETURN, REJECT, REMOVE = Action.PUBLISH, Action.RETURN, Action.REJECT, Action.REMOVE
CONFLICT, MISFIT = "409", "422"

TABLE: list[tuple[str, Situation, dict[Action, str]]] = [
    (
        "a first text is published, returned or rejected; what is not public cannot be removed",
        scenes.held,
        {PUBLISH: "published", RETURN: "returned", REJECT: "rejected", REMOVE: MISFIT},
    ),
    (
        "a text revised while it was held is decided on as the first one was",
        scenes.revised,
        {PUBLISH: "published", RETURN: "returned", REJECT: "rejected", REMOVE: MISFIT},
    ),
    (
        "a text sent again after a return is decided on anew",
        scenes.resubmitted,
        {PUBLISH: "published", RETURN: "returned", REJECT: "rejected", REMOVE: MISFIT},
    ),
    (
        "a published comment can only be removed",
        scenes.published,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: "removed"},
    ),
    (
        "an edit is decided on while the comment stays; removing takes all of it away",
        scenes.edited,
        {PUBLISH: "published", RETURN: "published", REJECT: "published", REMOVE: "removed"},
    ),
    (
        "a comment whose edit was returned can only be removed",
        scenes.edit_returned,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: "removed"},
    ),
    (
        "a returned text waits for its author",
        scenes.returned,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: CONFLICT},
    ),
    (
        "a rejected text stays rejected",
        scenes.rejected,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: CONFLICT},
    ),
    (
        "a removed comment stays removed",
        scenes.removed,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: CONFLICT},
    ),
    (
        "what its author took back before a decision is not decided on",
        scenes.retracted,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: CONFLICT},
    ),
    (
        "what its author withdrew is not decided on",
        scenes.withdrawn,
        {PUBLISH: CONFLICT, RETURN: CONFLICT, REJECT: CONFLICT, REMOVE: CONFLICT},
    ),
]
ROWS = [(situation, action, after) for _, situation, outcomes in TABLE for action, after in outcomes.items()]
NAMES = [f"{sentence} [{action.value}]" for sentence, _, outcomes in TABLE for action in outcomes]


@pytest.mark.parametrize(("situation", "action", "after"), ROWS, ids=NAMES)
async def test_table(scene: Scene, situation: Situation, action: Action, after: str) -> None:
    comment_id = await situation(scene)
    before = await Comment.get(id=comment_id)
    decisions = await Decision.filter(comment_id=comment_id).count()
    if after in (CONFLICT, MISFIT):
        with pytest.raises(Refusal) as refused:
            await settle(scene.malik, comment_id, action)
        assert str(refused.value.status) == after
        now = await Comment.get(id=comment_id)
        assert (now.state, now.version) == (before.state, before.version)
        assert await Decision.filter(comment_id=comment_id).count() == decisions
    else:
        case = await settle(scene.malik, comment_id, action)
        assert case.state == CaseState.DECIDED.value
        assert (await Comment.get(id=comment_id)).state == after
        assert await Decision.filter(comment_id=comment_id).count() == decisions + 1
        assert not await Case.filter(comment_id=comment_id, state=CaseState.OPEN.value).exists()
    assert (await chain.verify(scene.hall.id)).ok


@pytest.mark.parametrize("action", [RETURN, REJECT, REMOVE])
@pytest.mark.parametrize("reason", ["", "  \n "])
async def test_a_reason_is_needed(scene: Scene, action: Action, reason: str) -> None:
    comment_id = await scenes.edited(scene)
    case = await case_of(comment_id)
    with pytest.raises(Refusal) as refused:
        await decide(scene.mona, case.id, DecisionForm(action=action, reason=reason, version=case.version))
    assert refused.value.fields["reason"].key == "case.reason"


async def test_reasons_are_codes_or_words(scene: Scene) -> None:
    """Free words are kept for the author under "another reason"; a publication keeps no reason that was left chosen."""
    rows = [
        (RETURN, "off-question", "", "off-question", ""),
        (RETURN, "Please name the source.", "", "other", "Please name the source."),
        (RETURN, "Please name the source.", "Thank you.", "other", "Please name the source.\n\nThank you."),
        (PUBLISH, "advertising", "Thank you.", "", "Thank you."),
    ]
    for action, reason, text, code, words in rows:
        comment_id = await scenes.held(scene)
        case = await settle(scene.mona, comment_id, action, reason, text=text, text_lang="fr", note="for us")
        kept = await Decision.get(case_id=case.id)
        assert (kept.reason, kept.text, kept.text_lang, kept.note) == (code, words, "fr", "for us")


async def test_twenty_at_once(scene: Scene, facts: list[Fact]) -> None:
    """Of twenty simultaneous decisions one wins; nineteen hear who decided what and when; there is one row and one entry."""
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    form = DecisionForm(action=PUBLISH, version=case.version)
    asked = [decide(scene.mona if n % 2 else scene.malik, case.id, form) for n in range(20)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    lost = [one for one in answers if isinstance(one, Conflict)]
    assert len(lost) == 19
    assert len([one for one in answers if isinstance(one, Case)]) == 1
    [row] = await Decision.filter(case_id=case.id)
    winner = scene.mona if row.decided_by_id == scene.mona.person_id else scene.malik
    for one in lost:
        assert one.status == 409
        assert one.current == {
            "id": case.id,
            "version": 2,
            "state": "decided",
            "decision": {"action": "publish", "by": winner.name, "at": rfc3339(row.decided_at), "reason": None},
        }
        assert winner.name in refusal_text(one.key, one.params)
    assert await Entry.filter(log_id=scene.hall.id, kind="case.decided").count() == 1
    assert await Entry.filter(log_id=scene.hall.id, kind="comment.published").count() == 1
    assert [fact.kind for fact in facts].count("comment.published") == 1
    assert (await Question.get(space_id=scene.hall.id, number=1)).published == 1
    assert (await chain.verify(scene.hall.id)).ok


async def test_a_decision_on_a_text_that_has_changed(scene: Scene) -> None:
    """The author wrote anew while the moderator was reading: the decision is on another text and does not count."""
    comment_id = await scenes.held(scene)
    old = await case_of(comment_id)
    await scenes.edit(scene, comment_id, "Meanwhile.")
    with pytest.raises(Conflict) as refused:
        await decide(scene.mona, old.id, DecisionForm(action=PUBLISH, version=old.version))
    assert refused.value.key == "case.stale"
    assert refused.value.current["state"] == "open"
    assert (await Comment.get(id=comment_id)).state == "held"


async def test_an_edit_waits_beside_the_published_text(scene: Scene) -> None:
    """Readers see the published text until the edit is published; a returned edit never shows."""
    comment_id = await scenes.edited(scene)
    for action, shown in ((RETURN, "A first text."), (PUBLISH, "The edit.")):
        await scenes.edit(scene, comment_id, "The edit.")
        seen = await threads.one(ANONYMOUS, comment_id, "en")
        assert seen is not None
        assert (seen.state, seen.source, seen.pending) == ("published", "A first text.", None)
        await settle(scene.mona, comment_id, action)
        seen = await threads.one(ANONYMOUS, comment_id, "en")
        assert seen is not None
        assert seen.source == shown
    assert (await Question.get(space_id=scene.hall.id, number=1)).published == 1


async def test_a_removed_comment_leaves_a_stub(scene: Scene) -> None:
    """Readers keep the place and the reason, not the text; the author keeps the text; the count falls; replies stay."""
    comment_id = await scenes.published(scene)
    reply = await post(scene.asma, scene.hall, "A reply.", parent=comment_id)
    await settle(scene.mona, reply, PUBLISH)
    await settle(scene.malik, comment_id, REMOVE, "personal-data")
    seen = await threads.one(ANONYMOUS, comment_id, "en")
    assert seen is not None
    assert (seen.source, seen.html, seen.author_name) == ("", "", "")
    assert stub_text(seen) == "Removed by the moderators: personal data."
    own = await threads.one(scene.asma, comment_id, "en")
    assert own is not None
    assert own.source == "A first text."
    listed = await threads.thread(ANONYMOUS, scene.hall, (await Question.get(space_id=scene.hall.id, number=1)).id, "en")
    assert [one.id for one in listed.items] == [comment_id, reply]
    assert (await Question.get(space_id=scene.hall.id, number=1)).published == 1


async def test_removing_closes_the_case_of_a_waiting_edit(scene: Scene) -> None:
    """A comment removed on its first case takes the case of its edit with it; nothing hangs in the queue."""
    comment_id = await scenes.published(scene)
    first = await case_of(comment_id)
    await scenes.edit(scene, comment_id, "An edit.")
    await decide(scene.mona, first.id, DecisionForm(action=REMOVE, reason="hate", version=first.version))
    assert (await case_of(comment_id)).state == CaseState.CLOSED.value
    assert not await Case.filter(state=CaseState.OPEN.value).exists()
    assert [one.state for one in await Revision.filter(comment_id=comment_id).order_by("number")] == ["published", "dropped"]


async def test_sent_again(scene: Scene) -> None:
    """A text sent again opens a case of its own kind; the old one stays as it was decided."""
    comment_id = await scenes.resubmitted(scene)
    found = await Case.filter(comment_id=comment_id).order_by("id")
    assert [(one.kind, one.state) for one in found] == [("new", "decided"), ("resubmission", "open")]


async def test_written_anew_while_held(scene: Scene) -> None:
    """A text revised before anybody decided keeps its case and its place in the queue; the version tells that it changed."""
    comment_id = await scenes.revised(scene)
    found = await Case.filter(comment_id=comment_id).order_by("id")
    assert [(one.kind, one.state, one.version) for one in found] == [("new", "open", 2)]


@pytest.mark.parametrize("situation", [scenes.retracted, scenes.withdrawn])
async def test_withdrawing_closes_the_case(scene: Scene, situation: Situation) -> None:
    comment_id = await situation(scene)
    assert (await Comment.get(id=comment_id)).state == "withdrawn"
    assert not await Case.filter(comment_id=comment_id, state=CaseState.OPEN.value).exists()


async def test_nobody_decides_on_their_own_comment(scene: Scene) -> None:
    """A moderator's own comment waits for another moderator, whose same decision goes through."""
    asma = await scenes.moderator_who_writes(scene)
    comment_id = await scenes.held(scene)
    with pytest.raises(Forbidden) as refused:
        await settle(asma, comment_id, PUBLISH)
    assert refused.value.key == "case.own"
    assert (await settle(scene.mona, comment_id, PUBLISH)).state == CaseState.DECIDED.value


@pytest.mark.parametrize("who", ["omar", "asma"])
async def test_another_spaces_case_does_not_exist(scene: Scene, who: str) -> None:
    """The moderator of another space, and the author, learn no more of a case than of one that there is not."""
    case = await case_of(await scenes.held(scene))
    form = DecisionForm(action=PUBLISH, version=1)
    for case_id in (case.id, "0" * 32):
        with pytest.raises(NotFound) as refused:
            await decide(getattr(scene, who), case_id, form)
        assert refused.value.key == "not_found"
    assert (await settle(scene.mona, case.comment_id, PUBLISH)).version == 2


async def test_everything_is_on_record(scene: Scene, facts: list[Fact]) -> None:
    """Each decision is one entry in the moderator's capacity, with the code of its reason and no text of anybody's."""
    comment_id = await scenes.held(scene)
    await settle(scene.mona, comment_id, RETURN, "CANARY words", note="CANARY note")
    entries = await Entry.filter(log_id=scene.hall.id).order_by("seq")
    kinds = ["comment.received", "case.opened", "comment.returned", "case.decided"]
    assert sorted(one.kind for one in entries) == sorted(kinds)
    [decided] = [one for one in entries if one.kind == "case.decided"]
    assert (decided.capacity, decided.actor_id, decided.public_seq) == ("moderator", scene.mona.person_id, None)
    assert "CANARY" not in "".join(one.data for one in entries)
    assert (await chain.verify(scene.hall.id)).ok


async def test_removing_what_was_decided_since(scene: Scene) -> None:
    """A version from before the last decision removes nothing, although removing would be possible; the present one does."""
    case = await case_of(await scenes.published(scene))
    for version, refused in ((1, True), (3, True), (2, False)):
        form = DecisionForm(action=REMOVE, reason="hate", version=version)
        if refused:
            with pytest.raises(Conflict):
                await decide(scene.malik, case.id, form)
        else:
            await decide(scene.malik, case.id, form)
    assert (await Comment.get(id=case.comment_id)).state == "removed"
