"""The two spaces of the moderation tests, with the secretariat beside them."""

import pytest

from forum.kernel.actors import Actor
from tests.moderation.scene import Scene
from tests.support.world import actor_for, person


@pytest.fixture
async def clerk(scene: Scene) -> Actor:
    """A member of the secretariat."""
    return await actor_for(await person("Clerk", secretariat=True))


@pytest.fixture
async def second_clerk(scene: Scene) -> Actor:
    """Another one."""
    return await actor_for(await person("Celia", secretariat=True))
