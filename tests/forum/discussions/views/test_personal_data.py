"""A text with personal data: its author is asked before it leaves, without scripts and by API, and decides."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.discussions.models import Comment, Premoderation
from forum.people import sessions
from forum.people.models import SessionKind
from tests.forum.discussions.views.reader import Hall, hall, last_form
from tests.support import world

TEXT = "Write to amina.diallo@example.org, please."
ASKED = "Your text has not been sent yet."


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as made:
        yield made


async def test_the_author_is_asked_first_and_may_send_it_all_the_same(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    asked = await ana.write(place.path, TEXT)
    assert (asked.status_code, await Comment.all().count()) == (200, 0)
    for said in (ASKED, "An e-mail address:", "am…rg", TEXT, "I have checked it: send"):
        assert said in asked.text
    action, hidden = last_form(asked.text)
    assert (await ana.post(action, hidden | {"body": TEXT, "lang": "en", "do": "send"})).status_code == 303
    assert (await Comment.get()).state == "held", "a moderator reads it first"


async def test_who_takes_it_out_is_not_asked_again(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = last_form((await ana.write(place.path, TEXT)).text)
    assert (await ana.post(action, hidden | {"body": "Write to the office.", "lang": "en", "do": "send"})).status_code == 303
    assert (await Comment.get()).state == "published"


async def test_other_data_is_asked_about_anew(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    action, hidden = last_form((await ana.write(place.path, TEXT)).text)
    again = await ana.post(action, hidden | {"body": f"{TEXT} Or +41 22 917 90 00.", "lang": "en", "do": "send"})
    assert ASKED in again.text
    assert "A telephone number:" in again.text
    forged = await ana.post(action, hidden | {"checked": "1" * 32, "body": TEXT, "lang": "en", "do": "send"})
    assert ASKED in forged.text
    assert await Comment.all().count() == 0


async def test_a_preview_tells_too_without_saying_that_it_was_not_sent(place: Hall) -> None:
    ana = await place.signed_in(place.ana)
    shown = await ana.write(place.path, TEXT, do="preview")
    assert "An e-mail address:" in shown.text
    assert ASKED not in shown.text
    plain = await ana.write(place.path, "Nothing about anybody.", do="preview")
    assert "Could someone be recognized?" not in plain.text


async def test_an_edit_is_asked_about_as_well(place: Hall) -> None:
    comment_id = await world.post(await world.actor_for(place.ana), place.space, "Well?")
    ana = await place.signed_in(place.ana)
    page = f"/en/spaces/hall/comments/{comment_id}/edit"
    asked = await ana.write(page, TEXT)
    assert ASKED in asked.text
    action, hidden = last_form(asked.text)
    assert (await ana.post(action, hidden | {"body": TEXT, "lang": "en", "do": "send"})).status_code == 303
    assert (await Comment.get(id=comment_id)).pending_id is not None


async def test_by_api(place: Hall) -> None:
    path = "/api/v1/spaces/hall/preview"
    token = {"Authorization": f"Bearer {await sessions.open_session(place.ana, SessionKind.API)}"}
    client = place.browser().client
    found = await client.post(path, json={"body": f"*So:* {TEXT}", "lang": "en"}, headers=token)
    assert found.status_code == 200
    assert found.json()["hints"] == [{"kind": "email", "text": "An e-mail address:", "sample": "am…rg"}]
    assert "<em>So:</em>" in found.json()["html"]
    french = await client.post(path, json={"body": TEXT, "lang": "en"}, headers=token | {"Accept-Language": "fr"})
    assert french.json()["hints"][0]["kind"] == "email"
    none = await client.post(path, json={"body": "Nothing about anybody.", "lang": "en"}, headers=token)
    assert none.json()["hints"] == []
    for wrong in ({}, {"body": "", "lang": "en"}, {"body": "x", "lang": "de"}, {"body": 1, "lang": "en"}):
        assert (await client.post(path, json=wrong, headers=token)).status_code == 422
    assert (await client.post(path, json={"body": TEXT, "lang": "en"})).status_code in {401, 403}
    assert await Comment.all().count() == 0
