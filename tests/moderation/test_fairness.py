"""Who must leave a case to another moderator, and when a case is late: one sentence a row."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from forum.discussions.models import Comment
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden
from forum.people.models import AffiliationStatus, EntityKind, Person
from moderation.fairness import Matter, recused, require_impartial
from moderation.models import Case
from moderation.rules.models import DeskSettings, ModeratorScope
from moderation.rules.settings import goal, settings_of
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, case_of
from tests.support.world import affiliate, entity, post

Given = Callable[[Scene], Awaitable[Actor]]


async def _person(actor: Actor) -> Person:
    return await Person.get(id=actor.person_id)


async def own(scene: Scene) -> Actor:
    return await scenes.moderator_who_writes(scene)


async def of_the_same_entity(scene: Scene) -> Actor:
    state = await entity("Alpha", code="AAA")
    for one in (scene.mona, scene.asma):
        await affiliate(await _person(one), state)
    return scene.mona


async def of_an_entity_not_verified(scene: Scene) -> Actor:
    state = await entity("Alpha", code="AAA")
    await affiliate(await _person(scene.mona), state, AffiliationStatus.DECLARED)
    await affiliate(await _person(scene.asma), state)
    return scene.mona


async def of_another_entity(scene: Scene) -> Actor:
    await affiliate(await _person(scene.mona), await entity("Beta", code="BBB"))
    await affiliate(await _person(scene.asma), await entity("Alpha", code="AAA"))
    return scene.mona


async def where_entities_do_not_matter(scene: Scene) -> Actor:
    await DeskSettings.create(space_id=scene.hall.id, recuse_entity=False)
    return await of_the_same_entity(scene)


async def nobody_in_particular(scene: Scene) -> Actor:
    return scene.malik


WHO: list[tuple[str, Given, str]] = [
    ("nobody decides on their own comment", own, "case.own"),
    ("nor on one of their own entity", of_the_same_entity, "case.entity"),
    ("a claim to speak for it that nobody has verified is none", of_an_entity_not_verified, ""),
    ("another entity is no hindrance", of_another_entity, ""),
    ("a space may do without that rule", where_entities_do_not_matter, ""),
    ("everybody else decides", nobody_in_particular, ""),
]


async def matter_of(case: Case) -> Matter:
    return Matter(case, await Comment.get(id=case.comment_id), await settings_of(case.space_id))


@pytest.mark.parametrize(("said", "given", "key"), WHO, ids=[row[0] for row in WHO])
async def test_who_is_impartial(scene: Scene, said: str, given: Given, key: str) -> None:
    comment_id = await scenes.held(scene)
    actor = await given(scene)
    matter = await matter_of(await case_of(comment_id))
    assert await recused(actor, matter) == key
    if key:
        with pytest.raises(Forbidden):
            await require_impartial(actor, matter)
    else:
        await require_impartial(actor, matter)


@pytest.mark.parametrize(
    ("said", "setting", "nationality", "key"),
    [
        ("a national of the State that speaks, where the space says so", True, "AAA", "case.nationality"),
        ("where it does not", False, "AAA", ""),
        ("a national of another State", True, "BBB", ""),
        ("one of whom nothing is noted", True, "", ""),
    ],
)
async def test_nationals(scene: Scene, said: str, setting: bool, nationality: str, key: str) -> None:
    await DeskSettings.create(space_id=scene.hall.id, recuse_nationality=setting)
    await affiliate(await _person(scene.asma), await entity("Alpha", EntityKind.STATE, code="AAA"))
    assert scene.mona.person_id
    await ModeratorScope.create(person_id=scene.mona.person_id, space_id=scene.hall.id, languages=[], nationality=nationality)
    comment_id = await post(scene.asma, scene.hall, "On behalf of my State.", capacity="AAA")
    assert await recused(scene.mona, await matter_of(await case_of(comment_id))) == key


GOALS = [
    ("a Wednesday noon, the next day's noon", "2026-11-25T12:00", 1, "2026-11-26T12:00"),
    ("a Friday, over the weekend", "2026-11-27T12:00", 1, "2026-11-30T12:00"),
    ("a Saturday counts from Monday's first hour", "2026-11-28T12:00", 1, "2026-12-01T00:00"),
    ("a Sunday's last minute too", "2026-11-29T23:59", 1, "2026-12-01T00:00"),
    ("five working days are a week", "2026-11-25T12:00", 5, "2026-12-02T12:00"),
]


@pytest.mark.parametrize(("said", "opened", "days", "late"), GOALS, ids=[row[0] for row in GOALS])
def test_when_a_case_is_late(said: str, opened: str, days: int, late: str) -> None:
    at = datetime.fromisoformat(opened).replace(tzinfo=UTC)
    assert goal(at, days, "UTC") == datetime.fromisoformat(late).replace(tzinfo=UTC)


def test_the_goal_is_in_the_zone_of_the_space() -> None:
    """In Geneva it is Saturday already when New York still works; the hour of the day stays over a change of the clocks."""
    friday_night = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    assert goal(friday_night, 1, "Europe/Zurich") == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert goal(friday_night, 1, "America/New_York") == datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert goal(datetime(2026, 10, 23, 10, tzinfo=UTC), 1, "Europe/Zurich") == datetime(2026, 10, 26, 11, tzinfo=UTC)
