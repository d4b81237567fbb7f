"""The whole forum over a fresh database, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from forum.app import Forum, create_app
from forum.settings import Settings
from tests.contracts import scene as scenes
from tests.contracts.client import BASE, Api, described
from tests.contracts.scene import Scene
from tests.support import world
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


def settings(database_url: str, **more: Any) -> Settings:
    """Settings for a forum at the address of the tests."""
    return Settings(database_url=database_url, secret_key="a secret of these tests", base_url=BASE, **more)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Forum]:
    async with world.new_database(tmp_path) as url:
        forum = create_app(settings(url, rate_limits="off"))
        async with forum.app.router.lifespan_context(forum.app):
            yield forum


@pytest.fixture
async def api(app: Forum) -> AsyncIterator[Api]:
    made = Api(app, await described(app))
    async with made.http:
        yield made


@pytest.fixture
async def scene(api: Api) -> Scene:
    """People and spaces, without comments."""
    return await scenes.build()


@pytest.fixture
async def filled(scene: Scene) -> Scene:
    """The same with a comment of the author's in each state."""
    return await scenes.fill(scene)
