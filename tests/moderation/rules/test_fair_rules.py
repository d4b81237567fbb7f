"""Rules of fairness are not loosened by those whom they bind, and no change of them passes unseen."""

import httpx2
import pytest
from pydantic import ValidationError

from forum.kernel.errors import Refusal
from forum.kernel.events import Fact
from moderation.rules import regulating
from moderation.rules.forms import ReasonForm, ScopeForm
from moderation.rules.models import ModeratorScope, SpaceReason
from tests.moderation.desk import BASE, browser, desk_app, transport
from tests.moderation.rules.test_rules import clerk, reason, six
from tests.moderation.scene import Scene


async def written(scene: Scene) -> SpaceReason:
    return await SpaceReason.get(space_id=scene.hall.id, code="source")


@pytest.mark.parametrize("retired", [False, True])
async def test_moderators_do_not_free_themselves_of_the_second(scene: Scene, retired: bool) -> None:
    """Not by changing the reason, nor by retiring it and bringing it back."""
    hall = scene.hall.id
    await regulating.write_reason(scene.mona, hall, reason(four_eyes=True))
    if retired:
        await regulating.retire_reason(scene.mona, hall, "source")
    with pytest.raises(Refusal) as refused:
        await regulating.write_reason(scene.mona, hall, reason(four_eyes=False))
    assert refused.value.fields.keys() == {"four_eyes"}
    assert (await written(scene)).four_eyes
    await regulating.write_reason(scene.mona, hall, reason(clause="12"))
    kept = await written(scene)
    assert (kept.four_eyes, kept.clause, kept.retired_at) == (True, "12", None), "not named, it stays"
    await regulating.write_reason(await clerk(), hall, reason(four_eyes=False))
    assert not (await written(scene)).four_eyes


async def test_a_changed_reason_is_told_with_what_it_was(scene: Scene, facts: list[Fact]) -> None:
    hall = scene.hall.id
    await regulating.write_reason(scene.mona, hall, reason(place=7))
    del facts[:]
    await regulating.write_reason(scene.mona, hall, reason(four_eyes=True, name=six("no source") | {"fr": "sans source"}))
    [told] = [fact.data for fact in facts if fact.kind == "desk.changed"]
    assert told["changed"] == {
        "name.fr": {"before": "no source (fr)", "after": "sans source"},
        "second": {"before": False, "after": True},
    }
    assert (await written(scene)).place == 7, "its place among the reasons stays unless named"


async def test_no_reason_takes_an_address_of_the_pages() -> None:
    with pytest.raises(ValidationError):
        ReasonForm.model_validate({"code": "new", "name": six("new"), "text": six("New.")})


async def test_languages_are_given_without_losing_the_nationality(scene: Scene, facts: list[Fact]) -> None:
    clara, mona = await clerk(), str(scene.mona.person_id)
    await regulating.set_scope(clara, scene.hall.id, mona, ScopeForm(nationality="KEN"))
    await regulating.set_scope(clara, scene.hall.id, mona, ScopeForm(languages=["fr"]))
    scope = await ModeratorScope.get(person_id=mona)
    assert (scope.languages, scope.nationality) == (["fr"], "KEN")
    first, second = [fact.data for fact in facts if fact.kind == "desk.changed"]
    assert first["changed"] == {"nationality": {"before": "", "after": "KEN"}}
    assert "changed" not in second
    await regulating.set_scope(clara, scene.hall.id, mona, ScopeForm(languages=["fr"], nationality=""))
    assert (await ModeratorScope.get(person_id=mona)).nationality == ""


async def test_a_nationality_is_read_by_the_secretariat_alone(scene: Scene) -> None:
    clara = await clerk()
    await regulating.set_scope(clara, scene.hall.id, str(scene.mona.person_id), ScopeForm(nationality="KEN"))
    app = desk_app()
    for actor, seen in ((clara, True), (scene.malik, False), (scene.mona, False)):
        who = await browser(app, actor)
        headers = {"Authorization": f"Bearer {who.secret}"}
        async with httpx2.AsyncClient(transport=transport(app), base_url=BASE) as plain:
            answer = await plain.get("/api/v1/moderation/spaces/hall/rules", headers=headers)
        assert answer.status_code == 200
        assert ("KEN" in answer.text) == seen
