"""A comment's own page, and what its author does with it there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from forum.discussions.models import Comment, CommentState, Premoderation, Revision, Space
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from tests.forum.discussions.views.reader import CANARY, Hall, Reader, fill, hall, last_form, same
from tests.support import world

NOBODY = "f" * 32


def at(comment_id: str, act: str = "") -> str:
    return f"/en/spaces/hall/comments/{comment_id}{act}"


async def test_a_hidden_comment_is_no_comment(place: Hall) -> None:
    held = await world.post(await world.actor_for(place.ana), place.space, CANARY)
    await world.space("other")
    for reader in (place.browser(), await place.signed_in(place.bo)):
        hidden, unknown = await reader.get(at(held)), await reader.get(at(NOBODY))
        assert hidden.status_code == unknown.status_code == 404
        assert same(hidden.text).replace(held, NOBODY) == same(unknown.text)
    ana = await place.signed_in(place.ana)
    assert CANARY in (await ana.get(at(held))).text
    for path in (f"/en/spaces/other/comments/{held}", at("x"), at(held.upper()), f"/en/spaces/none/comments/{held}"):
        assert (await ana.get(path)).status_code == 404


async def test_it_shows_its_branch_and_how_to_cite_it(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        ana = await world.actor_for(place.ana)
        above = await world.post(ana, place.space, "Above.")
        aside = await world.post(ana, place.space, "Aside.", parent=above)
        this = await world.post(ana, place.space, "This.\n\nAnd that.", parent=above)
        below = await world.post(ana, place.space, "Below.", parent=this)
        answer = await place.browser().get(at(this))
        shown = re.findall(r'id="c-([0-9a-f]{32})"', answer.text)
        assert shown == [above, this, below]
        assert aside not in answer.text
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{at(this)}">' in answer.text
        assert "RT4/Q1/3</bdi>, <bdi>Ana</bdi> (<bdi>In a personal capacity</bdi>)" in answer.text
        assert f'href="#p-{this}-2"' in answer.text
        assert f'id="p-{this}-2"' in answer.text
        assert "og:" not in answer.text
        assert "set-cookie" not in answer.headers


async def test_it_leads_to_its_place_in_a_long_thread(place: Hall) -> None:
    ids = await fill(place, place.bo, 300)
    browser = place.browser()
    for number in (0, 8, 9, 10, 155, 299):
        page = (await browser.get(at(ids[number]))).text
        link = re.findall(rf'href="([^"]*#c-{ids[number]})"', page)[0]
        assert f'id="c-{ids[number]}"' in (await browser.get(link)).text


async def test_a_withdrawn_comment_is_a_stub(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        ana = await place.signed_in(place.ana)
        comment = await world.post(await world.actor_for(place.ana), place.space, CANARY)
        page = (await ana.get(at(comment, "/withdraw"))).text
        assert "the replies" in page
        action, hidden = last_form(page)
        assert (await ana.post(action, hidden)).status_code == 303
        assert ana.to == at(comment)
        page = (await ana.get(ana.to)).text
        assert "Withdrawn by its author." in page
        assert CANARY not in page
        assert "How to cite" not in page
        assert (await ana.post(action, hidden)).status_code == 303  # sent twice
        for act in ("/edit", "/withdraw"):
            assert (await ana.get(at(comment, act))).headers["location"] == at(comment)


async def test_a_held_comment_is_withdrawn_without_a_trace(place: Hall) -> None:
    comment = await world.post(await world.actor_for(place.ana), place.space, CANARY)
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(at(comment, "/withdraw"))
    await ana.post(action, hidden)
    assert (await ana.get(ana.to)).status_code == 200
    assert (await place.browser().get(at(comment))).status_code == 404


async def test_a_stale_withdrawal_asks_again(place: Hall) -> None:
    actor = await world.actor_for(place.ana)
    comment = await world.post(actor, place.space, "First.")
    ana = await place.signed_in(place.ana)
    action, hidden = await ana.form(at(comment, "/withdraw"))
    await ana.write(at(comment, "/edit"), "Second.")
    refused = await ana.post(action, hidden)
    assert refused.status_code == 409
    assert "Second." in refused.text
    assert (await ana.post(*last_form(refused.text))).status_code == 303
    assert (await Comment.get()).state == CommentState.WITHDRAWN.value


async def test_an_edit_of_a_held_comment_waits(place: Hall) -> None:
    comment = await world.post(await world.actor_for(place.ana), place.space, "First <&>.")
    ana = await place.signed_in(place.ana)
    assert "First &lt;&amp;&gt;.</textarea>" in (await ana.get(at(comment, "/edit"))).text
    assert (await ana.write(at(comment, "/edit"), "Second.", lang="fr")).status_code == 303
    assert ana.to == at(comment)
    page = (await ana.get(ana.to)).text
    assert "waits for a moderator" in page
    assert "Second." in page
    assert (await Revision.get(number=2)).lang == "fr"


async def test_the_edit_of_a_published_comment(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        comment = await world.post(await world.actor_for(place.ana), place.space, "First.")
        await Space.filter(id=place.space.id).update(premoderation=Premoderation.ALL.value)
        ana = await place.signed_in(place.ana)
        await ana.write(at(comment, "/edit"), CANARY)
        page = (await ana.get(ana.to)).text
        assert "Until then the published text stays." in page
        # What is written on is the text that waits, which only the author sees.
        assert f"{CANARY}</textarea>" in (await ana.get(at(comment, "/edit"))).text
        assert CANARY not in (await place.browser().get(at(comment))).text


async def test_an_edit_against_an_old_version_shows_both_texts(place: Hall) -> None:
    comment = await world.post(await world.actor_for(place.ana), place.space, "First.")
    here, there = await place.signed_in(place.ana), await place.signed_in(place.ana)
    action, hidden = await here.form(at(comment, "/edit"))
    sent = hidden | {"body": "Mine.", "lang": "en", "do": "send"}
    await there.write(at(comment, "/edit"), "Theirs.")
    stale = await here.post(action, sent)
    assert stale.status_code == 409
    assert "Theirs.</div>" in stale.text
    assert "Mine.</textarea>" in stale.text
    action, hidden = last_form(stale.text)
    again = hidden | {"body": "Mine.", "lang": "en", "do": "send"}
    # The second answer to the same form says what the first said.
    assert [(await here.post(action, again)).status_code for _ in range(2)] == [303, 303]
    assert await Revision.all().count() == 3


async def test_an_edit_is_previewed_refused_and_kept_like_a_comment(place: Hall) -> None:
    comment = await world.post(await world.actor_for(place.ana), place.space, "First.")
    ana = await place.signed_in(place.ana)
    page = await ana.write(at(comment, "/edit"), "**Second.**", do="preview")
    assert "<strong>Second.</strong>" in page.text
    page = await ana.get(at(comment, "/edit"))
    assert "**Second.**</textarea>" in page.text
    assert "First.</div>" in page.text  # beside a draft stands what it would replace
    refused = await ana.write(at(comment, "/edit"), "x" * 10_001)
    assert refused.status_code == 422
    assert "x" * 10_001 in refused.text
    action, hidden = await ana.form(at(comment, "/edit"))
    for field, wrong in (("version", "x"), ("version", "0"), ("csrf_token", "no")):
        sent = hidden | {"body": CANARY, "lang": "en", "do": "send"} | {field: wrong}
        answer = await ana.post(action, sent)
        assert answer.status_code in {422, 403}
        assert f"{CANARY}</textarea>" in answer.text
    ana.client.cookies.clear()
    answer = await ana.post(action, hidden | {"body": CANARY, "lang": "en"})
    assert answer.status_code == 401
    assert last_form(answer.text)[1]["kept_place"] == f"e:{comment}"
    assert await Revision.all().count() == 1


ACTS = ("/edit", "/withdraw")


@pytest.mark.parametrize("act", ACTS)
async def test_only_the_author_changes_a_comment(tmp_path: Path, act: str) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        comment = await world.post(await world.actor_for(place.ana), place.space, "First.")
        owner = await place.signed_in(place.ana)
        _, hidden = await owner.form(at(comment, act))
        sent = {"body": "Second.", "lang": "en", "do": "send", "version": hidden["version"]}
        for who in (place.bo, place.mona):
            other = await place.signed_in(who)
            assert (await other.get(at(comment, act))).status_code == 404
            token = (await other.form(place.path))[1]["csrf_token"]
            assert (await other.post(at(comment, act), sent | {"csrf_token": token})).status_code == 404
            assert "/edit" not in (await other.get(at(comment))).text
        nobody = place.browser()
        assert (await nobody.get(at(comment, act))).headers["location"].startswith("/en/signin?next=")
        assert (await nobody.post(at(comment, act), sent)).status_code == 401
        assert (await Comment.get()).version == int(hidden["version"])


async def test_after_the_end_one_may_still_withdraw(tmp_path: Path) -> None:
    async with hall(tmp_path, premoderation=Premoderation.NONE) as place:
        comment = await world.post(await world.actor_for(place.ana), place.space, "First.")
        await Space.filter(id=place.space.id).update(closes_at=clock.now() - timedelta(seconds=1))
        ana: Reader = await place.signed_in(place.ana)
        page = (await ana.get(at(comment))).text
        assert "/withdraw" in page
        assert "/edit" not in page
        assert (await ana.get(at(comment, "/edit"))).headers["location"] == at(comment)
        await withdraw_comment(await world.actor_for(place.ana), comment, (await Comment.get()).version)
