"""No decision without a reason that says something, and no reason that is lost on its way."""

from typing import Any

import pytest

from forum.discussions.models import Comment
from forum.kernel.errors import Conflict
from moderation.models import Action, Decision
from moderation.proposing import second
from moderation.rules import regulating
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.desk import Browser, browser
from tests.moderation.scene import Scene, Situation, case_of, settle
from tests.moderation.test_proposing import of_state
from tests.support.world import actor_for, give_role, person


@pytest.mark.parametrize("words", [{}, {"text": " \n"}, {"note": "Among us."}, {"facts": "The second line."}])
@pytest.mark.parametrize(
    ("situation", "action"), [(scenes.held, "return"), (scenes.held, "reject"), (scenes.published, "remove")]
)
async def test_another_reason_is_told(
    mona: Browser, scene: Scene, situation: Situation, action: str, words: dict[str, str]
) -> None:
    comment_id = await situation(scene)
    case, before = await case_of(comment_id), (await Comment.get(id=comment_id)).state
    body: dict[str, Any] = {"action": action, "reason": "other", "version": case.version, **words}
    assert (await mona.api("POST", f"/{case.id}/decision", body)).status_code == 422
    many = {
        "cases": [{"id": case.id, "version": case.version}],
        **{name: value for name, value in body.items() if name != "version"},
    }
    answer = await mona.api("POST", "/bulk", many)
    assert answer.status_code == 422 or answer.json()["results"][0]["outcome"] == "refused"
    assert (await Comment.get(id=comment_id)).state == before
    body |= {"reason_text": "It repeats the letter of another organization."}
    assert (await mona.api("POST", f"/{case.id}/decision", body)).status_code == 200


@pytest.mark.parametrize("action", ["uphold", "overturn"])
async def test_an_appeal_is_answered_in_words(scene: Scene, mona: Browser, action: str) -> None:
    comment_id = await scenes.rejected(scene)
    await appeal_against(scene.asma, comment_id)
    case = await case_of(comment_id)
    malik = await browser(mona.app, scene.malik)
    body = {"action": action, "reason": "other", "version": case.version}
    assert (await malik.api("POST", f"/{case.id}/decision", body)).status_code == 422
    assert (await malik.api("POST", f"/{case.id}/decision", body | {"text": "I see it so."})).status_code == 200


async def test_a_reason_retired_meanwhile_is_the_one_that_was_proposed(scene: Scene) -> None:
    comment_id = await of_state(scene)
    await settle(scene.mona, comment_id, Action.REJECT, "hate")
    await regulating.retire_reason(scene.mona, scene.hall.id, "hate")
    case = await case_of(comment_id)
    await second(scene.malik, case.id, case.version)
    made = await Decision.get(case_id=case.id)
    assert (made.reason, made.text) == ("hate", "")
    assert "hatred or insult" in made.reason_name


async def test_the_slower_of_two_seconds_hears_who_was_faster(scene: Scene) -> None:
    nina = await person("Nina")
    await give_role(nina, scene.hall)
    comment_id = await of_state(scene)
    await settle(scene.mona, comment_id, Action.REJECT, "hate")
    case = await case_of(comment_id)
    await second(scene.malik, case.id, case.version)
    with pytest.raises(Conflict) as refused:
        await second(await actor_for(nina), case.id, case.version)
    assert refused.value.key == "case.decided"
    told = refused.value.current["decision"]
    assert isinstance(told, dict)
    assert (told["action"], told["by"], told["reason"]) == ("reject", "Mona", "hate")
    assert told["at"]
