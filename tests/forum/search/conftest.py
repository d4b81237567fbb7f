"""A forum on each of the two databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.kernel.events import Fact
from tests.support import postgres, world

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.server)]


@pytest.fixture(params=ENGINES)
async def told(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[Fact]]:
    """An empty forum, on SQLite and on a real PostgreSQL; the facts that are told in it."""
    url = await postgres.new_database() if request.param == "postgres" else ""
    async with world.database(tmp_path, url=url) as facts:
        yield facts
