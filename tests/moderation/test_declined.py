"""What a second moderator disagrees with leaves a trace: for the moderators, and for nobody else."""

import pytest

from forum.discussions.models import Comment
from forum.kernel.events import Fact
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, Note
from moderation.proposing import decline
from moderation.rules.forms import SettingsForm
from moderation.rules.regulating import set_settings
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, main_of
from tests.moderation.scene import Scene, case_of
from tests.moderation.test_proposing import of_state
from tests.support.world import actor_for, person

RULES = {
    "goal_days": 1,
    "four_eyes": True,
    "recuse_entity": False,
    "recuse_nationality": False,
    "undo_seconds": 0,
    "appeal_days": 14,
    "version": 1,
}


async def proposed(scene: Scene) -> Case:
    """A statement of a State that Mona proposes to reject."""
    clerk = await actor_for(await person("Clerk", secretariat=True))
    await set_settings(clerk, scene.hall.id, SettingsForm.model_validate(RULES))
    comment_id = await of_state(scene)
    form = {
        "action": "reject",
        "reason": "hate",
        "text": "WORDS",
        "facts": "FACTS",
        "note": "NOTE",
        "text_lang": "fr",
        "version": 1,
    }
    return await decide(scene.mona, (await case_of(comment_id)).id, DecisionForm.model_validate(form))


@pytest.mark.parametrize("why", ["", "It is strong, and it is allowed."])
async def test_the_case_tells_what_was_proposed_and_who_disagreed(
    mona: Browser, scene: Scene, facts: list[Fact], why: str
) -> None:
    case = await proposed(scene)
    facts.clear()
    await decline(scene.malik, case.id, case.version, why)
    assert [one.kind for one in facts] == ["case.unseconded"]
    html = main_of((await mona.get(f"/en/moderation/cases/{case.id}")).text)
    notes = html[html.index('id="notes"') :]
    for words in ("Disagreed: Rejected, as <bdi>Mona</bdi> had proposed", "WORDS", "FACTS", "NOTE", "<bdi>Malik</bdi>", why):
        assert words in notes
    [told] = (await mona.api("GET", f"/{case.id}/notes")).json()["items"]
    assert told["text"] == why
    assert told["declined"] == {"action": "reject", "by": "Mona", "reason": "hate", "text": "WORDS", "facts": "FACTS"}
    assert (await Comment.get(id=case.comment_id)).state == "held"


async def test_its_author_reads_nothing_of_it_not_even_as_a_moderator(scene: Scene, mona: Browser) -> None:
    case = await proposed(scene)
    await decline(scene.malik, case.id, case.version, "WHY")
    asma = await browser(mona.app, await scenes.moderator_who_writes(scene))
    pages = [f"/en/moderation/cases/{case.id}", f"/en/contributions/{case.comment_id}", "/en/contributions"]
    for text in [(await asma.get(page)).text for page in pages] + [(await asma.api("GET", f"/{case.id}/notes")).text]:
        assert not [one for one in ("WORDS", "FACTS", "NOTE", "WHY", "Disagreed") if one in text]


async def test_a_plain_note_declines_nothing(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    await mona.api("POST", f"/{case.id}/notes", {"text": "Look."})
    [told] = (await mona.api("GET", f"/{case.id}/notes")).json()["items"]
    assert (told["text"], told["declined"]) == ("Look.", None)
    assert (await Note.get(case_id=case.id)).declined == ""


async def test_the_proposer_reads_what_is_about_to_leave(mona: Browser, scene: Scene) -> None:
    """In the seconds in which it can be undone, the moderator can read over what the author will get."""
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    form = {"action": Action.RETURN, "reason": "unclear", "text": "WORDS", "facts": "FACTS", "version": 1, "undo": 15}
    await decide(scene.mona, case.id, DecisionForm.model_validate(form))
    html = main_of((await mona.get(f"/en/moderation/cases/{case.id}")).text)
    status = html[html.index('class="case-status') : html.index('class="case-main"')]
    assert "It can be undone for" in status
    assert all(words in status for words in ("WORDS", "FACTS", "Undo"))
    malik = await browser(mona.app, scene.malik)
    assert "WORDS" not in (await malik.get(f"/en/moderation/cases/{case.id}")).text
