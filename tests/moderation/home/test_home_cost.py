"""What the home costs: as many statements whatever is in the spaces, and however many there are."""

from collections.abc import Sequence
from typing import Any

from forum.discussions.models import Comment, Question, Space
from forum.kernel.actors import Actor
from forum.people.models import Person
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.home.overview import home
from moderation.models import Action, Case, CaseState
from tests.forum.discussions.bulk import write_thread
from tests.moderation import past
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene
from tests.support.statements import recorded
from tests.support.world import actor_for, post, space


async def cost(actor: Actor) -> int:
    with recorded() as made:
        await home(actor)
    return len(made)


async def test_as_many_statements_for_fifty_spaces_as_for_one(scene: Scene) -> None:
    """And for thousands of comments as for few; more spaces than fifty are not shown, but said to be there."""
    mona = await Person.get(id=scene.mona.person_id)
    await past.appeal(scene.asma, await scenes.returned(scene))
    before = await cost(scene.mona)
    await write_thread(scene.hall, str((await first_question(scene.hall)).id), str(scene.asma.person_id), 2000)
    # Their replies go, so that nobody has answered them.
    await Comment.filter(space_id=scene.hall.id, depth=1).update(state="removed")
    made: Sequence[Space] = [await space(f"space {number}", moderators=[mona], questions=1) for number in range(55)]
    actor = await actor_for(mona)
    await past.appeal(scene.asma, await returned_in(actor, scene, made[0]))
    found = await home(actor)
    assert await cost(actor) == before <= 13
    assert (len(found.desks), found.more_spaces) == (50, True)
    assert (len(found.threads), found.more_threads) == (10, True)


async def first_question(where: Space) -> Any:
    return await Question.get(space_id=where.id, number=2)


async def returned_in(actor: Actor, scene: Scene, where: Space) -> str:
    comment_id = await post(scene.asma, where, "Elsewhere.")
    case = await Case.get(comment_id=comment_id, state=CaseState.OPEN.value)
    await decide(actor, case.id, DecisionForm(action=Action.RETURN, reason="unclear", version=case.version))
    return comment_id
