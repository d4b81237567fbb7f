"""The desk's pages as a browser without JavaScript sees them."""

import re

import pytest

from forum.discussions.models import Comment
from forum.kernel.events import Fact
from forum.kernel.locales import LANGS, direction
from moderation.models import Action, Case, Decision
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, desk_app, ids_of, main_of
from tests.moderation.scene import Scene, Situation, case_of, settle
from tests.support.world import post

QUEUE = "/en/moderation"


def page_of(case: Case) -> str:
    return f"{QUEUE}/cases/{case.id}"


@pytest.mark.parametrize(("who", "status"), [("", 303), ("asma", 403), ("omar", 404), ("malik", 200)])
async def test_who_may_look(mona: Browser, scene: Scene, who: str, status: int) -> None:
    """Anonymous readers are asked to sign in; a participant is refused; another space's moderator finds nothing there."""
    case = await case_of(await scenes.held(scene))
    asking = await browser(mona.app, getattr(scene, who) if who else None)
    assert (await asking.get(page_of(case))).status_code == status
    assert (await asking.get(QUEUE)).status_code == (200 if who == "omar" else status)
    assert (await asking.get("/en/contributions")).status_code == (200 if who else 303)


async def test_the_queue_page(mona: Browser, scene: Scene) -> None:
    await scenes.held(scene)
    edited = await scenes.edited(scene)
    html = main_of((await mona.get(QUEUE)).text)
    assert html.count("<li data-case=") == 2
    assert html.index("A first text.") < html.index("A new text.")
    assert html.count("A first text.") == 1
    for address, found in ((f"?comment={edited}", 1), ("?state=decided", 1), ("?state=all", 3), ("?space=annex", 0)):
        narrowed = main_of((await mona.get(QUEUE + address)).text)
        assert narrowed.count("<li data-case=") == found
        assert ('class="empty" hidden' in narrowed) == bool(found)
    assert (await mona.get(QUEUE + "?state=lost")).status_code == 422
    assert (await mona.get(QUEUE + "?after=lost")).status_code == 422


async def test_rows_alone_for_the_script(mona: Browser, scene: Scene) -> None:
    """The fragment is the same rows as in the page; without the script's header the whole page comes."""
    await scenes.held(scene)
    whole = (await mona.get(QUEUE)).text
    rows_url = re.search(r'data-rows="([^"]+)"', whole)
    assert rows_url
    address = rows_url[1].replace("&amp;", "&")
    part = await mona.get(address, **{"X-Requested-With": "forum"})
    rows = part.text[: part.text.rindex("</li>")].strip()
    assert rows.startswith("<li data-case=")
    assert rows in whole
    assert 'data-part="summary"' in part.text
    assert "<html" not in part.text
    assert part.headers["cache-control"] == "private, no-store"
    assert "<html" in (await mona.get(address)).text


async def test_empty_queue(mona: Browser) -> None:
    assert "Nothing is waiting." in (await mona.get(QUEUE)).text


async def test_later_cases(mona: Browser, scene: Scene) -> None:
    for number in range(51):
        await post(scene.asma, scene.hall, f"Text {number}")
    html = (await mona.get(QUEUE)).text
    link = re.search(r'rel="next" href="([^"]+)"', html)
    assert link
    rest = main_of((await mona.get(link[1].replace("&amp;", "&"))).text)
    assert rest.count("<li data-case=") == 1
    assert "Text 50" in rest


SITUATIONS = [
    scenes.held,
    scenes.edited,
    scenes.resubmitted,
    scenes.published,
    scenes.returned,
    scenes.removed,
    scenes.retracted,
    scenes.withdrawn,
]


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_a_case_in_every_situation(mona: Browser, scene: Scene, facts: list[Fact], situation: Situation) -> None:
    """The page shows, writes nothing, and has no id twice."""
    case = await case_of(await situation(scene))
    told = len(facts)
    answer = await mona.get(page_of(case))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    ids = ids_of(answer.text)
    assert len(ids) == len(set(ids))
    assert len(facts) == told


@pytest.mark.parametrize("lang", LANGS)
async def test_six_languages(mona: Browser, scene: Scene, lang: str) -> None:
    """Around the text the page's language and direction, on the text its own."""
    comment_id = await post(scene.asma, scene.hall, "نص بالعربية", lang="ar")
    case = await case_of(comment_id)
    for path in (f"/{lang}/moderation", f"/{lang}/moderation/cases/{case.id}"):
        html = (await mona.get(path)).text
        assert f'<html lang="{lang}" dir="{direction(lang)}">' in html
        assert re.search(r'lang="ar" dir="rtl">(<p data-p="1">)?نص بالعربية', html)


async def test_what_a_moderator_reads(mona: Browser, scene: Scene) -> None:
    """Why it was held, the question, the comment that is answered, the text before the edit, and the decisions so far."""
    parent = await scenes.published(scene)
    reply = await post(scene.asma, scene.hall, "A reply.", parent=parent)
    html = main_of((await mona.get(page_of(await case_of(reply)))).text)
    for words in (
        "Question 1?",
        "A first text.",
        "A reply.",
        "In this space every text is read",
        "Asma",
        "In a personal capacity",
    ):
        assert words in html
    await scenes.edit(scene, parent, "A new text.")
    html = main_of((await mona.get(page_of(await case_of(parent)))).text)
    assert "A new text." in html
    changes = re.sub(r"<span.*?</span>", "", html[html.index('id="comparison"') :])
    assert "A <del>first</del><ins>new</ins> text." in changes
    assert "Decisions so far" in html


async def test_deciding_by_form(mona: Browser, scene: Scene) -> None:
    """What is missing is asked for with what was typed kept; then the decision is made and the queue comes back."""
    await scenes.at_once(scene.hall)
    comment_id = await scenes.held(scene)
    page = page_of(await case_of(comment_id))
    typed = {"action": "return", "version": "1", "text": "Please <b>name</b> it.", "text_lang": "fr", "note": "for us"}
    for fields in (typed, typed | {"reason": "other", "text": ""}):
        refused = await mona.send(page, **fields)
        assert refused.status_code == 422
        assert "Please give a reason" in refused.text
        assert 'id="error-summary"' in refused.text
    again = (await mona.send(page, **typed)).text
    assert "Please &lt;b&gt;name&lt;/b&gt; it." in again
    assert re.search(r'value="return" checked', again)
    assert re.search(r'value="fr" lang="fr" selected', again)
    done = await mona.send(page, **typed, reason="other")
    assert (done.status_code, done.headers["location"]) == (303, QUEUE)
    assert "Returned to the author with your reason." in (await mona.get(QUEUE)).text
    assert (await Comment.get(id=comment_id)).state == "returned"
    assert (await Decision.get(comment_id=comment_id)).text_lang == "fr"


@pytest.mark.parametrize("fields", [{}, {"action": "publish"}, {"action": "publish", "version": "one"}, {"version": "1"}])
async def test_half_a_form(mona: Browser, scene: Scene, fields: dict[str, str]) -> None:
    page = page_of(await case_of(await scenes.held(scene)))
    assert (await mona.send(page, **fields)).status_code == 422
    assert await Decision.all().count() == 0


async def test_too_late(mona: Browser, scene: Scene) -> None:
    """Somebody else was faster: the page says who decided what and when, and keeps what was typed."""
    comment_id = await scenes.held(scene)
    page = page_of(await case_of(comment_id))
    await settle(scene.malik, comment_id, Action.REJECT)
    other = page_of(await case_of(await scenes.held(scene)))
    answer = await mona.send(other, page, action="publish", version="1", note="My long note.")
    assert answer.status_code == 409
    html = main_of(answer.text)
    assert 'id="conflict"' in html
    assert "This case was already decided by Malik: rejected." in html
    assert re.search(r"<time datetime=", html[html.index('id="conflict"') :])
    assert "My long note." in html
    assert (await Comment.get(id=comment_id)).state == "rejected"


async def test_the_text_has_changed(mona: Browser, scene: Scene) -> None:
    """The author wrote anew: the page leads to the newer text."""
    comment_id = await scenes.held(scene)
    page = page_of(await case_of(comment_id))
    other = page_of(await case_of(await scenes.held(scene)))
    await scenes.edit(scene, comment_id, "Newer.")
    answer = await mona.send(other, page, action="publish", version="1")
    assert answer.status_code == 409
    assert page_of(await case_of(comment_id)) in answer.text


async def test_claiming_by_form(mona: Browser, scene: Scene) -> None:
    page = page_of(await case_of(await scenes.held(scene)))
    assert (await mona.send(page, f"{page}/claim")).headers["location"] == page
    assert "You are working on this" in (await mona.get(QUEUE)).text
    malik = await browser(mona.app, scene.malik)
    html = (await malik.get(QUEUE)).text
    assert "<bdi>Mona</bdi> is working on this" in html
    late = await malik.send(page, f"{page}/claim")
    assert late.status_code == 409
    assert "Mona is working on this case." in late.text
    assert (await mona.send(page, f"{page}/release")).status_code == 303
    assert "is working on this" not in (await malik.get(QUEUE)).text


async def test_ones_own_comment(mona: Browser, scene: Scene) -> None:
    """The form is not offered, and a decision sent all the same is refused."""
    asma = await scenes.moderator_who_writes(scene)
    page = page_of(await case_of(await scenes.held(scene)))
    own = await browser(mona.app, asma)
    html = (await own.get(page)).text
    assert "This is your own comment." in html
    assert 'name="action"' not in html
    refused = await own.send(page, action="publish", version="1")
    assert refused.status_code == 403
    assert "You cannot decide on your own comment." in refused.text


async def test_a_forged_form(mona: Browser, scene: Scene) -> None:
    """Without the token, with another's token, or from another site nothing is decided; with one's own it is."""
    comment_id = await scenes.held(scene)
    page = page_of(await case_of(comment_id))
    fields = {"action": "publish", "version": "1"}
    ours = {"Sec-Fetch-Site": "same-origin"}
    malik = await browser(mona.app, scene.malik)
    token = re.search(r'name="csrf_token" value="([^"]+)"', (await malik.get(page)).text)
    assert token
    for data, headers in (
        (fields, ours),
        (fields | {"csrf_token": token[1]}, ours),
        (fields, {"Sec-Fetch-Site": "cross-site"}),
    ):
        assert (await mona.http.post(page, data=data, headers=headers)).status_code == 403
    assert (await Comment.get(id=comment_id)).state == "held"
    assert (await mona.send(page, **fields)).status_code == 303


async def test_too_often(scene: Scene) -> None:
    """Beyond the limit the page comes again with what was typed, and says when to try again."""
    mona = await browser(desk_app(limits=True), scene.mona)
    page = page_of(await case_of(await scenes.held(scene)))
    for _ in range(120):
        answer = await mona.api("DELETE", f"/{page.rpartition('/')[2]}/claim")
    assert answer.status_code == 200
    refused = await mona.send(page, action="publish", version="1", note="Kept.")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "Kept." in refused.text
