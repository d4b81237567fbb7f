"""Pages of spaces and objectives, and the secretariat's own: who gets them, in which language, and what forms do."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum import wiring
from forum.discussions.forms import SpaceForm
from forum.discussions.founding import found
from forum.discussions.models import Deadline, Question, Space
from forum.discussions.space_routes import SPACE_PAGES
from forum.kernel import clock
from forum.kernel.actors import Role
from forum.kernel.locales import LANGS
from forum.live.memory import MemoryBus
from forum.objectives.entities import known
from forum.people import entities
from forum.people.models import EntityKind, Person, SpaceRole
from tests.support import world
from tests.support.visiting import Visited, Visitor, visiting

PUBLIC = ("/spaces", "/spaces/hall", "/objectives", "/objectives/7", "/objectives/0", "/objectives/23")
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
TEXTS = {"en": "A space of words", "ar": "حيّز للكلمات"}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visiting(SPACE_PAGES) as opened:
        parts = wiring.Parts(MemoryBus(), opened.generations)
        async with world.database(tmp_path, after=wiring.after(parts)):
            yield opened


@pytest.fixture
async def hall(site: Visited) -> Space:
    note = {"en": "<p>Why we meet.</p>"}
    return await world.space("hall", title=TEXTS, note_html=note, zone="America/New_York", round_table=4, edition=2030)


@pytest.fixture
async def clerk(site: Visited) -> Visitor:
    return await site.signed_in(await world.person("Clerk", secretariat=True))


@pytest.mark.parametrize("lang", LANGS)
async def test_every_page_in_every_language(site: Visited, hall: Space, clerk: Visitor, lang: str) -> None:
    reader = await site.visitor()
    direction = "rtl" if lang == "ar" else "ltr"
    for path in (*PUBLIC, *SECRETARIAT):
        answer = await (reader if path in PUBLIC else clerk).get(f"/{lang}{path}")
        assert answer.status_code == 200, path
        assert f'<html lang="{lang}" dir="{direction}">' in answer.text, path
        assert answer.text.count("<h1") == 1, path
    page = (await reader.get(f"/{lang}/spaces/hall")).text
    title = TEXTS.get(lang, TEXTS["en"])
    spoken, way = (lang, direction) if lang in TEXTS else ("en", "ltr")
    assert f'<h1 lang="{spoken}" dir="{way}">{title}</h1>' in page
    assert '<div class="prose" lang="en" dir="ltr"><p>Why we meet.</p></div>' in page


@pytest.mark.parametrize("lang", LANGS)
async def test_unofficial_wordings_say_so(site: Visited, lang: str) -> None:
    reader = await site.visitor()
    listed = (await reader.get(f"/{lang}/objectives")).text
    single = (await reader.get(f"/{lang}/objectives/7")).text
    unofficial = lang in {"ar", "zh", "ru"}
    # The words are translated: what counts is that something stands in the place for them beside the round table.
    notes = re.findall(r'class="objective-note">([^<]*)<', listed)
    assert ["·" in note for note in notes[:23]] == [unofficial] * 23
    assert ("callout" in listed) is unofficial
    if lang == "en":
        assert "Official wording." in single
        assert "unofficial" not in (listed + single).lower()


async def test_the_text_of_objective_7_is_marked_as_english(site: Visited) -> None:
    page = (await (await site.visitor()).get("/ar/objectives/7")).text
    assert '<div class="prose" lang="en" dir="ltr"><p>We commit to respond' in page
    for letter in "abcdefghijkl":
        assert f'id="action-{letter}"' in page
    assert "(هـ)" in page
    spanish = (await (await site.visitor()).get("/es/objectives/7")).text
    assert '<div class="prose" lang="es" dir="ltr"><p>Nos comprometemos' in spanish


async def test_neighbours_of_objectives(site: Visited) -> None:
    reader = await site.visitor()
    for number, before, after in ((1, None, 2), (7, 6, 8), (23, 22, 0), (0, 23, None)):
        page = (await reader.get(f"/fr/objectives/{number}")).text
        for rel, other in (("prev", before), ("next", after)):
            found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
            assert (found[1] if found else None) == (None if other is None else f"/fr/objectives/{other}")
    for path in ("/fr/objectives/24", "/fr/objectives/-1", "/fr/objectives/x"):
        assert (await reader.get(path)).status_code == 404


async def test_spaces_stand_under_their_objectives(site: Visited, clerk: Visitor) -> None:
    secretariat = await world.actor_for(await world.person("Second clerk", secretariat=True))
    made = await found(secretariat, SpaceForm(slug="rt4", title={"en": "Reduce vulnerabilities now"}, objectives=[1, 7]))
    reader = await site.visitor()
    for number in (1, 7):
        assert "Reduce vulnerabilities now" not in (await reader.get(f"/en/objectives/{number}")).text, "a draft"
        assert "Reduce vulnerabilities now" in (await clerk.get(f"/en/objectives/{number}")).text
    await Space.filter(id=made.id).update(state="open")
    other = await site.visitor()
    site.generations.bump("spaces")
    assert "1 open space" in (await other.get("/en/objectives")).text
    for number, listed in ((1, True), (7, True), (2, False)):
        assert ("Reduce vulnerabilities now" in (await other.get(f"/en/objectives/{number}")).text) is listed


async def test_the_list_counts_published_comments_only(site: Visited, hall: Space) -> None:
    author = await world.actor_for(await world.person("Author"))
    await world.post(author, hall, "Held for now.")
    reader = await site.visitor()
    for page in ((await reader.get("/en/spaces")).text, (await reader.get("/en/spaces/hall")).text):
        assert "Held for now" not in page
    assert "<dt>Published comments</dt><dd>0</dd>" in (await reader.get("/en/spaces")).text
    assert '<span class="count">0 comments</span>' in (await reader.get("/en/spaces/hall")).text


async def test_an_empty_forum_says_so(site: Visited) -> None:
    page = (await (await site.visitor()).get("/en/spaces")).text
    assert "There are no spaces yet." in page
    assert 'href="/en/objectives"' in page


async def test_the_page_shows_deadline_entities_and_extensions(site: Visited, hall: Space, clerk: Visitor) -> None:
    await entities.load(known())
    bodies = {one.acronym: one for one in (await entities.listed("fr"))[EntityKind.UN_BODY.value]}
    moved = datetime(2030, 5, 31, 21, 59, tzinfo=UTC)
    before = datetime(2030, 4, 30, 21, 59, tzinfo=UTC)
    await Space.filter(id=hall.id).update(closes_at=moved, zone="Europe/Zurich", opens_at=datetime(2030, 4, 1, 7, 0, tzinfo=UTC))
    await Deadline.create(
        space_id=hall.id,
        before=before,
        closes_at=moved,
        zone="Europe/Zurich",
        reason="سبب",
        reason_lang="ar",
        set_at=before,
    )
    sent = {"version": "1", "title_en": "T", "policy_en": "P", "languages": ["fr"], "visibility": "public"}
    answer = await clerk.send("/fr/secretariat/spaces/hall", {**sent, "entities": [bodies["OHCHR"].id]})
    assert answer.status_code == 303, answer.text
    shown = (await (await site.visitor()).get("/fr/spaces/hall")).text
    assert "31 mai 2030, 23:59 (heure d’été d’Europe centrale)" in shown
    assert re.search(r"<s><time[^>]*>30 avril 2030, 23:59", shown)
    assert '<p class="extension-reason" lang="ar" dir="rtl">سبب</p>' in shown
    assert "<bdi>Haut-Commissariat des Nations Unies aux droits de l’homme (OHCHR)</bdi>" in shown


async def test_links_for_the_team(site: Visited, hall: Space, clerk: Visitor) -> None:
    mona = await world.person("Mona")
    await world.give_role(mona, hall)
    queue, desk = "/moderation?space=hall", "/secretariat/spaces/hall"
    for visitor, links in (
        (await site.visitor(), (False, False)),
        (await site.signed_in(await world.person("Reader")), (False, False)),
        (await site.signed_in(mona), (True, False)),
        (clerk, (False, True)),
    ):
        page = (await visitor.get("/en/spaces/hall")).text
        assert (queue in page, desk in page) == links


async def test_a_members_space_is_not_found_by_others(site: Visited, clerk: Visitor) -> None:
    made = await world.space("inner", visibility="members", title={"en": "Inner circle"})
    member = await world.person("Member")
    await world.give_role(member, made, Role.MEMBER)
    for visitor, status in (
        (await site.visitor(), 404),
        (await site.signed_in(await world.person("Stranger")), 404),
        (await site.signed_in(member), 200),
        (clerk, 200),
    ):
        assert (await visitor.get("/en/spaces/inner")).status_code == status
        assert ("Inner circle" in (await visitor.get("/en/spaces")).text) is (status == 200)


@pytest.mark.parametrize("path", SECRETARIAT)
async def test_the_secretariats_pages_refuse_others(site: Visited, hall: Space, path: str) -> None:
    mona = await world.person("Mona")
    await world.give_role(mona, hall)
    anonymous = await (await site.visitor()).get(f"/en{path}")
    assert (anonymous.status_code, anonymous.headers["location"]) == (303, f"/en/signin?next=/en{path}")
    assert (await (await site.signed_in(mona)).get(f"/en{path}")).status_code == 403


@pytest.mark.parametrize("path", FORMS)
async def test_the_secretariats_forms_refuse_others(site: Visited, hall: Space, path: str) -> None:
    mona = await world.person("Mona")
    await world.give_role(mona, hall)
    fields = {"slug": "mine", "do": "give", "email": mona.email, "role": "moderator", "version": "1", "text_en": "Mine?"}
    before = await Space.get(id=hall.id)
    for visitor, status in ((await site.visitor(), 401), (await site.signed_in(mona), 403)):
        # The sign-out form of any page lends its token: it is the role that is missing, not the token.
        answer = await visitor.send(f"/en{path}", fields, form_at="/en/spaces")
        assert answer.status_code == status
    after = await Space.get(id=hall.id)
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


async def test_a_stale_form_is_a_conflict_and_keeps_the_text(site: Visited, hall: Space, clerk: Visitor) -> None:
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


async def test_extension_is_reviewed_then_confirmed(site: Visited, hall: Space, clerk: Visitor) -> None:
    path, before = "/en/secretariat/spaces/hall/extend", hall.closes_at
    fields = {"closes_at": "2090-01-31T23:59", "reason": "Delegations asked.", "reason_lang": "fr"}
    review = await clerk.send(path, fields)
    assert review.status_code == 200
    assert "31 January 2090, 23:59 (Eastern Standard Time)" in review.text
    assert '<p lang="fr" dir="ltr">Delegations asked.</p>' in review.text
    assert (await Space.get(id=hall.id)).closes_at == before
    assert (await clerk.send(path, {**fields, "do": "confirm"})).status_code == 303
    assert (await Space.get(id=hall.id)).closes_at == datetime(2090, 2, 1, 4, 59, tzinfo=UTC)
    for wrong, name in (
        ({"reason": " "}, "reason"),
        ({"closes_at": "2089-01-01T00:00"}, "closes_at"),
        ({"reason_lang": "xx"}, "reason_lang"),
    ):
        answer = await clerk.send(path, {**fields, "do": "confirm", **wrong})
        assert answer.status_code == 422
        assert f'href="#f-{name}"' in answer.text
    assert await Deadline.filter(space_id=hall.id).count() == 1
    assert "Delegations asked." in (await (await site.visitor()).get("/en/spaces/hall")).text


async def test_roles_are_given_and_taken_by_address(site: Visited, hall: Space, clerk: Visitor) -> None:
    mona, path = await world.person("Mona"), "/en/secretariat/spaces/hall/people"
    unknown = await clerk.send(path, {"do": "give", "email": "nobody@example.org", "role": "moderator"})
    assert unknown.status_code == 422
    assert "There is no account with this e-mail address." in unknown.text
    assert 'value="nobody@example.org"' in unknown.text
    assert (await clerk.send(path, {"do": "give", "email": mona.email, "role": "owner"})).status_code == 422
    assert (await clerk.send(path, {"do": "give", "email": f" {mona.email.upper()}", "role": "facilitator"})).status_code == 303
    assert mona.email in (await clerk.get(path)).text
    assert [one.role for one in await SpaceRole.filter(person_id=mona.id, space_id=hall.id)] == ["facilitator"]
    assert (await clerk.send(path, {"do": "take", "person": mona.id, "role": "facilitator"})).status_code == 303
    assert not await SpaceRole.filter(person_id=mona.id).exists()


async def test_questions_are_written_until_the_first_comment(site: Visited, hall: Space, clerk: Visitor) -> None:
    path = "/en/secretariat/spaces/hall/questions"
    assert (await clerk.send(f"{path}/4", {"text_fr": "Quatre ?", "do": "save"})).status_code == 303
    assert (await clerk.send(f"{path}/3", {"do": "drop"})).status_code == 303
    empty = await clerk.send(f"{path}/5", {"text_en": " ", "do": "save"})
    assert (empty.status_code, 'href="#f-text_en"' in empty.text) == (422, True)
    long = await clerk.send(f"{path}/5", {"text_ru": "я" * 501, "do": "save"})
    assert (long.status_code, 'href="#f-text_ru"' in long.text) == (422, True)
    assert sorted([one.number for one in await Question.filter(space_id=hall.id)]) == [1, 2, 4]
    assert "Add question 3" in (await clerk.get(path)).text
    await world.post(await world.actor_for(await world.person("Author")), hall, "First.")
    frozen = await clerk.send(f"{path}/1", {"text_en": "Kept text", "do": "save"})
    assert frozen.status_code == 422
    assert "Kept text</textarea>" in frozen.text
    assert "Add question" not in (await clerk.get(path)).text


async def test_anonymous_pages_are_kept_until_something_changes(site: Visited, hall: Space, clerk: Visitor) -> None:
    reader = await site.visitor()
    first = [await reader.get(path) for path in ("/en/spaces", "/en/spaces/hall")]
    assert all(answer.headers["cache-control"] == "no-cache" for answer in first)
    await Space.filter(id=hall.id).update(title={"en": "Behind the back of the record"})
    assert [(await reader.get(path)).text for path in ("/en/spaces", "/en/spaces/hall")] == [answer.text for answer in first]
    assert "Behind the back" in (await clerk.get("/en/spaces/hall")).text
    assert (await clerk.send("/en/secretariat/spaces/hall/steps/close", {})).status_code == 303
    for path in ("/en/spaces", "/en/spaces/hall"):
        page = (await reader.get(path)).text
        assert "Behind the back" in page
        assert "pill-closed" in page
