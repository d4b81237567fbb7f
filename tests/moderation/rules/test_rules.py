"""The rules of a space: who may change what, what a change does to later decisions, and what it leaves alone."""

import json
from collections.abc import Callable

import pytest

from forum.discussions.models import Comment
from forum.discussions.views.shown import stub_text
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from forum.kernel.events import Fact
from forum.kernel.locales import LANGS
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, CaseState, Decision, Proposal
from moderation.queries import case as read_case
from moderation.rules import regulating
from moderation.rules.forms import PhraseForm, ReasonForm, ScopeForm, SettingsForm
from moderation.rules.grounds import grounds_of
from moderation.rules.models import ModeratorScope, SpaceReason
from moderation.rules.settings import settings_of
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import actor_for, person, post

DEFAULTS = {
    "goal_days": 1,
    "four_eyes": True,
    "recuse_entity": True,
    "recuse_nationality": False,
    "undo_seconds": 15,
    "appeal_days": 14,
}


def six(text: str) -> dict[str, str]:
    return {lang: f"{text} ({lang})" for lang in LANGS}


def reason(code: str = "source", **more: object) -> ReasonForm:
    return ReasonForm.model_validate(
        {"code": code, "clause": "9", "name": six("no source"), "text": six("Please name it."), **more}
    )


async def clerk() -> Actor:
    return await actor_for(await person("Clara", secretariat=True))


WHO: list[tuple[str, Callable[[Scene, Actor], Actor], type[Refusal] | None, type[Refusal] | None]] = [
    ("a moderator of the space writes reasons, not settings", lambda scene, _: scene.mona, None, Forbidden),
    ("the secretariat does both", lambda _, clara: clara, None, None),
    ("to a moderator of another space it does not exist", lambda scene, _: scene.omar, NotFound, Forbidden),
    ("nor to a participant", lambda scene, _: scene.asma, NotFound, Forbidden),
    ("nor to nobody", lambda _, __: ANONYMOUS, NotFound, Forbidden),
]


@pytest.mark.parametrize(("sentence", "who", "words", "rules"), WHO, ids=[row[0] for row in WHO])
async def test_who_changes_what(
    scene: Scene, sentence: str, who: Callable[[Scene, Actor], Actor], words: type[Refusal] | None, rules: type[Refusal] | None
) -> None:
    actor, hall = who(scene, await clerk()), scene.hall.id
    phrase = PhraseForm(title={"en": "Thanks"}, text={"en": "Thank you."})
    settings = SettingsForm.model_validate(DEFAULTS | {"goal_days": 3, "version": 1})
    given = ScopeForm(languages=["fr"])
    mona = str(scene.mona.person_id)
    for act, refused in (
        (lambda: regulating.write_reason(actor, hall, reason()), words),
        (lambda: regulating.retire_reason(actor, hall, "hate"), words),
        (lambda: regulating.write_phrase(actor, hall, phrase), words),
        (lambda: regulating.set_settings(actor, hall, settings), rules),
        (lambda: regulating.set_scope(actor, hall, mona, given), rules),
    ):
        if refused is None:
            await act()
        else:
            with pytest.raises(refused):
                await act()
    assert (await settings_of(hall)).goal_days == (1 if rules else 3)
    assert ("source" in {one.code for one in await grounds_of(hall)}) == (words is None)
    assert await ModeratorScope.all().count() == (0 if rules else 1)


async def test_settings_are_compared_and_told_with_what_they_were(scene: Scene, facts: list[Fact]) -> None:
    clara, form = await clerk(), SettingsForm.model_validate(DEFAULTS | {"undo_seconds": 0, "version": 1})
    saved = await regulating.set_settings(clara, scene.hall.id, form)
    assert (saved.version, saved.undo_seconds) == (2, 0)
    with pytest.raises(Conflict):
        await regulating.set_settings(clara, scene.hall.id, form)
    same = SettingsForm.model_validate(DEFAULTS | {"undo_seconds": 0, "version": 2})
    assert (await regulating.set_settings(clara, scene.hall.id, same)).version == 2
    [told] = [fact for fact in facts if fact.kind == "desk.changed"]
    assert told.data == {"what": "settings", "changed": {"undo_seconds": {"before": 15, "after": 0}}}


async def test_the_usual_reasons_become_the_spaces_own_when_one_is_changed(scene: Scene) -> None:
    usual = await grounds_of(scene.hall.id)
    changed = reason("hate", name=six("hatred"), four_eyes=True)
    await regulating.write_reason(scene.mona, scene.hall.id, changed)
    own = {one.code: one for one in await grounds_of(scene.hall.id)}
    assert own.keys() == {one.code for one in usual}
    assert own["hate"].name["ru"] == "hatred (ru)"
    assert own["hate"].four_eyes
    assert own["advertising"].text == {one.code: one for one in usual}["advertising"].text
    assert not await SpaceReason.filter(space_id=scene.annex.id).exists()


async def test_a_reason_needs_its_words_in_every_language_of_the_space(scene: Scene) -> None:
    with pytest.raises(Refusal) as refused:
        await regulating.write_reason(scene.mona, scene.hall.id, reason(text={"en": "Please name it."}))
    assert refused.value.fields.keys() <= {f"text.{lang}" for lang in LANGS}
    assert not await SpaceReason.all().exists()


async def test_the_reason_that_covers_the_rest_stays(scene: Scene) -> None:
    with pytest.raises(Refusal):
        await regulating.retire_reason(scene.mona, scene.hall.id, "other")


async def test_what_is_decided_keeps_the_words_it_was_decided_with(scene: Scene) -> None:
    """Changing or retiring a reason applies to later decisions alone; the stub keeps its reason too."""
    await regulating.write_reason(scene.mona, scene.hall.id, reason())
    comment_id = await scenes.published(scene)
    await settle(scene.malik, comment_id, Action.REMOVE, "source")
    await regulating.write_reason(scene.mona, scene.hall.id, reason(name=six("something else"), clause="12"))
    await regulating.retire_reason(scene.mona, scene.hall.id, "source")
    kept = await Decision.filter(comment_id=comment_id).order_by("-id").first()
    assert kept is not None
    assert (kept.reason, kept.clause, json.loads(kept.reason_name)["fr"]) == ("source", "9", "no source (fr)")
    from forum.discussions import threads

    stub = await threads.one(ANONYMOUS, comment_id, "en")
    assert stub is not None
    assert stub_text(stub) == "Removed by the moderators: no source (en)."
    other = await scenes.held(scene)
    await settle(scene.malik, other, Action.REJECT, "source")
    later = await Decision.get(comment_id=other)
    assert (later.reason, later.text) == ("other", "source")  # no reason any more: free words


async def test_a_reason_may_ask_for_a_second_moderator(scene: Scene) -> None:
    await regulating.write_reason(scene.mona, scene.hall.id, reason(four_eyes=True))
    comment_id = await scenes.held(scene)
    case = await settle(scene.malik, comment_id, Action.REJECT, "source")
    assert case.state == CaseState.OPEN.value
    assert (await Proposal.get(case_id=case.id)).needs_second
    assert (await Comment.get(id=comment_id)).state == "held"


async def test_a_moderator_is_given_languages(scene: Scene) -> None:
    """What is in another language does not exist for them: not to see, not to claim, not to decide."""
    french = await post(scene.asma, scene.hall, "Un texte.", lang="fr")
    arabic = await post(scene.asma, scene.hall, "نص.", lang="ar")
    await regulating.set_scope(await clerk(), scene.hall.id, str(scene.mona.person_id), ScopeForm(languages=["fr"]))
    case = await case_of(arabic)
    with pytest.raises(NotFound):
        await read_case(scene.mona, case.id, "en")
    with pytest.raises(NotFound):
        await decide(scene.mona, case.id, DecisionForm(action=Action.PUBLISH, version=case.version))
    await settle(scene.mona, french, Action.PUBLISH)
    await settle(scene.malik, arabic, Action.PUBLISH)


async def test_only_languages_of_the_space_and_states_that_there_are(scene: Scene) -> None:
    clara, mona = await clerk(), str(scene.mona.person_id)
    scene.hall.languages = ["en", "fr"]
    await scene.hall.save()
    for form in (ScopeForm(languages=["zh"]), ScopeForm(nationality="XKX")):
        with pytest.raises(Refusal):
            await regulating.set_scope(clara, scene.hall.id, mona, form)
    assert (await regulating.set_scope(clara, scene.hall.id, mona, ScopeForm(nationality="KE"))).nationality == "KEN"
    with pytest.raises(NotFound):
        await regulating.set_scope(clara, scene.hall.id, str(scene.asma.person_id), ScopeForm())


async def test_phrases_are_written_and_dropped(scene: Scene, facts: list[Fact]) -> None:
    form = PhraseForm(title={"en": "Thanks", "fr": ""}, text={"en": "Thank you.", "ru": "Спасибо."})
    phrase = await regulating.write_phrase(scene.mona, scene.hall.id, form)
    assert phrase.title == {"en": "Thanks"}
    with pytest.raises(NotFound):
        await regulating.write_phrase(scene.omar, scene.annex.id, form, phrase.id)
    await regulating.write_phrase(scene.malik, scene.hall.id, form.model_copy(update={"place": 4}), phrase.id)
    await regulating.drop_phrase(scene.mona, scene.hall.id, phrase.id)
    with pytest.raises(NotFound):
        await regulating.drop_phrase(scene.mona, scene.hall.id, phrase.id)
    acts = [fact.data["act"] for fact in facts if fact.kind == "desk.changed"]
    assert acts == ["added", "changed", "dropped"]
