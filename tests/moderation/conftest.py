"""A fresh database with two spaces, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.kernel.events import Fact
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, desk_app
from tests.moderation.scene import Scene
from tests.support.backends import on_each_database  # noqa: F401 - a fixture
from tests.support.world import database


@pytest.fixture
async def facts(tmp_path: Path) -> AsyncIterator[list[Fact]]:
    """What was told and committed, in order."""
    async with database(tmp_path) as told:
        yield told


@pytest.fixture
async def scene(facts: list[Fact]) -> Scene:
    return await scenes.build()


@pytest.fixture
async def mona(scene: Scene) -> Browser:
    """A moderator's browser."""
    return await browser(desk_app(), scene.mona)
