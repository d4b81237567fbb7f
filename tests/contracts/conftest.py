"""The whole forum over a fresh database, for each test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
from tests.support.snapshots import copied


def settings(database_url: str, **more: Any) -> Settings:
    """Settings for a forum at the address of the tests."""
    return Settings(
        database_url=database_url,
        secret_key="a secret of these tests",
        base_url=BASE,
        **{"statement_timeout": world.PATIENT.statement_timeout} | more,
    )


async def _open(url: str) -> AsyncIterator[Forum]:
    forum = create_app(settings(url, rate_limits="off"))
    async with forum.app.router.lifespan_context(forum.app):
        yield forum


running = asynccontextmanager(_open)


async def _scene(url: str) -> Scene:
    async with running(url):
        return await scenes.build()


async def filled_at(url: str) -> Scene:
    """Make the filled scene in an empty forum."""
    async with running(url):
        return await scenes.fill(await scenes.build())


@dataclass
class Ground:
    """Where the forum of a test stands, and what is there already."""

    url: str
    scene: Scene


@pytest.fixture
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    """A database with what the test asks for: the filled scene, the scene, or nothing."""
    asked = request.fixturenames
    if "scene" not in asked:
        async with world.new_database(tmp_path) as url:
            yield Ground(url, Scene())
        return
    name, make = ("filled", filled_at) if "filled" in asked else ("scene", _scene)
    async with copied(tmp_path, name, make) as (url, made):
        yield Ground(url, made)


@pytest.fixture
async def app(ground: Ground) -> AsyncIterator[Forum]:
    async with running(ground.url) as forum:
        yield forum


@pytest.fixture
async def api(app: Forum) -> AsyncIterator[Api]:
    made = Api(app, await described(app))
    async with made.http:
        yield made


@pytest.fixture
async def scene(api: Api, ground: Ground) -> Scene:
    """People and spaces; comments only for who asks for `filled`."""
    return ground.scene


@pytest.fixture
async def filled(scene: Scene) -> Scene:
    """The same with a comment of the author's in each state."""
    return scene
