"""Every act of the desk stands on the audit page in words: what was done, by whom, about which case, and what was before."""

import re
from datetime import timedelta
from html import unescape

import pytest

from forum.discussions.models import Comment
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS
from moderation.claims import claim, release, take_over
from moderation.decisions import decide
from moderation.duty import tick
from moderation.forms import DecisionForm
from moderation.models import Action
from moderation.noting import note
from moderation.proposing import decline, second, undo
from moderation.rules import regulating
from moderation.rules.forms import PhraseForm, ReasonForm, ScopeForm, SettingsForm
from tests.moderation import past
from tests.moderation import scene as scenes
from tests.moderation.audit.conftest import Worked
from tests.moderation.desk import browser, desk_app, main_of
from tests.moderation.sanctions.acts import CANARY, appealed, judged, lifted, sanction
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import actor_for, person

PAGE = "/en/moderation/audit"
RULES = {
    "goal_days": 3,
    "four_eyes": False,
    "recuse_entity": True,
    "recuse_nationality": False,
    "undo_seconds": 15,
    "appeal_days": 14,
    "version": 1,
}
_ENTRY = re.compile(r'<h2 class="audit-kind">(.*?)</h2>(.*?)<details', re.S)


def six(text: str) -> dict[str, str]:
    return {lang: f"{text} ({lang})" for lang in LANGS}


async def propose(actor: Actor, comment_id: str, action: Action, reason: str = "", undo: int | None = None) -> str:
    """Propose a decision on the newest case of a comment and return the case's id."""
    case = await case_of(comment_id)
    form = DecisionForm(action=action, reason=reason, version=case.version, undo=undo)
    await decide(actor, case.id, form)
    return case.id


async def regulate(scene: Scene, clara: Actor) -> None:
    """Change everything that the rules of a space are made of."""
    hall = scene.hall.id
    await regulating.set_settings(clara, hall, SettingsForm.model_validate(RULES))
    source = ReasonForm(code="source", clause="9", name=six("no source"), text=six("Please name it."), four_eyes=True)
    await regulating.write_reason(scene.mona, hall, source)
    await regulating.write_reason(scene.mona, hall, source.model_copy(update={"code": "old-one", "name": six("an old one")}))
    await regulating.retire_reason(scene.mona, hall, "old-one")
    phrase = PhraseForm(title={"en": "Thanks"}, text={"en": "Thank you for this."})
    made = await regulating.write_phrase(scene.mona, hall, phrase)
    await regulating.drop_phrase(scene.mona, hall, made.id)
    await regulating.set_scope(clara, hall, str(scene.malik.person_id), ScopeForm(languages=["en", "ar"]))


async def work_through(scene: Scene) -> None:
    """Do whatever moderators can do with cases."""
    one = await scenes.held(scene)
    await claim(scene.mona, (await case_of(one)).id)
    await release(scene.mona, (await case_of(one)).id)
    await undo(scene.mona, await propose(scene.mona, one, Action.PUBLISH, undo=15))
    for agree in (decline, second):
        case_id = await propose(scene.mona, one, Action.REJECT, "source")
        await agree(scene.malik, case_id, (await case_of(one)).version)
    due = await scenes.held(scene)
    await propose(scene.mona, due, Action.PUBLISH, undo=15)
    later = clock.now() + timedelta(seconds=16)
    with clock.running(lambda: later):
        assert await tick() == 1
    lapsing = await scenes.held(scene)
    await propose(scene.mona, lapsing, Action.PUBLISH, undo=15)
    await withdraw_comment(scene.asma, lapsing, (await Comment.get(id=lapsing)).version)
    moved = await scenes.held(scene)
    case = await case_of(moved)
    await decide(scene.mona, case.id, DecisionForm(action=Action.MOVE, question=2, version=case.version))
    await scenes.revised(scene)
    removed = await scenes.removed(scene)
    await settle(scene.malik, removed, Action.RESTORE)
    await dispute(scene)


async def dispute(scene: Scene) -> None:
    """Take over, leave a note, report, appeal, take a measure and lift one."""
    held = await case_of(await scenes.held(scene))
    await claim(scene.mona, held.id)
    await take_over(scene.malik, held.id, "NOTE Mona is away.")
    await note(scene.malik, held.id, "NOTE Please look at line two.")
    rita = await actor_for(await person("Rita"))
    reported = await past.report(rita, await scenes.published(scene))
    await decide(scene.mona, reported.id, DecisionForm(action=Action.KEEP, version=reported.version))
    appeal = await past.appeal(scene.asma, await scenes.rejected(scene))
    await decide(scene.malik, appeal.id, DecisionForm(action=Action.UPHOLD, reason="source", version=appeal.version))
    measure = await sanction(scene.mona, scene.asma, "warn")
    await appealed(scene.asma, measure)
    await judged(scene.malik, measure)
    await lifted(scene.mona, await sanction(scene.mona, scene.asma, "slow"))


@pytest.fixture
async def entries(worked: Worked) -> list[tuple[str, str]]:
    """(kind, what it says) of every entry in the hall, newest first, as a moderator reads them."""
    await regulate(worked.scene, worked.clara)
    await work_through(worked.scene)
    mona = await browser(desk_app(), worked.scene.mona)
    found: list[tuple[str, str]] = []
    address = f"{PAGE}?space=hall"
    while address:
        html = (await mona.get(address)).text
        found += [(kind.strip(), said) for kind, said in _ENTRY.findall(main_of(html))]
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = unescape(older[1]) if older else ""
    return found


async def test_each_has_its_words(entries: list[tuple[str, str]]) -> None:
    kinds = {kind for kind, _ in entries}
    assert kinds >= {
        "Case claimed",
        "Case released",
        "Case moved to a newer text",
        "Case closed without a decision",
        "Decision proposed",
        "Proposed decision undone",
        "Proposed decision lapsed",
        "Proposed decision seconded",
        "Proposed decision not seconded",
        "Comment moved to another question",
        "Settings of moderation changed",
        "Case taken over",
        "Note added to the case",
        "Comment reported",
        "Appeal lodged",
        "Appeal decided",
        "Measure taken",
        "Measure lifted",
        "Appeal against a measure lodged",
        "Appeal against a measure decided",
    }
    assert not [kind for kind in kinds if "<code" in kind]
    # What has no words is shown as the code that it is.
    codes = {term for _, said in entries for term in re.findall(r"<dt>([^<]*)</dt><dd><code", said)}
    assert codes == {"Symbol"}


def of(entries: list[tuple[str, str]], kind: str) -> list[str]:
    """What the entries of a kind say, without markup."""
    found = [unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", said))) for one, said in entries if one == kind]
    assert found, kind
    return found


async def test_what_each_says(entries: list[tuple[str, str]]) -> None:
    rules = of(entries, "Settings of moderation changed")
    [settings] = [said for said in rules if "Service goal" in said]
    assert re.search(r"Service goal in working days from 1 to 3", settings)
    assert re.search(r"behalf of a State is rejected or removed\. from Yes to No", settings)
    assert "Clara" in settings
    assert "Secretariat" in settings
    [scope] = [said for said in rules if "Malik" in said]
    assert "from All languages of the space to العربية · English" in scope
    assert [said for said in rules if "no source (en)" in said and "Added" in said]
    assert [said for said in rules if "an old one (en)" in said and "No longer offered" in said]
    proposed = of(entries, "Decision proposed")
    assert len([said for said in proposed if "The agreement of a second moderator" in said]) == 2
    assert len([said for said in proposed if "The time in which it can be undone" in said]) == 3
    [agreed] = of(entries, "Proposed decision seconded")
    assert "Malik" in agreed
    assert "Reject" in agreed
    [moved] = of(entries, "Comment moved to another question")
    assert "Question from 1 to 2" in moved
    [lapsed] = of(entries, "Proposed decision lapsed")
    assert "System" in lapsed
    assert [said for said in of(entries, "Case decided") if "no source (en)" in said]
    [reported] = of(entries, "Comment reported")
    assert "Member" in reported
    assert not [said for _, said in entries if "Rita" in said], "the maker of a report is named nowhere in the record"


async def test_a_reason_is_called_what_it_was_called_then(worked: Worked) -> None:
    """The words of a reason may change: the entry of a decision shows those that the author was given."""
    scene, hall = worked.scene, worked.scene.hall.id
    source = ReasonForm(code="source", clause="9", name=six("no source"), text=six("Please name it."))
    await regulating.write_reason(scene.mona, hall, source)
    await settle(scene.mona, await scenes.held(scene), Action.RETURN, "source", facts="The third line.")
    await regulating.write_reason(scene.mona, hall, source.model_copy(update={"name": six("other words")}))
    mona = await browser(desk_app(), scene.mona)
    html = main_of((await mona.get(f"{PAGE}?group=case&q=source")).text)
    assert "no source (en)" in html
    assert "other words" not in html
    assert "The third line." in html
    assert "no source (ru)" in (await mona.get("/ru/moderation/audit?group=case&q=source")).text


async def test_the_secretariat_reads_the_reason_but_no_letter(worked: Worked) -> None:
    scene = worked.scene
    await settle(scene.mona, await scenes.held(scene), Action.RETURN, "hate", facts="FACTS", text="LETTER", note="NOTE")
    html = (await (await browser(desk_app(), worked.clara)).get(f"{PAGE}?space=hall&group=case")).text
    assert not [word for word in ("FACTS", "LETTER", "NOTE") if word in html]


async def test_no_words_of_a_person_are_in_the_files(worked: Worked) -> None:
    await regulate(worked.scene, worked.clara)
    await work_through(worked.scene)
    clara = await browser(desk_app(), worked.clara)
    text = (await clara.send(PAGE, f"{PAGE}.csv", space="hall")).text
    assert "desk.changed" in text
    assert "no source" in text  # what a reason says is public, and so is how it was changed
    assert not [word for word in ("Thank you for this.", "A first text.", "NOTE", CANARY, "Rita") if word in text]


async def test_who_is_given_some_languages_reads_no_letter_in_another(worked: Worked) -> None:
    """The acts of the space are there to be read, the case and what was written with its decision are not."""
    scene = worked.scene
    await settle(scene.mona, await scenes.held(scene), Action.RETURN, "hate", facts="FACTS", text="LETTER", note="NOTE")
    malik = await browser(desk_app(), scene.malik)
    before = main_of((await malik.get(f"{PAGE}?group=case")).text)
    assert "FACTS" in before
    assert "/moderation/cases/" in before
    await regulating.set_scope(worked.clara, scene.hall.id, str(scene.malik.person_id), ScopeForm(languages=["ar"]))
    after = main_of((await malik.get(f"{PAGE}?group=case")).text)
    assert [kind for kind, _ in _ENTRY.findall(after)] == [kind for kind, _ in _ENTRY.findall(before)]
    assert not [word for word in ("FACTS", "LETTER", "NOTE", "/moderation/cases/") if word in after]
