"""Two spaces with their moderators, an author, and the situations a comment can be in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from forum.discussions.editing import edit_comment
from forum.discussions.models import Comment, Space
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import Actor
from forum.people.models import Person
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case
from moderation.rules.models import DeskSettings
from tests.support.world import actor_for, edit_of, give_role, person, post, space


@dataclass(frozen=True, slots=True)
class Scene:
    """`mona` and `malik` moderate `hall`, `omar` moderates `annex`; `asma` writes."""

    hall: Space
    annex: Space
    mona: Actor
    malik: Actor
    omar: Actor
    asma: Actor


async def build() -> Scene:
    """Add the spaces and the people."""
    mona, malik, omar, asma = [await person(name) for name in ("Mona", "Malik", "Omar", "Asma")]
    hall, annex = await space("hall", moderators=[mona, malik]), await space("annex", moderators=[omar])
    actors = [await actor_for(who) for who in (mona, malik, omar, asma)]
    return Scene(hall, annex, *actors)


async def case_of(comment_id: str) -> Case:
    """Return the newest case of a comment."""
    found = await Case.filter(comment_id=comment_id).order_by("-id").first()
    assert found is not None
    return found


async def settle(actor: Actor, comment_id: str, action: Action, reason: str = "", **values: str) -> Case:
    """Decide on the newest case of a comment; a reason is given where one is needed."""
    case = await case_of(comment_id)
    needed = reason or ("" if action is Action.PUBLISH else "unclear")
    form = DecisionForm.model_validate({"action": action, "reason": needed, "version": case.version, **values})
    return await decide(actor, case.id, form)


async def at_once(place: Space) -> None:
    """Let decisions made on the pages of a space be carried out at once: without the time in which they can be undone."""
    await DeskSettings.create(space_id=place.id, undo_seconds=0)


async def edit(scene: Scene, comment_id: str, body: str) -> None:
    """Let the author write her comment anew."""
    await edit_comment(scene.asma, comment_id, await edit_of(comment_id, body))


async def moderator_who_writes(scene: Scene) -> Actor:
    """Make the author a moderator of the hall too, and return her as she is then."""
    asma = await Person.get(id=scene.asma.person_id)
    await give_role(asma, scene.hall)
    return await actor_for(asma)


async def held(scene: Scene) -> str:
    return await post(scene.asma, scene.hall, "A first text.")


async def published(scene: Scene) -> str:
    comment_id = await held(scene)
    await settle(scene.mona, comment_id, Action.PUBLISH)
    return comment_id


async def returned(scene: Scene) -> str:
    comment_id = await held(scene)
    await settle(scene.mona, comment_id, Action.RETURN)
    return comment_id


async def rejected(scene: Scene) -> str:
    comment_id = await held(scene)
    await settle(scene.mona, comment_id, Action.REJECT)
    return comment_id


async def removed(scene: Scene) -> str:
    comment_id = await published(scene)
    await settle(scene.mona, comment_id, Action.REMOVE)
    return comment_id


async def revised(scene: Scene) -> str:
    comment_id = await held(scene)
    await edit(scene, comment_id, "A second text.")
    return comment_id


async def resubmitted(scene: Scene) -> str:
    comment_id = await returned(scene)
    await edit(scene, comment_id, "A better text.")
    return comment_id


async def edited(scene: Scene) -> str:
    comment_id = await published(scene)
    await edit(scene, comment_id, "A new text.")
    return comment_id


async def edit_returned(scene: Scene) -> str:
    comment_id = await edited(scene)
    await settle(scene.mona, comment_id, Action.RETURN)
    return comment_id


async def retracted(scene: Scene) -> str:
    comment_id = await held(scene)
    await withdraw_comment(scene.asma, comment_id, (await Comment.get(id=comment_id)).version)
    return comment_id


async def withdrawn(scene: Scene) -> str:
    comment_id = await published(scene)
    await withdraw_comment(scene.asma, comment_id, (await Comment.get(id=comment_id)).version)
    return comment_id


Situation = Callable[[Scene], Awaitable[str]]
