"""Spaces: founding and rewriting them, their questions, who sees them, and in which order."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from forum.discussions import founding, queries
from forum.discussions.forms import QuestionForm, SpaceForm
from forum.discussions.models import Premoderation, Question, Space, SpaceState
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS, Actor, Role
from forum.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, Refusal
from forum.kernel.events import Fact
from forum.people import roles
from tests.support import world


@pytest.fixture
async def facts(tmp_path: Path) -> AsyncIterator[list[Fact]]:
    async with world.database(tmp_path) as told:
        yield told


@pytest.fixture
async def clerk(facts: list[Fact]) -> Actor:
    return await world.actor_for(await world.person("Clerk", secretariat=True))


async def test_a_space_shows_under_all_its_objectives(clerk: Actor) -> None:
    made = await founding.found(clerk, SpaceForm(slug="rt4", objectives=[23, 7, 7, 1, 0]))
    await Space.filter(id=made.id).update(state="open")
    assert (await queries.objectives_of([made.id]))[made.id] == [0, 1, 7, 23]
    for number in (0, 1, 7, 23):
        assert [space.slug for space in await queries.listed(ANONYMOUS, number)] == ["rt4"]
    assert await queries.listed(ANONYMOUS, 2) == []


async def test_the_list_is_sorted(clerk: Actor) -> None:
    now = clock.now()
    rows = [
        ("open-soon", "open", -9, 1),
        ("open-later", "open", -9, 5),
        ("announced-soon", "announced", 1, 9),
        ("announced-later", "announced", 3, 4),
        ("closed-lately", "closed", -9, -1),
        ("closed-long-ago", "closed", -9, -5),
        ("summarised", "summarised", -9, -7),
        ("archived", "archived", -9, -2),
        ("draft", "draft", 5, 9),
    ]
    for slug, state, opens, closes in reversed(rows):
        await world.space(slug, state=state, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
    assert [space.slug for space in await queries.listed(clerk)] == [row[0] for row in rows]
    assert [space.slug for space in await queries.listed(ANONYMOUS)] == [row[0] for row in rows[:-1]]


async def test_a_stale_version_is_a_conflict(clerk: Actor, facts: list[Fact]) -> None:
    made = await founding.found(clerk, SpaceForm(slug="rt4", title={"en": "One"}))
    await founding.rewrite(clerk, made.id, SpaceForm(slug="rt4", title={"en": "Two"}, version=1))
    facts.clear()
    with pytest.raises(Conflict) as refused:
        await founding.rewrite(clerk, made.id, SpaceForm(slug="rt4", title={"en": "Three"}, version=1))
    assert refused.value.current == {"slug": "rt4", "version": 2}
    assert (await Space.get(id=made.id)).title == {"en": "Two"}
    assert not facts


async def test_two_spaces_cannot_have_one_address(clerk: Actor) -> None:
    await founding.found(clerk, SpaceForm(slug="rt4"))
    other = await founding.found(clerk, SpaceForm(slug="rt3"))
    for attempt in (founding.found(clerk, SpaceForm(slug="rt4")), founding.rewrite(clerk, other.id, SpaceForm(slug="rt4"))):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert refused.value.fields["slug"].key == "space.slug_taken"
    assert await Space.all().count() == 2


async def test_after_the_announcement_address_times_and_mode_stay(clerk: Actor) -> None:
    made = await world.space("rt4", premoderation=Premoderation.ALL, state="announced", zone="Europe/Paris")
    before = await Space.get(id=made.id)
    form = SpaceForm(
        slug="other",
        symbol="X",
        title={"en": "New"},
        policy={"en": "New"},
        languages=["fr"],
        premoderation="none",
        zone="UTC",
        opens_at="2031-01-01T00:00",
        closes_at="2031-02-01T00:00",
    )
    after = await founding.rewrite(clerk, made.id, form)
    for name in ("slug", "symbol", "premoderation", "zone", "opens_at", "closes_at"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.title, after.languages) == ({"en": "New"}, ["fr"])


@pytest.mark.parametrize("name", ["title", "policy", "languages"])
async def test_what_opening_asks_for_cannot_be_taken_away_behind_it(clerk: Actor, name: str) -> None:
    made = await world.space("rt4")
    whole: dict[str, object] = {"slug": "rt4", "title": {"en": "T"}, "policy": {"en": "P"}, "languages": ["en"]}
    empty: object = [] if name == "languages" else {}
    with pytest.raises(Refusal) as refused:
        await founding.rewrite(clerk, made.id, SpaceForm.model_validate(whole | {name: empty}))
    assert refused.value.fields[name].key == "field.required"
    await founding.rewrite(clerk, made.id, SpaceForm.model_validate(whole))


async def test_an_archived_space_does_not_change(clerk: Actor) -> None:
    made = await world.space("rt4", state=SpaceState.ARCHIVED.value)
    with pytest.raises(Refusal) as refused:
        await founding.rewrite(clerk, made.id, SpaceForm(slug="rt4", title={"en": "T"}, policy={"en": "P"}, languages=["en"]))
    assert refused.value.key == "space.state"


async def test_a_text_that_is_too_long_is_named_with_its_language(clerk: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        await founding.found(clerk, SpaceForm(slug="rt4", title={"fr": "x" * 201, "en": "short"}))
    assert list(refused.value.fields) == ["title.fr"]
    assert not await Space.all().exists()


async def test_questions_freeze_with_the_first_comment(clerk: Actor, facts: list[Fact]) -> None:
    author = await world.actor_for(await world.person("Author"))
    made = await world.space("rt4", questions=1)
    await founding.set_question(clerk, made.id, QuestionForm(number=1, text={"en": "Rewritten?", "fr": " "}))
    await founding.set_question(clerk, made.id, QuestionForm(number=2, text={"fr": "Deux ?"}))
    await founding.set_question(clerk, made.id, QuestionForm(number=3, text={"fr": "Trois ?"}))
    await founding.drop_question(clerk, made.id, 3)
    kinds = ["question.rewritten", "question.added", "question.added", "question.dropped"]
    assert [fact.kind for fact in facts if fact.kind.startswith("question.")] == kinds
    await world.post(author, made, "Held, and nobody reads it yet.")
    for attempt in (
        founding.set_question(clerk, made.id, QuestionForm(number=1, text={"en": "Another?"})),
        founding.set_question(clerk, made.id, QuestionForm(number=3, text={"en": "More?"})),
        founding.drop_question(clerk, made.id, 2),
    ):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert refused.value.key == "space.frozen"
    assert [one.text for one in await Question.filter(space_id=made.id).order_by("number")] == [
        {"en": "Rewritten?"},
        {"fr": "Deux ?"},
    ]


SEES = [
    ("anonymous", "public", "open", True),
    ("anonymous", "public", "draft", False),
    ("anonymous", "members", "open", False),
    ("stranger", "members", "open", False),
    ("member", "members", "open", True),
    ("member", "members", "draft", False),
    ("facilitator", "members", "draft", True),
    ("moderator", "members", "open", True),
    ("moderator", "public", "draft", True),
    ("secretariat", "members", "draft", True),
]


@pytest.mark.parametrize(("who", "visibility", "state", "seen"), SEES, ids=[" ".join(map(str, row)) for row in SEES])
async def test_who_sees_a_space(clerk: Actor, who: str, visibility: str, state: str, seen: bool) -> None:
    made = await world.space("rt4", visibility=visibility, state=state)
    await world.space("elsewhere", visibility="members")
    person = await world.person("Somebody")
    if who in {role.value for role in Role}:
        await world.give_role(person, made, Role(who))
    actors = {"anonymous": ANONYMOUS, "secretariat": clerk}
    actor = actors.get(who) or await world.actor_for(person)
    assert ("rt4" in [space.slug for space in await queries.listed(actor)]) is seen
    if seen:
        assert (await queries.space_by_slug(actor, "rt4")).id == made.id
        return
    with pytest.raises(NotFound) as hidden:
        await queries.space_by_slug(actor, "rt4")
    with pytest.raises(NotFound) as unknown:
        await queries.space_by_slug(actor, "no-such-space")
    assert str(hidden.value) == str(unknown.value)


@pytest.mark.parametrize(("who", "refusal"), [("nobody", NotSignedIn), ("moderator", Forbidden)])
async def test_only_the_secretariat_founds(facts: list[Fact], who: str, refusal: type[Refusal]) -> None:
    made = await world.space("rt4")
    person = await world.person("Mona")
    await world.give_role(person, made)
    actor = ANONYMOUS if who == "nobody" else await world.actor_for(person)
    for attempt in (
        founding.found(actor, SpaceForm(slug="mine")),
        founding.rewrite(actor, made.id, SpaceForm(slug="mine")),
        founding.set_question(actor, made.id, QuestionForm(number=9, text={"en": "?"})),
        founding.drop_question(actor, made.id, 1),
    ):
        with pytest.raises(refusal):
            await attempt
    assert not facts


async def test_holders_of_roles(clerk: Actor) -> None:
    made, other = await world.space("rt4"), await world.space("rt3")
    for name, role in (("Zoe", Role.MEMBER), ("Bo", Role.MODERATOR), ("Al", Role.FACILITATOR)):
        await roles.grant((await world.person(name)).id, made.id, role, clerk)
    await world.give_role(await world.person("Far"), other)
    assert [(one.name, one.role) for one in await roles.holders(made.id)] == [
        ("Bo", "moderator"),
        ("Al", "facilitator"),
        ("Zoe", "member"),
    ]
    assert (await roles.by_email(" BO@example.org")).name == "Bo"
    with pytest.raises(Refusal) as refused:
        await roles.by_email("nobody@example.org")
    assert refused.value.fields["email"].key == "people.unknown"
