"""Writing in a thread: what is sent is posted once, what is refused is kept, and no text is ever lost."""

import re
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from forum.discussions.models import Comment, CommentState, Draft, Premoderation, Space
from forum.kernel import clock
from forum.people.models import EntityKind
from tests.forum.discussions.views.reader import CANARY, Hall, hall, last_form
from tests.support import world

TEXT = "Nos délégations remercient les coprésidents de cette table ronde et souhaitent partager une expérience utile."
PARTIAL = {"X-Requested-With": "forum"}


def token_of(text: str) -> str:
    return last_form(text)[1]["form_token"]


async def test_a_comment_is_held_and_its_author_is_told(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    answer = await ana.write(place.path, CANARY)
    comment = await Comment.get()
    assert answer.status_code == 303
    assert ana.to == f"{place.path}#c-{comment.id}"
    assert comment.state == CommentState.HELD.value
    page = (await ana.get(ana.to)).text
    assert "Your comment was received and waits for a moderator." in page
    assert CANARY in page
    assert CANARY not in (await place.browser().get(place.path)).text


async def test_a_comment_is_published_where_nobody_reads_first(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        ana = await place.signed_in(place.ana)
        await ana.write(place.path, "Good morning.")
        assert "Your comment is published." in (await ana.get(ana.to)).text
        assert "Good morning." in (await place.browser().get(place.path)).text


async def test_the_same_form_twice_is_one_comment(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(place.path)
    sent = hidden | {"body": "Once.", "lang": "en", "do": "send"}
    places = []
    for _ in range(2):
        assert (await ana.post(action, sent)).status_code == 303
        places.append(ana.to)
    assert places[0] == places[1]
    assert await Comment.all().count() == 1
    # The page that the back button shows, with another text in it, is another comment, once that is said again.
    refused = await ana.post(action, sent | {"body": "Twice."})
    assert refused.status_code == 422
    assert "Twice." in refused.text
    assert token_of(refused.text) != hidden["form_token"]
    action, hidden = last_form(refused.text)
    assert (await ana.post(action, hidden | {"body": "Twice.", "lang": "en", "do": "send"})).status_code == 303
    assert await Comment.all().count() == 2


REFUSED = (
    ("nothing is written", {"body": " \n"}, "body", "Please write something first."),
    ("nothing can be seen of it", {"body": "\u200b"}, "body", "Please write something first."),
    ("it is too long", {"body": "x" * 10_001}, "body", "at most 10000"),
    ("the language is not accepted", {"lang": "ru"}, "lang", "Français"),
    ("there is no such language", {"lang": "<b>"}, "lang", ""),
    ("the entity is not verified", {"capacity": "f" * 32}, "capacity", "verified"),
    ("what is answered is not there", {"parent": "f" * 32}, "", "not there any more"),
    ("what is answered cannot be an id", {"parent": "x" * 99}, "", ""),
)


@pytest.mark.parametrize(("why", "values", "field", "says"), REFUSED, ids=[one[0] for one in REFUSED])
async def test_what_is_refused_is_shown_again(place: Hall, why: str, values: dict[str, str], field: str, says: str) -> None:
    await Space.filter(id=place.space.id).update(languages=["en", "fr"])
    ana = await place.signed_in(place.ana)
    sent = {"body": f"{CANARY} <&>"} | values
    answer = await ana.write(place.path, **sent)
    assert answer.status_code == 422, why
    page = answer.text
    summary = page[page.index("error-summary") : page.index("</div>", page.index("error-summary"))]
    assert says in summary
    assert (f'href="#f-{field}"' in summary) == bool(field)
    if "body" not in values:
        assert f"{CANARY} &lt;&amp;&gt;</textarea>" in page
    assert "<title>Error: " in page
    assert not await Comment.all().exists()


async def test_a_text_that_comes_too_late_can_be_copied(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(place.path)
    await Space.filter(id=place.space.id).update(closes_at=clock.now() - timedelta(seconds=1))
    answer = await ana.post(action, hidden | {"body": CANARY, "lang": "en", "do": "send"})
    assert answer.status_code == 403
    assert f"{CANARY}</textarea>" in answer.text
    assert "readonly" in answer.text


async def test_too_many_comments_are_refused_with_the_text(place: Hall) -> None:
    for _ in range(60):
        await place.app.app.state.limiter.hit("post", place.ana.id)
    answer = await (await place.signed_in(place.ana)).write(place.path, CANARY)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert f"{CANARY}</textarea>" in answer.text


async def test_a_preview_stores_nothing_but_the_draft(place: Hall) -> None:
    entity = await world.entity("Kenya", EntityKind.STATE)
    await world.affiliate(place.ana, entity)
    ana = await place.signed_in(place.ana)
    page = await ana.write(place.path, f"{TEXT} <script>alert(1)</script>", do="preview", capacity=entity.id)
    assert page.status_code == 200
    region = page.text[page.text.index('class="preview"') : page.text.index('name="csrf_token"', page.text.index("preview"))]
    assert "hidden" not in region[:60]
    assert "You speak on behalf of <bdi>Kenya</bdi>." in region
    assert "Français" in region  # what the text seems to be in
    assert "<script>" not in region
    assert not await Comment.all().exists()
    assert (await Draft.get()).body.startswith(TEXT)
    # The same token still stands in the form, so that sending it from two windows makes one comment.
    action, hidden = last_form(page.text)
    assert (await ana.post(action, hidden | {"body": TEXT, "lang": "fr", "capacity": entity.id})).status_code == 303
    assert (await Comment.get()).entity_id == entity.id
    assert not await Draft.all().exists()


async def test_a_text_survives_the_end_of_the_session(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(place.path)
    ana.client.cookies.clear()
    answer = await ana.post(action, hidden | {"body": f"{CANARY}\n\n<b>", "lang": "fr", "do": "send"})
    assert answer.status_code == 401
    assert f"{CANARY}\n\n&lt;b&gt;</textarea>" in answer.text
    action, carried = last_form(answer.text)
    assert action == "/en/signin"
    assert carried["next"] == f"{place.path}#write"
    shown = await ana.post(action, carried | {"kept_body": f"{CANARY}\n\n<b>"})
    action, carried = last_form(shown.text)
    who = {"email": place.ana.email, "password": world.PASSWORD}
    await ana.post(action, carried | who | {"kept_body": f"{CANARY}\n\n<b>"})
    assert ana.to == f"{place.path}#write"
    page = (await ana.get(ana.to)).text
    assert f"{CANARY}\n\n&lt;b&gt;</textarea>" in page
    assert re.search(r'<option value="fr"[^>]* selected>', page)
    assert not await Comment.all().exists()


async def test_a_text_survives_a_form_that_is_not_good_any_more(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(place.path)
    await ana.sign_in(place.ana)  # in another window
    sent = hidden | {"body": CANARY, "lang": "en", "do": "send"}
    answer = await ana.post(action, sent)
    assert answer.status_code == 403
    assert not await Comment.all().exists()
    assert f"{CANARY}</textarea>" in answer.text
    action, hidden = last_form(answer.text)
    assert (await ana.post(action, hidden | {"body": CANARY, "lang": "en"})).status_code == 303


async def test_another_site_cannot_send_it(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(place.path)
    sent = hidden | {"body": CANARY, "lang": "en", "do": "send"}
    answer = await ana.client.post(action, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not await Comment.all().exists()


async def test_a_reply_says_whom_it_answers(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        target = await world.post(await world.actor_for(place.bo), place.space, "What do **you** think?")
        ana = await place.signed_in(place.ana)
        page = (await ana.get(f"{place.path}?reply={target}")).text
        quoted = page[page.index("<blockquote") : page.index("</blockquote>")]
        assert "Bo" in quoted
        assert "What do you think?" in quoted
        await ana.write(f"{place.path}?reply={target}", "A lot.")
        made = await Comment.get(author_id=place.ana.id)
        assert (made.parent_id, made.depth) == (target, 1)


async def test_our_script_gets_the_comment_itself(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(place.path)
    sent = hidden | {"body": "Hello.", "lang": "en", "do": "send"}
    answers = [await ana.post(action, sent, **PARTIAL) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].text.strip().startswith('<article class="comment')
    assert answers[0].headers["x-comment-state"] == "held"
    assert answers[0].headers["x-form-token"] != hidden["form_token"]
    assert answers[0].text == answers[1].text
    renewed = {"body": "", "form_token": answers[0].headers["x-form-token"]}
    refused = await ana.post(action, sent | renewed, **PARTIAL)
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"]["body"]
    ana.client.cookies.clear()
    assert (await ana.post(action, sent, **PARTIAL)).json()["error"]["key"] == "signin.needed"


async def draft_of(place: Hall, page: httpx2.Response) -> str:
    return page.text.partition('<textarea id="f-body"')[2].partition(">\n")[2].partition("</textarea>")[0]


async def test_a_draft_is_kept_and_comes_back(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    where = f"q:{place.question.id}"
    answer = await ana.client.post("/en/drafts", json={"place": where, "body": "half a thou", "lang": "fr"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await draft_of(place, await ana.get(place.path)) == "half a thou"
    token = (await ana.form(place.path))[1]["csrf_token"]
    form = {"csrf_token": token, "place": where, "body": "half a thought", "lang": "ru"}
    assert (await ana.post("/en/drafts", form)).status_code == 204
    await Space.filter(id=place.space.id).update(languages=["en"])
    place.app.pages.changed(place.space.id)
    page = await ana.get(place.path)
    assert await draft_of(place, page) == "half a thought"
    assert re.search(r'<option value="en"[^>]* selected>', page.text)
    assert await draft_of(place, await (await place.signed_in(place.bo)).get(place.path)) == ""
    await ana.write(place.path, "a thought")
    assert await draft_of(place, await ana.get(place.path)) == ""


async def test_the_draft_of_a_comment_outlives_a_reply(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        target = await world.post(await world.actor_for(place.bo), place.space, "Well?")
        ana = await place.signed_in(place.ana)
        await ana.client.post("/en/drafts", json={"place": f"q:{place.question.id}", "body": "unsent", "lang": "en"})
        await ana.write(f"{place.path}?reply={target}", "Yes.")
        assert await draft_of(place, await ana.get(place.path)) == "unsent"


BAD_DRAFTS = (
    {"place": "q:1", "body": "x", "lang": "en"},
    {"place": "q:" + "f" * 32, "body": "x" * 200_001, "lang": "en"},
    {"place": "q:" + "f" * 32, "body": ["x"], "lang": "en"},
    {"place": "q:" + "f" * 32, "body": "x"},
)


@pytest.mark.parametrize("draft", BAD_DRAFTS, ids=str)
async def test_a_bad_draft_is_refused(place: Hall, draft: dict[str, object]) -> None:
    ana = await place.signed_in(place.ana)
    assert (await ana.client.post("/en/drafts", json=draft, headers=PARTIAL)).status_code == 422
    assert not await Draft.all().exists()


async def test_nobody_keeps_no_draft_and_sees_no_preview(place: Hall) -> None:
    for path in ("/en/drafts", "/en/preview"):
        answer = await place.browser().client.post(path, data={"body": "x", "lang": "en"}, headers=PARTIAL)
        assert answer.status_code == 401


async def test_a_preview_for_the_script_is_a_part_of_a_page(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    token = (await ana.form(place.path))[1]["csrf_token"]
    sent = {"csrf_token": token, "body": f"{TEXT}\n\n<img src=x onerror=alert(1)>", "lang": "ar"}
    answer = await ana.post("/en/preview", sent, **PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert '<div class="comment-body prose" lang="ar" dir="rtl">' in answer.text
    assert "<img" not in answer.text
    assert not await Draft.all().exists()
    for wrong in ({"body": ""}, {"lang": "xx"}, {"capacity": "f" * 32}, {"body": "x" * 10_001}):
        assert (await ana.post("/en/preview", sent | wrong, **PARTIAL)).status_code == 422
