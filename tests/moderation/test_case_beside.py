"""What the page of a case shows beside the text: what is found in it, what else waits, and each thing once."""

from moderation.models import Action, Case
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.desk import Browser, main_of
from tests.moderation.reports.saying import reader, report
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import post

ELSEWHERE = "Another case waits on this comment"


async def page(who: Browser, case: Case) -> str:
    return main_of((await who.get(f"/en/moderation/cases/{case.id}")).text)


async def test_the_words_that_a_list_has_found_are_named(mona: Browser, scene: Scene) -> None:
    plain = await post(scene.asma, scene.hall, "Nobody is insulted here.")
    assert "Words on the lists" not in await page(mona, await case_of(plain))
    found = await post(scene.asma, scene.hall, "They are all 1diots, and idiots again: vermin.")
    html = await page(mona, await case_of(found))
    words = html[html.index("Words on the lists:") :].partition("</p>")[0]
    assert words.count("<bdi") == 3
    assert all(f">{one}</bdi>" in words for one in ("1diots", "idiots", "vermin"))


async def test_an_edit_and_a_report_lead_to_each_other(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.edited(scene)
    edit = await case_of(comment_id)
    assert ELSEWHERE not in await page(mona, edit)
    await report(await reader("Rita"), comment_id)
    reported = await case_of(comment_id)
    for one, other in ((edit, reported), (reported, edit)):
        html = await page(mona, one)
        assert f'href="/en/moderation/cases/{other.id}">{ELSEWHERE}' in html


async def test_an_edit_that_waits_is_counted_with_its_author(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.edited(scene)
    case = await case_of(comment_id)
    assert (await mona.api("GET", f"/{case.id}/standing")).json()["waiting"] == 1
    await settle(scene.mona, comment_id, Action.PUBLISH)
    assert (await mona.api("GET", f"/{case.id}/standing")).json()["waiting"] == 0


async def test_the_decision_appealed_against_stands_there_once(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    await settle(scene.malik, comment_id, Action.RETURN, "unclear", text="ONLY ONCE")
    await appeal_against(scene.asma, comment_id)
    html = await page(mona, await case_of(comment_id))
    assert html.count("ONLY ONCE") == 1
    assert "Decisions so far" not in html


async def test_a_case_without_a_decision_says_why(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.edited(scene)
    edit = await case_of(comment_id)
    await report(await reader("Rita"), comment_id)
    await settle(scene.mona, comment_id, Action.REMOVE, "hate")
    html = await page(mona, edit)
    assert "Closed without a decision</strong> – What has happened since has made it pointless" in html


async def test_what_is_to_be_done_is_asked_for_in_words(mona: Browser, scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    refused = await mona.send(f"/en/moderation/cases/{case.id}", version="1", text="WORDS", text_lang="en")
    assert refused.status_code == 422
    assert "Please choose what to do." in refused.text
    assert "WORDS" in refused.text
    merged = {"action": "merge", "parent": "RT4/Q1/999", "version": "1", "text_lang": "en"}
    refused = await mona.send(f"/en/moderation/cases/{case.id}", **merged)
    assert refused.status_code == 422
    assert "No comment that is published here has this symbol or address." in refused.text


async def test_whose_words_are_needed_and_who_reads_them(mona: Browser, scene: Scene) -> None:
    """Nothing that cannot be left out is called optional."""
    comment_id = await scenes.published(scene)
    await report(await reader("Rita"), comment_id)
    html = await page(mona, await case_of(comment_id))
    label = html[html.index('<label for="f-text">') :].partition("</label>")[0]
    assert label.endswith("Your words to whoever reported, or to the author")
    rejected = await scenes.rejected(scene)
    await appeal_against(scene.asma, rejected)
    html = await page(mona, await case_of(rejected))
    assert "Needed: the author reads here why the decision stands or falls." not in html  # Mona has decided already
    second = await post(scene.asma, scene.hall, "A text.")
    html = await page(mona, await case_of(second))
    assert "Needed with “Another reason”." in html
    assert "(optional)" not in html[html.index('<label for="f-text">') :].partition("</label>")[0]
