"""What a sanction keeps its person from, in the space it is for and in no other."""

from datetime import timedelta

import pytest

from forum.db.work import begin
from forum.discussions import restraint
from forum.discussions.models import Comment, Premoderation
from forum.discussions.policy import may_post, may_read
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.kernel.errors import Forbidden, TooMany
from forum.people.models import Person, Restriction
from forum.record.appending import lock
from forum.web import catalogue
from forum.web.catalogue import refusal_text
from forum.web.formats import formats
from tests.moderation import scene as scenes
from tests.moderation.sanctions.acts import at, now, sanction
from tests.moderation.scene import Scene
from tests.support.world import give_role, post


async def open_both(scene: Scene) -> None:
    """Let both spaces publish at once and stay open."""
    for space in (scene.hall, scene.annex):
        space.premoderation, space.closes_at = Premoderation.NONE.value, None
        await space.save()


@pytest.mark.parametrize("fresh", [True, False], ids=["knowing it", "in a request that began before"])
async def test_suspended_people_write_nothing_and_are_told_until_when(scene: Scene, fresh: bool) -> None:
    await open_both(scene)
    before = await post(scene.asma, scene.hall, "Before.")
    made = await sanction(scene.mona, scene.asma)
    asma = await now(scene.asma) if fresh else scene.asma
    with pytest.raises(Forbidden) as refused:
        await post(asma, scene.hall, "After.")
    assert (refused.value.key, refused.value.params["until"]) == ("restricted.until", made.ends_at)
    assert made.ends_at is not None
    for lang in ("en", "ar"):
        with catalogue.use(lang):
            assert formats(lang).datetime(made.ends_at) in refusal_text(refused.value.key, refused.value.params)
    with pytest.raises(Forbidden):
        await scenes.edit(Scene(scene.hall, scene.annex, scene.mona, scene.malik, scene.omar, asma), before, "Edited.")
    assert await post(asma, scene.annex, "Elsewhere."), "in another space nothing has changed"
    with at(made.ends_at):
        assert await post(await now(asma), scene.hall, "After the end.")
    assert await Comment.filter(space_id=scene.hall.id).count() == 2


async def test_slowed_down(scene: Scene) -> None:
    """One post an hour; an edit is no post; another space and another person are not slowed."""
    await open_both(scene)
    first = await post(scene.asma, scene.hall, "One.")
    await sanction(scene.mona, scene.asma, "slow", every=3600)
    with pytest.raises(TooMany) as refused:
        await post(scene.asma, scene.hall, "Two.")
    assert refused.value.key == "restricted.slow"
    assert 3500 < refused.value.retry_after <= 3600
    await scenes.edit(scene, first, "One, mended.")
    await post(scene.asma, scene.annex, "Elsewhere.")
    await post(scene.malik, scene.hall, "Another.")
    received = (await Comment.get(id=first)).received_at
    with clock.running(lambda: received + timedelta(seconds=3600)):
        await post(scene.asma, scene.hall, "Two.")


async def test_slowed_down_in_the_whole_forum(scene: Scene, clerk: Actor) -> None:
    await open_both(scene)
    await post(scene.asma, scene.hall, "One.")
    await sanction(clerk, scene.asma, "slow", "", every=3600)
    with pytest.raises(TooMany):
        await post(scene.asma, scene.annex, "Two.")


@pytest.mark.parametrize("where", ["hall", ""])
async def test_held(scene: Scene, clerk: Actor, where: str) -> None:
    """Everything is read first, edits too, although the space reads nothing first; of others it goes on reading nothing."""
    await open_both(scene)
    out = await post(scene.asma, scene.hall, "Published.")
    made = await sanction(clerk, scene.asma, "hold", where)
    held = await Comment.get(id=await post(scene.asma, scene.hall, "Held."))
    assert (held.state, held.published_at) == ("held", None)
    await scenes.edit(scene, out, "An edit.")
    assert (await Comment.get(id=out)).pending_id
    case = await scenes.case_of(held.id)
    assert '"restricted"' in case.holds
    assert (await Comment.get(id=await post(scene.malik, scene.hall, "Free."))).state == "published"
    elsewhere = await Comment.get(id=await post(scene.asma, scene.annex, "Elsewhere."))
    assert elsewhere.state == ("published" if where else "held")
    assert made.ends_at is not None
    await Restriction.filter(lifted_at=None).update(until=clock.now())
    assert (await Comment.get(id=await post(scene.asma, scene.hall, "Over."))).state == "published"


async def test_what_was_set_since_the_screening_counts(scene: Scene) -> None:
    await sanction(scene.mona, scene.asma, "hold")
    async with begin() as work:
        await lock(work, scene.hall.id)
        assert await restraint.still_free(work, scene.asma, scene.hall.id, [], new=True) == [restraint.READ_FIRST]
        once = await restraint.still_free(work, scene.asma, scene.hall.id, [restraint.READ_FIRST], new=True)
        assert once == [restraint.READ_FIRST]


async def test_members_alone(scene: Scene) -> None:
    """Who is suspended reads a public space as anybody does, and one of members no more."""
    await give_role(await Person.get(id=scene.asma.person_id), scene.hall, Role.MEMBER)
    await sanction(scene.mona, scene.asma)
    asma = await now(scene.asma)
    assert may_read(asma, scene.hall)
    assert not may_post(asma, scene.hall, clock.now())
    scene.hall.visibility = "members"
    assert not may_read(asma, scene.hall)
    assert not asma.belongs_to(scene.hall.id)
