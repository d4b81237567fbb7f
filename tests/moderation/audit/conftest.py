"""A scene in which a moderator has worked, and the secretariat beside it."""

from dataclasses import dataclass

import pytest

from forum.discussions.events import as_secretariat
from forum.discussions.models import SpaceState
from forum.discussions.opening import step
from forum.kernel.actors import Actor, Role
from forum.people import roles
from forum.people.models import Person
from moderation.models import Action
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, settle
from tests.support.world import actor_for, person, post


@dataclass(frozen=True, slots=True)
class Worked:
    """`here` was returned by Mona with words and a note, `there` waits in the other space; `clara` is of the secretariat."""

    scene: Scene
    clara: Actor
    here: str
    there: str


@pytest.fixture
async def worked(scene: Scene) -> Worked:
    clara = await actor_for(await person("Clara", secretariat=True))
    here, there = await scenes.held(scene), await post(scene.asma, scene.annex, "Words of the annex.")
    await settle(scene.mona, here, Action.RETURN, "off-question", text="Mots à l’auteur.", text_lang="fr", note="INSIDE")
    zoe = await Person.get(id=scene.asma.person_id)
    await roles.grant(zoe.id, scene.annex.id, Role.MEMBER, clara)
    assert scene.annex.state == SpaceState.OPEN.value
    await step(scene.annex.id, "close", as_secretariat(clara))
    return Worked(scene, clara, here, there)
