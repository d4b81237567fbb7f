"""The phases together: their order, what a space turns off, what fails or hangs, what was sent before, and how a space is tuned."""

import asyncio
import json
import logging
import threading
from typing import Any

import pytest

from forum.discussions import screening
from forum.discussions.models import Comment, Premoderation, Space
from forum.discussions.screening import Hold, Submission
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.errors import Conflict, Forbidden, NotSignedIn
from forum.kernel.events import Fact
from forum.text.aside import Bench
from moderation.models import Action, Case
from moderation.screening import PHASES, hints
from moderation.screening.forms import ScreeningForm
from moderation.screening.looking import look_all, phase
from moderation.screening.models import ScreeningSettings
from moderation.screening.reading import Reading, Rules
from moderation.screening.tuning import settings_of, tune
from moderation.screening.words import words
from tests.moderation.desk import browser, desk_app, main_of
from tests.moderation.scene import Scene, settle
from tests.moderation.screening.reading import reading
from tests.support.world import actor_for, give_role, person, post, space

LONG = "Migrants who are held at borders need legal aid from the first hour, in a language that they understand, and at no cost."


async def holds_of(comment_id: str) -> list[str]:
    case = await Case.filter(comment_id=comment_id).order_by("-id").first()
    assert case is not None
    return [one["phase"] for one in json.loads(case.holds)]


async def free_space() -> Space:
    return await space("free", premoderation=Premoderation.NONE)


def test_the_order() -> None:
    names = [getattr(one, "__name__", "") for one in PHASES]
    assert " ".join(names) == "premoderation newcomers reviewed restricted length links repeated words personal accusation"


async def test_each_phase_tells_its_reason_in_order(scene: Scene) -> None:
    free = await free_space()
    text = f"{LONG} France tortures idiots; write to a@example.org. " + "https://un.org " * 5 + "word " * 500
    comment_id = await post(scene.asma, free, text)
    assert await holds_of(comment_id) == ["length", "links", "words", "personal", "accusation"]
    assert await holds_of(await post(scene.asma, free, LONG)) == []


async def test_what_was_sent_before_is_held_whoever_sends_it_wherever(scene: Scene) -> None:
    free = await free_space()
    other = await actor_for(await person("Other"))
    await post(scene.asma, scene.hall, LONG)
    assert await holds_of(await post(other, free, LONG.replace("at no cost", "at no  cost!"))) == ["repeated"]
    assert await holds_of(await post(other, free, "I agree.")) == []
    assert await holds_of(await post(other, free, "I agree.")) == [], "short texts repeat each other"


async def test_a_space_turns_phases_off_and_adds_words(scene: Scene) -> None:
    free = await free_space()
    mona = await _moderator(free)
    text = "France tortures; write to a@example.org."
    assert await holds_of(await post(scene.asma, free, text)) == ["personal", "accusation"]
    await tune(mona, free, ScreeningForm(off=["personal"], words={"en": ["write to"]}, version=0))
    assert await holds_of(await post(scene.asma, free, text)) == ["words", "accusation"]


async def _moderator(where: Space) -> Actor:
    who = await person("Moderator")
    await give_role(who, where)
    return await actor_for(who)


def broken(_: Reading) -> Hold | None:
    raise RuntimeError


def test_one_look_that_fails_leaves_the_others() -> None:
    seen = look_all(reading("You are idiots."), (broken, words))
    assert isinstance(seen.found["broken"], RuntimeError)
    assert isinstance(seen.found["words"], Hold)


async def test_a_look_that_fails_or_was_never_made_holds(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    screening.install((phase(broken),))
    with caplog.at_level(logging.CRITICAL, "forum.discussions.screening"):
        comment_id = await post(scene.asma, await free_space(), LONG)
    assert (await Comment.get(id=comment_id)).state == "held"


async def test_a_phase_that_hangs_holds(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    never = asyncio.Event()

    async def hanging(_: Submission) -> Hold | None:
        await never.wait()
        return None

    async def last(_: Submission) -> Hold | None:
        return Hold("last", "is asked all the same")

    screening.install((hanging, last), limit=0.05)
    with caplog.at_level(logging.CRITICAL, "forum.discussions.screening"):
        comment_id = await post(scene.asma, await free_space(), LONG)
    assert await holds_of(comment_id) == ["failed:hanging", "last"]
    assert (await Comment.get(id=comment_id)).state == "held"


async def test_of_a_check_that_failed_the_author_reads_that_it_did(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was marked by a machine then: the statement of reasons does not say so."""
    screening.install((phase(broken),))
    free = await free_space()
    with caplog.at_level(logging.CRITICAL, "forum.discussions.screening"):
        comment_id = await post(scene.asma, free, LONG)
    assert await holds_of(comment_id) == ["failed:broken"]
    await settle(await _moderator(free), comment_id, Action.REJECT, text="Not on the question.")
    asma = await browser(desk_app(), scene.asma)
    page = main_of((await asma.get(f"/en/contributions/{comment_id}")).text)
    assert "No automated means were used" in page
    assert "A check of the text could not be carried out, so a moderator read it first." in page
    assert "Automated means had marked" not in page
    assert "broken" not in page


async def test_a_text_that_hangs_does_not_stop_the_next() -> None:
    goes_on, began = threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        goes_on.wait(30)

    bench = Bench(patience=0.0)
    stuck = asyncio.ensure_future(bench.do(hang))
    await asyncio.to_thread(began.wait, 10)
    assert await bench.do(lambda: 1) == 1
    goes_on.set()
    await stuck


def test_hints_that_fail_let_the_text_be_sent(caplog: pytest.LogCaptureFixture) -> None:
    def failing(_source: str, _lang: str) -> list[screening.Hint]:
        raise RuntimeError

    with caplog.at_level(logging.CRITICAL, "forum.discussions.screening"):
        screening.install(PHASES, failing)
        assert screening.hints("a@example.org", "en") == []
    screening.install(PHASES, hints)
    assert [one.kind for one in screening.hints("a@example.org", "en")] == ["email"]


async def test_tuning_is_told_and_compared_by_its_version(scene: Scene, facts: list[Fact]) -> None:
    made = await tune(scene.mona, scene.hall, ScreeningForm(max_links=1, version=0))
    assert made.version == 1
    with pytest.raises(Conflict):
        await tune(scene.malik, scene.hall, ScreeningForm(max_links=9, version=0))
    assert (await tune(scene.malik, scene.hall, ScreeningForm(max_links=2, version=1))).version == 2
    assert (await settings_of(scene.hall)).max_links == 2
    told = [(fact.data, fact.actor_id) for fact in facts if fact.kind == "desk.changed"]
    assert told == [
        ({"what": "screening", "version": 1}, scene.mona.person_id),
        ({"what": "screening", "version": 2}, scene.malik.person_id),
    ]


async def test_of_many_first_settings_at_once_one_is_kept(scene: Scene) -> None:
    forms = [ScreeningForm(max_links=number, version=0) for number in range(1, 7)]
    results = await asyncio.gather(*(tune(scene.mona, scene.hall, form) for form in forms), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Conflict"] * 5 + ["ScreeningSettings"]
    assert await ScreeningSettings.all().count() == 1


@pytest.mark.parametrize(("who", "refused"), [("omar", Forbidden), ("asma", Forbidden), ("", NotSignedIn)])
async def test_others_do_not_tune(scene: Scene, who: str, refused: type[Exception]) -> None:
    actor: Any = getattr(scene, who) if who else ANONYMOUS
    with pytest.raises(refused):
        await tune(actor, scene.hall, ScreeningForm())
    assert await ScreeningSettings.all().count() == 0


def test_rules_are_what_a_space_without_settings_has() -> None:
    made = ScreeningSettings(space_id="x")
    rules = Rules()
    assert (made.max_links, made.newcomer_texts, made.off, made.words) == (rules.max_links, rules.newcomer_texts, [], {})
