"""The secretariat's pages about spaces: others are refused; what is typed is saved or kept, and never lost."""

from datetime import UTC, datetime

import pytest

from forum.discussions.models import Deadline, Question, Space
from forum.kernel import clock
from forum.people.models import Person, SpaceRole
from tests.support import world
from tests.support.visiting import Visited, Visitor

SECRETARIAT = (
    "/secretariat",
    "/secretariat/spaces/new",
    "/secretariat/spaces/hall",
    "/secretariat/spaces/hall/questions",
    "/secretariat/spaces/hall/questions/1",
    "/secretariat/spaces/hall/questions/4",
    "/secretariat/spaces/hall/people",
    "/secretariat/spaces/hall/steps",
    "/secretariat/spaces/hall/steps/close",
    "/secretariat/spaces/hall/steps/announce",
    "/secretariat/spaces/hall/extend",
)
FORMS = (
    "/secretariat/spaces/new",
    "/secretariat/spaces/hall",
    "/secretariat/spaces/hall/questions/1",
    "/secretariat/spaces/hall/people",
    "/secretariat/spaces/hall/steps/close",
    "/secretariat/spaces/hall/extend",
)


@pytest.mark.parametrize("path", SECRETARIAT)
async def test_the_secretariats_pages_refuse_others(site: Visited, room: Space, path: str) -> None:
    mona = await world.person("Mona")
    await world.give_role(mona, room)
    anonymous = await (await site.visitor()).get(f"/en{path}")
    assert (anonymous.status_code, anonymous.headers["location"]) == (303, f"/en/signin?next=/en{path}")
    assert (await (await site.signed_in(mona)).get(f"/en{path}")).status_code == 403


@pytest.mark.parametrize("path", FORMS)
async def test_the_secretariats_forms_refuse_others(site: Visited, room: Space, path: str) -> None:
    mona = await world.person("Mona")
    await world.give_role(mona, room)
    fields = {"slug": "mine", "do": "give", "email": mona.email, "role": "moderator", "version": "1", "text_en": "Mine?"}
    before = await Space.get(id=room.id)
    for visitor, status in ((await site.visitor(), 401), (await site.signed_in(mona), 403)):
        # The sign-out form of any page lends its token: it is the role that is missing, not the token.
        answer = await visitor.send(f"/en{path}", fields, form_at="/en/spaces")
        assert answer.status_code == status
    after = await Space.get(id=room.id)
    assert (after.version, after.state, await Space.all().count()) == (before.version, before.state, 1)


async def test_founding_a_space_on_pages(site: Visited, clerk: Visitor) -> None:
    """From nothing to an open space, as the secretariat does it."""
    mona: Person = await world.person("Mona")
    fields = {
        "slug": "rt4-2030",
        "title_en": "Round table 4",
        "title_ar": "المائدة",
        "policy_en": "Be *kind*.",
        "round_table": "4",
    }
    more = {"languages": ["ar", "en"], "objectives": ["7", "23"], "premoderation": "all", "visibility": "public"}
    times = {"zone": "America/New_York", "opens_at": "2030-03-01T09:00", "closes_at": "2030-03-31T23:59"}
    answer = await clerk.send("/en/secretariat/spaces/new", {**fields, **more, **times})
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/secretariat/spaces/rt4-2030/questions")
    made = await Space.get(slug="rt4-2030")
    assert (made.state, made.symbol, made.languages) == ("draft", "RT4", ["ar", "en"])
    assert "<em>kind</em>" in made.policy_html["en"]
    home = "/en/secretariat/spaces/rt4-2030"
    page = (await clerk.get(f"{home}/steps/open")).text
    assert "Still missing" in page
    assert ("guiding questions" in page, "moderators" in page, "a moderation policy" in page) == (True, True, False)
    refused = await clerk.send(f"{home}/steps/open", {}, form_at=home)
    assert refused.status_code == 422
    assert "guiding questions, moderators" in refused.text
    assert (await clerk.send(f"{home}/questions/1", {"text_en": "What works?", "do": "save"})).status_code == 303
    assert (await clerk.send(f"{home}/people", {"do": "give", "email": mona.email, "role": "moderator"})).status_code == 303
    with clock.running(lambda: datetime(2030, 2, 1, tzinfo=UTC)):
        again = await site.signed_in(await world.person("Other clerk", secretariat=True))
        assert (await again.send(f"{home}/steps/announce", {})).status_code == 303
    assert (await Space.get(slug="rt4-2030")).state == "announced"
    assert "Round table 4" in (await (await site.visitor()).get("/en/spaces")).text


async def test_the_form_says_what_is_wrong_and_keeps_the_text(site: Visited, clerk: Visitor) -> None:
    fields = {
        "slug": "No Slug!",
        "title_fr": "x" * 201,
        "note_en": "A note to <keep>",
        "edition": "soon",
        "zone": "Mars/Olympus",
        "visibility": "public",
        "objectives": ["7", "x"],
    }
    answer = await clerk.send("/en/secretariat/spaces/new", fields)
    assert answer.status_code == 422
    for name in ("slug", "edition", "objectives"):
        assert f'href="#f-{name}"' in answer.text, name
    assert "A note to &lt;keep&gt;</textarea>" in answer.text
    assert 'value="No Slug!"' in answer.text
    readable = {**fields, "slug": "rt4", "edition": "", "objectives": ["7"]}
    assert 'href="#f-title_fr"' in (await clerk.send("/en/secretariat/spaces/new", readable)).text
    assert 'href="#f-zone"' in (await clerk.send("/en/secretariat/spaces/new", {**readable, "title_fr": "T"})).text
    assert not await Space.all().exists()


async def test_a_stale_form_is_a_conflict_and_keeps_the_text(site: Visited, room: Space, clerk: Visitor) -> None:
    home = "/en/secretariat/spaces/hall"
    sent = {"version": "1", "policy_en": "P", "languages": ["en"], "visibility": "public"}
    assert (await clerk.send(home, {**sent, "title_en": "First"})).status_code == 303
    late = await clerk.send(home, {**sent, "title_en": "Second"})
    assert late.status_code == 409
    assert 'value="Second"' in late.text
    assert "Title – English" in late.text
    assert 'name="version" value="2"' in late.text
    assert (await Space.get(slug="hall")).title == {"en": "First"}
    # Having seen it, one may decide to replace it.
    assert (await clerk.send(home, {**sent, "title_en": "Second", "version": "2"})).status_code == 303
    assert (await Space.get(slug="hall")).title == {"en": "Second"}
    for version in ("", "0", "x", "٣"):
        assert (await clerk.send(home, {**sent, "title_en": "Third", "version": version})).status_code == 400


async def test_extension_is_reviewed_then_confirmed(site: Visited, room: Space, clerk: Visitor) -> None:
    path, before = "/en/secretariat/spaces/hall/extend", room.closes_at
    fields = {"closes_at": "2090-01-31T23:59", "reason": "Delegations asked.", "reason_lang": "fr"}
    review = await clerk.send(path, fields)
    assert review.status_code == 200
    assert "31 January 2090, 23:59 (Eastern Standard Time)" in review.text
    assert '<p lang="fr" dir="ltr">Delegations asked.</p>' in review.text
    assert (await Space.get(id=room.id)).closes_at == before
    assert (await clerk.send(path, {**fields, "do": "confirm"})).status_code == 303
    assert (await Space.get(id=room.id)).closes_at == datetime(2090, 2, 1, 4, 59, tzinfo=UTC)
    for wrong, name in (
        ({"reason": " "}, "reason"),
        ({"closes_at": "2089-01-01T00:00"}, "closes_at"),
        ({"reason_lang": "xx"}, "reason_lang"),
    ):
        answer = await clerk.send(path, {**fields, "do": "confirm", **wrong})
        assert answer.status_code == 422
        assert f'href="#f-{name}"' in answer.text
    assert await Deadline.filter(space_id=room.id).count() == 1
    assert "Delegations asked." in (await (await site.visitor()).get("/en/spaces/hall")).text


async def test_roles_are_given_and_taken_by_address(site: Visited, room: Space, clerk: Visitor) -> None:
    mona, path = await world.person("Mona"), "/en/secretariat/spaces/hall/people"
    unknown = await clerk.send(path, {"do": "give", "email": "nobody@example.org", "role": "moderator"})
    assert unknown.status_code == 422
    assert "There is no account with this e-mail address." in unknown.text
    assert 'value="nobody@example.org"' in unknown.text
    assert (await clerk.send(path, {"do": "give", "email": mona.email, "role": "owner"})).status_code == 422
    assert (await clerk.send(path, {"do": "give", "email": f" {mona.email.upper()}", "role": "facilitator"})).status_code == 303
    assert mona.email in (await clerk.get(path)).text
    assert [one.role for one in await SpaceRole.filter(person_id=mona.id, space_id=room.id)] == ["facilitator"]
    assert (await clerk.send(path, {"do": "take", "person": mona.id, "role": "facilitator"})).status_code == 303
    assert not await SpaceRole.filter(person_id=mona.id).exists()


async def test_questions_are_written_until_the_first_comment(site: Visited, room: Space, clerk: Visitor) -> None:
    path = "/en/secretariat/spaces/hall/questions"
    assert (await clerk.send(f"{path}/4", {"text_fr": "Quatre ?", "do": "save"})).status_code == 303
    assert (await clerk.send(f"{path}/3", {"do": "drop"})).status_code == 303
    empty = await clerk.send(f"{path}/5", {"text_en": " ", "do": "save"})
    assert (empty.status_code, 'href="#f-text_en"' in empty.text) == (422, True)
    long = await clerk.send(f"{path}/5", {"text_ru": "я" * 501, "do": "save"})
    assert (long.status_code, 'href="#f-text_ru"' in long.text) == (422, True)
    assert sorted([one.number for one in await Question.filter(space_id=room.id)]) == [1, 2, 4]
    assert "Add question 3" in (await clerk.get(path)).text
    await world.post(await world.actor_for(await world.person("Author")), room, "First.")
    frozen = await clerk.send(f"{path}/1", {"text_en": "Kept text", "do": "save"})
    assert frozen.status_code == 422
    assert "Kept text</textarea>" in frozen.text
    assert "Add question" not in (await clerk.get(path)).text
