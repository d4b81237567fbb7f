"""Nobody decides on a text that they have not seen: an edit that is published makes what was looked at before out of date."""

import pytest

from forum.discussions.editing import edit_comment
from forum.discussions.models import Comment, Premoderation
from forum.kernel.errors import Conflict
from forum.people.models import Person
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseState, Decision
from tests.moderation import scene as scenes
from tests.moderation.reports.saying import reader, report
from tests.moderation.scene import Scene, case_of, edit, settle
from tests.support.world import actor_for, edit_of, give_role, post, space

REMOVE = {"action": "remove", "reason": "hate"}


async def changed(scene: Scene, comment_id: str) -> None:
    """Let the author's newer text be read by another moderator and published."""
    await edit(scene, comment_id, "A wholly harmless text.")
    waiting = await Case.get(comment_id=comment_id, kind="edit", state=CaseState.OPEN.value)
    await decide(scene.malik, waiting.id, DecisionForm(action=Action.PUBLISH, version=waiting.version))


@pytest.mark.parametrize("reported", [False, True])
async def test_a_decision_on_the_former_text_is_refused(scene: Scene, reported: bool) -> None:
    comment_id = await scenes.published(scene)
    if reported:
        await report(await reader("Rita"), comment_id)
    seen = await case_of(comment_id)
    await changed(scene, comment_id)
    form = DecisionForm.model_validate({**REMOVE, "version": seen.version})
    with pytest.raises(Conflict):
        await decide(scene.mona, seen.id, form)
    assert (await Comment.get(id=comment_id)).state == "published"
    now = await Case.get(id=seen.id)
    await decide(scene.mona, seen.id, form.model_copy(update={"version": now.version}))
    comment, made = await Comment.get(id=comment_id), await Decision.filter(case_id=seen.id).order_by("-id").first()
    assert comment.state == "removed"
    assert made is not None
    assert made.revision_id == comment.shown_id, "the decision names the text that was removed"


async def test_what_a_moderator_has_read_does_not_become_another_text_unread(scene: Scene) -> None:
    """In a space where only newcomers are read first, the edit of a text that was read waits all the same."""
    place = await space("nw", premoderation=Premoderation.NEWCOMERS)
    await give_role(await Person.get(id=scene.mona.person_id), place)
    author = scene.asma
    comment_id = await post(author, place, "Harmless words about the matter.")
    await settle(await actor_for(await Person.get(id=scene.mona.person_id)), comment_id, Action.PUBLISH)
    await edit_comment(author, comment_id, await edit_of(comment_id, "Totally something else now."))
    comment, case = await Comment.get(id=comment_id), await case_of(comment_id)
    assert comment.pending_id
    assert (case.kind, case.state) == ("edit", "open")
    assert "reviewed" in case.holds
