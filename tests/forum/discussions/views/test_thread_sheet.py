"""A thread put together from sheets is, to the byte, the page that would have been made for its reader alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from forum.discussions import withdrawing
from forum.discussions.editing import edit_comment
from forum.discussions.models import Comment, Premoderation, Space
from forum.kernel import clock
from forum.kernel.actors import Role
from forum.people.models import Person
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case
from tests.forum.discussions.views.reader import Hall, fill, hall, same
from tests.support import world
from tests.support.statements import recorded

AR = "/ar/spaces/hall/questions/1"


@pytest.fixture
async def open_hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A space in which everything is published at once."""
    async with hall(tmp_path, premoderation=Premoderation.NONE) as made:
        yield made


async def alone(place: Hall, who: Person, path: str) -> str:
    """The page as it is made for one person."""
    kept, place.app.app.state.sheets = place.app.app.state.sheets, None
    try:
        return same((await (await place.signed_in(who)).get(path)).text)
    finally:
        place.app.app.state.sheets = kept


async def put_together(place: Hall, who: Person, path: str) -> str:
    """The page as two in a row get it, which must cost the second two statements: the session, and what is their own."""
    browser = await place.signed_in(who)
    first = await browser.get(path)
    with recorded() as made:
        second = await browser.get(path)
    assert len(made) == 2, made
    assert same(first.text) == same(second.text)
    assert first.headers["cache-control"] == second.headers["cache-control"] == "private, no-store"
    assert "etag" not in second.headers
    return same(second.text)


@pytest.mark.parametrize("path", [Hall.path, AR])
async def test_the_same_page_for_people_of_every_kind(open_hall: Hall, path: str) -> None:
    place = open_hall
    ids = await fill(place, place.mona, 70)
    elsewhere = await world.space("attic")
    kenya, chad = [await world.entity(name) for name in ("Kenya", "Chad")]
    people = {name: await world.person(name, lang=lang) for name, lang in (("Plain", "en"), ("Fa<b>&y", "fr"), ("Two", "ar"))}
    await world.affiliate(people["Plain"], kenya)
    await world.affiliate(people["Two"], kenya)
    await world.affiliate(people["Two"], chad)
    modest = await world.person("Moderator elsewhere")
    await world.give_role(modest, elsewhere)
    for who in (*people.values(), modest):
        for address in (path, f"{path}?after={ids[40]}"):
            assert await put_together(place, who, address) == await alone(place, who, address), who.name


async def test_a_closed_space_has_no_form(open_hall: Hall) -> None:
    place = open_hall
    await Space.filter(id=place.space.id).update(state="closed")
    shown = await put_together(place, place.ana, place.path)
    assert shown == await alone(place, place.ana, place.path)
    assert "<textarea" not in shown


async def test_the_deadline_is_asked_to_the_second(open_hall: Hall) -> None:
    place = open_hall
    assert "<textarea" in await put_together(place, place.ana, place.path)
    browser = await place.signed_in(place.ana)
    later = clock.now() + timedelta(days=1, seconds=1)
    modest = await world.person("Moderator elsewhere")
    await world.give_role(modest, await world.space("attic"))
    other = await place.signed_in(modest)
    with clock.running(lambda: later):
        assert "<textarea" not in (await browser.get(place.path)).text
        assert "<textarea" not in (await other.get(place.path)).text, "a page made after the deadline, a form made before it"


async def test_what_is_ones_own_is_shown_to_oneself_alone(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        await put_together(place, place.bo, place.path)
        held = await world.post(await world.actor_for(place.ana), place.space, "Held canary.")
        browser = await place.signed_in(place.ana)
        assert "Held canary." in (await browser.get(place.path)).text
        assert "canary" not in await put_together(place, place.bo, place.path)
        case = await Case.get(comment_id=held)
        await decide(await world.actor_for(place.mona), case.id, DecisionForm(action=Action.PUBLISH, version=case.version))
        assert "Held canary." in await put_together(place, place.bo, place.path)
        await edit_comment(await world.actor_for(place.ana), held, await world.edit_of(held, "Edited canary."))
        assert "Edited canary." not in await put_together(place, place.bo, place.path)
        with recorded() as made:
            assert "Edit waiting" in (await browser.get(place.path)).text
        assert len(made) > 2, "made for its author alone"


async def test_a_draft_is_its_writers_own(open_hall: Hall) -> None:
    place = open_hall
    await put_together(place, place.bo, place.path)
    browser = await place.signed_in(place.ana)
    _, hidden = await browser.form(place.path)
    draft = {"csrf_token": hidden["csrf_token"], "place": hidden["place"], "body": "Draft canary.", "lang": "en"}
    assert (await browser.post("/en/drafts", draft)).status_code == 204
    shown = same((await browser.get(place.path)).text)
    assert "Draft canary." in shown
    assert shown == await alone(place, place.ana, place.path)
    assert "canary" not in await put_together(place, place.bo, place.path)


async def test_what_is_withdrawn_is_gone_from_the_next_page(open_hall: Hall) -> None:
    place = open_hall
    written = await world.post(await world.actor_for(place.ana), place.space, "Soon gone.")
    assert "Soon gone." in await put_together(place, place.bo, place.path)
    await withdrawing.withdraw_comment(await world.actor_for(place.ana), written, (await Comment.get(id=written)).version)
    for who in (place.bo, place.ana):
        shown = await put_together(place, who, place.path)
        assert "Soon gone." not in shown
        assert "Withdrawn by its author." in shown


async def test_a_role_changes_the_next_page(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        await world.post(await world.actor_for(place.ana), place.space, "Held canary.")
        assert "canary" not in await put_together(place, place.bo, place.path)
        await world.give_role(place.bo, place.space, Role.MODERATOR)
        assert "Held canary." in (await (await place.signed_in(place.bo)).get(place.path)).text


async def test_made_up_addresses_keep_nothing(open_hall: Hall) -> None:
    place = open_hall
    ids = await fill(place, place.mona, 3)
    browser, anybody = await place.signed_in(place.ana), place.browser()
    made_up = [f"after=junk&after={ids[0]}", f"after={'f' * 32}", "after=junk", "since=1", f"since=2&after={ids[0]}", "x=1"]
    for query in made_up:
        for one in (browser, anybody):
            await one.get(f"{place.path}?{query}")
    assert len(place.app.app.state.sheets._kept) == 0
    for query in made_up:
        with recorded() as made:
            await anybody.get(f"{place.path}?{query}")
        assert made, query


async def test_a_space_for_its_members_is_never_put_together(open_hall: Hall) -> None:
    place = open_hall
    await Space.filter(id=place.space.id).update(visibility="members")
    assert (await (await place.signed_in(place.bo)).get(place.path)).status_code == 404
    await world.give_role(place.bo, place.space, Role.MEMBER)
    assert (await (await place.signed_in(place.bo)).get(place.path)).status_code == 200
    assert len(place.app.app.state.sheets._kept) == 0
