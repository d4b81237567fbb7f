"""Who decides on an appeal: nobody who has touched the comment, decided or agreed before, or speaks for the same entity."""

import pytest

from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden
from forum.kernel.messages import REFUSALS
from forum.people.models import Person
from moderation.claims import claim
from moderation.home.overview import home
from moderation.models import Action
from moderation.proposing import second
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.reports.saying import report
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import actor_for, affiliate, entity, give_role, person, post


async def moderator(scene: Scene, name: str) -> Actor:
    """Add a moderator of the hall who has touched nothing."""
    who = await person(name)
    await give_role(who, scene.hall)
    return await actor_for(who)


async def refused_to(who: Actor, comment_id: str) -> str:
    """Return the key with which the case of an appeal is refused to somebody, both ways; "" if it was theirs."""
    keys = set()
    for action in (Action.UPHOLD, Action.OVERTURN):
        with pytest.raises(Forbidden) as refused:
            await settle(who, comment_id, action)
        assert refused.value.status == 403
        assert REFUSALS[refused.value.key]
        keys.add(refused.value.key)
    [key] = keys
    return key


async def test_not_by_whoever_decided(scene: Scene) -> None:
    comment_id = await scenes.rejected(scene)
    await appeal_against(scene.asma, comment_id)
    assert await refused_to(scene.mona, comment_id) == "case.touched"
    await settle(scene.malik, comment_id, Action.OVERTURN)


async def test_not_by_whoever_has_touched_the_comment(scene: Scene) -> None:
    """To have claimed an earlier case of it is enough; to claim the case of the appeal is not."""
    comment_id = await scenes.held(scene)
    await claim(scene.malik, (await case_of(comment_id)).id)
    await settle(scene.mona, comment_id, Action.REJECT)
    await appeal_against(scene.asma, comment_id)
    assert await refused_to(scene.malik, comment_id) == "case.touched"
    noor = await moderator(scene, "Noor")
    await claim(noor, (await case_of(comment_id)).id)
    await settle(noor, comment_id, Action.UPHOLD)


async def test_not_by_one_of_the_entity_of_whoever_decided(scene: Scene) -> None:
    comment_id, kenya = await scenes.rejected(scene), await entity("Kenya")
    for who in (scene.mona, scene.malik):
        await affiliate(await Person.get(id=who.person_id), kenya)
    await appeal_against(scene.asma, comment_id)
    assert await refused_to(scene.malik, comment_id) == "case.same_entity"
    await settle(await moderator(scene, "Noor"), comment_id, Action.OVERTURN)


async def test_not_by_the_author(scene: Scene) -> None:
    asma, comment_id = await scenes.moderator_who_writes(scene), await scenes.rejected(scene)
    await appeal_against(asma, comment_id)
    assert await refused_to(asma, comment_id) == "case.own"


async def stuck(scene: Scene) -> int:
    """Return how many appeals of the hall nobody may decide, as its moderators read on their home."""
    return (await home(await actor_for(await Person.get(id=scene.mona.person_id)))).desks[0].stuck


async def test_not_by_the_second_who_agreed_nor_by_one_of_that_entity(scene: Scene) -> None:
    """Whoever seconds a refusal has decided it too. The home counts the appeal among those that nobody may decide."""
    kenya, iom = await entity("Kenya", code="KEN"), await entity("IOM")
    await affiliate(await Person.get(id=scene.asma.person_id), kenya)
    comment_id = await post(scene.asma, scene.hall, "For a State.", capacity=kenya.id)
    await settle(scene.mona, comment_id, Action.REJECT, "hate")
    case = await case_of(comment_id)
    assert case.state == "open"
    await second(scene.malik, case.id, case.version)
    await appeal_against(scene.asma, comment_id)
    noor = await moderator(scene, "Noor")
    assert await stuck(scene) == 0
    for who in (scene.malik, noor):
        await affiliate(await Person.get(id=who.person_id), iom)
    assert await refused_to(scene.malik, comment_id) == "case.touched"
    assert await refused_to(noor, comment_id) == "case.same_entity"
    assert await stuck(scene) == 1


async def test_not_by_whoever_had_reported_it(scene: Scene) -> None:
    comment_id = await scenes.published(scene)
    await report(scene.malik, comment_id)
    await settle(scene.mona, comment_id, Action.REMOVE)
    await appeal_against(scene.asma, comment_id)
    assert await refused_to(scene.malik, comment_id) == "case.reported"
    assert await stuck(scene) == 1
    await moderator(scene, "Noor")
    assert await stuck(scene) == 0
