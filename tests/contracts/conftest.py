"""A fresh database and the application over it, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from forum.discussions.api.routes import DOCS as DISCUSSIONS_DOCS
from forum.people.api import DOCS as PEOPLE_DOCS
from forum.web import openapi
from tests.contracts import scene as scenes
from tests.contracts.client import Api
from tests.contracts.scene import Scene
from tests.support import world
from tests.support.api_app import api_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[ASGIApp]:
    async with world.database(tmp_path):
        yield api_app()


@pytest.fixture
async def api(app: ASGIApp) -> AsyncIterator[Api]:
    made = Api(app, openapi.document([*PEOPLE_DOCS, *DISCUSSIONS_DOCS, openapi.ITSELF]))
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
