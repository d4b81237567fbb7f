"""What the page of a case offers besides the decision itself, as a browser without JavaScript uses it."""

import re
from datetime import timedelta

import pytest

from forum.discussions.models import Comment
from forum.kernel import clock
from forum.people.models import Person
from moderation.claims import claim
from moderation.duty import tick
from moderation.models import Action, Case, Decision, Note, Proposal
from moderation.views.clauses import anchor, policy_of
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, ids_of, main_of
from tests.moderation.scene import Scene, case_of, settle
from tests.moderation.test_desk_pages import page_of
from tests.support.world import affiliate, entity, post

SECRET = "Only among us."
SCRIPT = {"X-Requested-With": "forum"}


async def opened(scene: Scene) -> str:
    """The address of a case that waits."""
    return page_of(await case_of(await scenes.held(scene)))


async def other(mona: Browser, scene: Scene) -> Browser:
    return await browser(mona.app, scene.malik)


async def test_a_decision_can_be_undone(mona: Browser, scene: Scene) -> None:
    """Nothing is sent; the page says so, offers to undo, and what was typed is in the form again."""
    page = await opened(scene)
    typed = {"action": "return", "reason": "unclear", "facts": "The <last> line.", "text": "Please explain.", "text_lang": "fr"}
    sent = await mona.send(page, **typed, version="1")
    assert (sent.status_code, sent.headers["location"]) == (303, page)
    html = main_of((await mona.get(page)).text)
    assert f'action="{page}/undo"' in html
    assert "your decision, not carried out yet" in html
    assert 'name="action"' not in html
    theirs = main_of((await (await other(mona, scene)).get(page)).text)
    assert f"{page}/undo" not in theirs
    assert "proposed by <bdi>Mona</bdi>" in theirs
    back = await mona.send(page, f"{page}/undo")
    assert back.status_code == 200
    assert "The &lt;last&gt; line." in back.text
    assert "Please explain." in back.text
    assert re.search(r'value="return" checked', back.text)
    assert re.search(r'value="unclear" checked', back.text)
    assert re.search(r'value="fr" lang="fr" selected', back.text)
    assert 'name="version" value="3"' in back.text
    assert await Decision.all().count() == 0
    assert (await mona.send(page, f"{page}/undo")).status_code == 409


async def test_when_the_time_has_come(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    page = page_of(await case_of(comment_id))
    await mona.send(page, action="publish", version="1")
    later = clock.now() + timedelta(seconds=15)
    with clock.running(lambda: later):
        assert await tick() == 1
    html = main_of((await mona.get(page)).text)
    assert "/undo" not in html
    assert "<strong>Published</strong>" in html
    assert (await Comment.get(id=comment_id)).state == "published"


async def test_who_comes_second_while_it_can_be_undone_keeps_what_was_typed(mona: Browser, scene: Scene) -> None:
    """And the form: the first decision may yet be undone."""
    page = await opened(scene)
    malik = await other(mona, scene)
    form = (await malik.get(page)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    await mona.send(page, action="publish", version="1")
    data = {"csrf_token": token[1], "action": "return", "reason": "unclear", "text": "My long words.", "version": "1"}
    answer = await malik.http.post(page, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    html = main_of(answer.text)
    conflict = html[html.index('id="conflict"') :]
    assert "<bdi>Mona</bdi>" in conflict
    assert "<strong>Published</strong>" in conflict
    assert "<time" in conflict
    assert "My long words." in html
    assert re.search(r'value="return" checked', html)
    assert await Proposal.all().count() == 1


async def test_taking_over(mona: Browser, scene: Scene) -> None:
    """Without words it is refused beside its own field; with them the case is mine, and the words stand among the notes."""
    page = await opened(scene)
    await claim(scene.malik, page.rpartition("/")[2])
    html = main_of((await mona.get(page)).text)
    assert "<bdi>Malik</bdi> is working on this" in html
    refused = await mona.send(page, f"{page}/takeover", takeover=" ")
    assert refused.status_code == 422
    assert 'id="f-takeover-error"' in refused.text
    assert 'id="f-note-error"' not in refused.text
    assert (await mona.send(page, f"{page}/takeover", takeover=SECRET)).status_code == 303
    html = main_of((await mona.get(page)).text)
    assert "You work on this case" in html
    assert SECRET in html


async def test_notes_are_for_moderators(mona: Browser, scene: Scene) -> None:
    """The author, who moderates too, sees none of them: neither on the page, nor from the API."""
    page = await opened(scene)
    too_long = await mona.send(page, f"{page}/notes", new_note="x" * 4001)
    assert too_long.status_code == 422
    assert "x" * 4001 in too_long.text
    assert (await mona.send(page, f"{page}/notes", new_note=SECRET)).status_code == 303
    theirs = main_of((await (await other(mona, scene)).get(page)).text)
    assert SECRET in theirs[theirs.index('id="notes"') :]
    author = await browser(mona.app, await scenes.moderator_who_writes(scene))
    case = page.rpartition("/")[2]
    assert SECRET not in (await author.get(page)).text
    assert (await author.api("GET", f"/{case}/notes")).json() == {"items": []}
    assert (await author.send(page, f"{page}/notes", new_note="Mine.")).status_code == 403
    assert SECRET not in (await author.get("/en/contributions")).text
    assert [one.text for one in await Note.all()] == [SECRET]


async def test_every_form_renews_ones_claim(mona: Browser, scene: Scene) -> None:
    """A decision that is refused is a sign of life too."""
    page = await opened(scene)
    first = (await claim(scene.mona, page.rpartition("/")[2])).claimed_until
    assert first
    with clock.running(lambda: first - timedelta(minutes=1)):
        assert (await mona.send(page, version="1")).status_code == 422
        renewed = (await Case.get(id=page.rpartition("/")[2])).claimed_until
    assert renewed
    assert renewed > first


async def test_a_second_moderator(mona: Browser, scene: Scene) -> None:
    """They read the whole statement, then agree or say why not; the one who proposed it is not asked."""
    await affiliate(await Person.get(id=scene.asma.person_id), await entity("Alpha", code="AAA"))
    comment_id = await post(scene.asma, scene.hall, "On behalf of my State.", capacity="AAA")
    page = page_of(await case_of(comment_id))
    words = {"action": "reject", "reason": "unclear", "facts": "Third line.", "text": "It cannot stand.", "note": SECRET}
    assert (await mona.send(page, **words, version="1")).headers["location"] == page
    assert 'name="answer"' not in (await mona.get(page)).text
    malik = await other(mona, scene)
    html = main_of((await malik.get(page)).text)
    for said in ("Third line.", "It cannot stand.", SECRET, "<bdi>Mona</bdi>"):
        assert said in html
    stale = await malik.send(page, f"{page}/second", answer="agree", version="1")
    assert stale.status_code == 409
    assert (await malik.send(page, f"{page}/second", answer="disagree", version="2", why="Too hard.")).status_code == 303
    assert "Too hard." in main_of((await mona.get(page)).text)
    await mona.send(page, **words, version="3")
    assert (await malik.send(page, f"{page}/second", answer="agree", version="4")).status_code == 303
    assert (await Comment.get(id=comment_id)).state == "rejected"
    assert "Malik" in (await mona.get(page)).text


async def test_the_status_alone(mona: Browser, scene: Scene) -> None:
    """What the page's script asks for is the same as in the page; a version that is not the shown one is news."""
    page = await opened(scene)
    whole = (await mona.get(page)).text
    part = await mona.get(f"{page}?fragment=status&seen=1", **SCRIPT)
    assert part.text.strip().startswith('<div class="case-status')
    assert "case-news" not in part.text
    assert "has changed since" in (await mona.get(f"{page}?fragment=status&seen=7", **SCRIPT)).text
    assert "<html" in (await mona.get(f"{page}?fragment=status&seen=1")).text
    assert len(ids_of(whole)) == len(set(ids_of(whole)))
    claimed = re.search(r'name="csrf_token" value="([^"]+)"', whole)
    assert claimed
    data, headers = {"csrf_token": claimed[1]}, {"Sec-Fetch-Site": "same-origin", **SCRIPT}
    answer = await mona.http.post(f"{page}/claim", data=data, headers=headers)
    assert answer.status_code == 200
    assert 'data-mine="yes"' in answer.text


@pytest.mark.parametrize("act", ["claim", "release", "takeover", "notes", "undo", "second"])
async def test_an_address_of_a_form_leads_to_the_case(mona: Browser, scene: Scene, act: str) -> None:
    """Asked for again after signing in; of another space's case there is nothing to find."""
    page = await opened(scene)
    assert (await mona.get(f"{page}/{act}")).headers["location"] == page
    omar = await browser(mona.app, scene.omar)
    assert (await omar.get(f"{page}/{act}")).status_code == 404
    assert (await omar.send("/en/moderation", f"{page}/{act}")).status_code == 404


async def test_any_two_revisions_are_compared(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.returned(scene)
    await scenes.edit(scene, comment_id, "A second text.")
    await settle(scene.mona, comment_id, Action.RETURN)
    await scenes.edit(scene, comment_id, "A third text.")
    page = page_of(await case_of(comment_id))
    html = main_of((await mona.get(page)).text)
    assert "Changes from version 2 to version 3" in html
    html = main_of((await mona.get(f"{page}?before=1&after=3")).text)
    assert "Changes from version 1 to version 3" in html
    for odd in ("?before=9&after=x", "?before=-1", "?after=99999999999999999999"):
        assert "Changes from version 2 to version 3" in main_of((await mona.get(page + odd)).text)


async def test_the_standing_of_the_author(mona: Browser, scene: Scene) -> None:
    page = await opened(scene)
    assert "This is the first text of this author here." in (await mona.get(page)).text
    await scenes.published(scene)
    await scenes.returned(scene)
    case = page.rpartition("/")[2]
    found = (await mona.api("GET", f"/{case}/standing")).json()
    assert found == {"published": 1, "returned": 1, "rejected": 0, "removed": 0, "waiting": 1}
    html = main_of((await mona.get(page)).text)
    assert "<dt>Published now</dt><dd>1</dd>" in html
    assert "<dt>Returned</dt><dd>1</dd>" in html


async def test_the_comparison_in_the_api(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.edited(scene)
    case = (await case_of(comment_id)).id
    found = (await mona.api("GET", f"/{case}/comparison")).json()
    assert (found["before"], found["after"]) == (1, 2)
    pieces = [(one["kind"], one["text"]) for one in found["pieces"]]
    assert pieces == [("same", "A "), ("out", "first"), ("in", "new"), ("same", " text.")]
    assert (await mona.api("GET", f"/{case}/comparison?before=9")).status_code == 404
    single = (await case_of(await scenes.held(scene))).id
    alone = (await mona.api("GET", f"/{single}/comparison")).json()
    assert [one["kind"] for one in alone["pieces"]] == ["same"]


async def test_the_acts_in_the_api(mona: Browser, scene: Scene) -> None:
    """Take over, note, undo, agree: each answers the case, or the conflict that says how it stands."""
    case = (await case_of(await scenes.held(scene))).id
    await claim(scene.malik, case)
    assert (await mona.api("POST", f"/{case}/takeover", {"note": ""})).status_code == 422
    assert (await mona.api("POST", f"/{case}/takeover", {"note": "Mine."})).json()["claimed_by"] == "Mona"
    noted = (await mona.api("POST", f"/{case}/notes", {"text": SECRET})).json()["items"]
    assert [(one["text"], one["by"]) for one in noted] == [("Mine.", "Mona"), (SECRET, "Mona")]
    assert (await mona.api("POST", f"/{case}/undo")).status_code == 409
    sent = {"action": "publish", "version": 1, "undo": 15}
    assert (await mona.api("POST", f"/{case}/decision", sent)).json()["proposal"]["needs_second"] is False
    assert (await mona.api("POST", f"/{case}/second", {"version": 2})).status_code == 409
    assert (await mona.api("POST", f"/{case}/undo")).json()["proposal"] is None


POLICY = [
    ("a numbered list", "<ol>\n<li>One.</li>\n<li>Two.</li>\n</ol>", {"clause-1", "clause-2"}),
    ("one that begins elsewhere", '<ol start="4">\n<li>Four.</li>\n</ol>', {"clause-4"}),
    ("lists within", "<ol><li>One.<ol><li>One one.</li></ol></li></ol>", {"clause-1", "clause-1.1"}),
    ("paragraphs with numbers", "<p>3.1 Be kind.</p><p><strong>3.2</strong> Be brief.</p>", {"clause-3.1", "clause-3.2"}),
    ("points are no clauses", "<ul><li>One.</li></ul><p>Nothing.</p>", set[str]()),
    ("a number twice is anchored once", "<p>1. One.</p><p>1. Again.</p>", {"clause-1"}),
]


@pytest.mark.parametrize(("said", "html", "clauses"), POLICY, ids=[row[0] for row in POLICY])
def test_clauses_of_a_policy(said: str, html: str, clauses: set[str]) -> None:
    """Each numbered clause gets a place to point at, once; the words stay as they are."""
    found = policy_of({"en": html}, "fr")
    assert found.clauses == clauses
    assert set(ids_of(str(found.html))) == clauses
    assert re.sub(r' id="[^"]*"', "", str(found.html)) == html


@pytest.mark.parametrize(("clause", "to"), [("3.1", "clause-3.1"), ("§ 3.1", "clause-3.1"), ("Clause 2.", "clause-2"), ("", "")])
def test_the_anchor_of_a_clause(clause: str, to: str) -> None:
    assert anchor(clause) == to
