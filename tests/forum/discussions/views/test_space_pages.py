"""Pages of spaces and objectives: in every language, for whom, and with what on them."""

import re
from datetime import UTC, datetime

import pytest

from forum.discussions.forms import SpaceForm
from forum.discussions.founding import found
from forum.discussions.models import Deadline, Space
from forum.kernel.actors import Role
from forum.kernel.locales import LANGS
from forum.objectives import compact
from forum.objectives.entities import known
from forum.people import entities
from forum.people.models import EntityKind
from tests.forum.discussions.views.conftest import TITLES
from tests.support import world
from tests.support.visiting import Visited, Visitor

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


@pytest.mark.parametrize("lang", LANGS)
async def test_every_page_in_every_language(site: Visited, room: Space, clerk: Visitor, lang: str) -> None:
    reader = await site.visitor()
    direction = "rtl" if lang == "ar" else "ltr"
    for path in (*PUBLIC, *SECRETARIAT):
        answer = await (reader if path in PUBLIC else clerk).get(f"/{lang}{path}")
        assert answer.status_code == 200, path
        assert f'<html lang="{lang}" dir="{direction}">' in answer.text, path
        assert answer.text.count("<h1") == 1, path
    page = (await reader.get(f"/{lang}/spaces/hall")).text
    title = TITLES.get(lang, TITLES["en"])
    spoken, way = (lang, direction) if lang in TITLES else ("en", "ltr")
    assert f'<h1 lang="{spoken}" dir="{way}">{title}</h1>' in page
    assert '<div class="prose" lang="en" dir="ltr"><p>Why we meet.</p></div>' in page


@pytest.mark.parametrize("lang", LANGS)
async def test_unofficial_wordings_say_so(site: Visited, lang: str) -> None:
    reader = await site.visitor()
    listed = (await reader.get(f"/{lang}/objectives")).text
    single = (await reader.get(f"/{lang}/objectives/7")).text
    objectives = compact.objectives()
    unofficial = [one.label(lang).is_unofficial for one in objectives]
    assert any(unofficial) is (lang in {"ar", "zh", "ru", "fr"})
    # The words are translated: what counts is that something stands in the place for them beside the round table.
    notes = re.findall(r'class="objective-note">([^<]*)<', listed)
    assert ["·" in note for note in notes[:23]] == unofficial[:23]
    assert ("callout" in listed) is any(unofficial)
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


async def test_the_list_counts_published_comments_only(site: Visited, room: Space) -> None:
    author = await world.actor_for(await world.person("Author"))
    await world.post(author, room, "Held for now.")
    reader = await site.visitor()
    for page in ((await reader.get("/en/spaces")).text, (await reader.get("/en/spaces/hall")).text):
        assert "Held for now" not in page
    assert "<dt>Published comments</dt><dd>0</dd>" in (await reader.get("/en/spaces")).text
    assert '<span class="count">0 comments</span>' in (await reader.get("/en/spaces/hall")).text


async def test_an_empty_forum_says_so(site: Visited) -> None:
    page = (await (await site.visitor()).get("/en/spaces")).text
    assert "There are no spaces yet." in page
    assert 'href="/en/objectives"' in page


async def test_the_page_shows_deadline_entities_and_extensions(site: Visited, room: Space, clerk: Visitor) -> None:
    await entities.load(known())
    bodies = {one.acronym: one for one in (await entities.listed("fr"))[EntityKind.UN_BODY.value]}
    moved = datetime(2030, 5, 31, 21, 59, tzinfo=UTC)
    before = datetime(2030, 4, 30, 21, 59, tzinfo=UTC)
    await Space.filter(id=room.id).update(closes_at=moved, zone="Europe/Zurich", opens_at=datetime(2030, 4, 1, 7, 0, tzinfo=UTC))
    await Deadline.create(
        space_id=room.id,
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


async def test_links_for_the_team(site: Visited, room: Space, clerk: Visitor) -> None:
    mona = await world.person("Mona")
    await world.give_role(mona, room)
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


async def test_anonymous_pages_are_kept_until_something_changes(site: Visited, room: Space, clerk: Visitor) -> None:
    reader = await site.visitor()
    first = [await reader.get(path) for path in ("/en/spaces", "/en/spaces/hall")]
    assert all(answer.headers["cache-control"] == "no-cache" for answer in first)
    await Space.filter(id=room.id).update(title={"en": "Behind the back of the record"})
    assert [(await reader.get(path)).text for path in ("/en/spaces", "/en/spaces/hall")] == [answer.text for answer in first]
    assert "Behind the back" in (await clerk.get("/en/spaces/hall")).text
    assert (await clerk.send("/en/secretariat/spaces/hall/steps/close", {})).status_code == 303
    for path in ("/en/spaces", "/en/spaces/hall"):
        page = (await reader.get(path)).text
        assert "Behind the back" in page
        assert "pill-closed" in page
