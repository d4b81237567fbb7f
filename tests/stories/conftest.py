"""All of it on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.place import Place, open_place
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A forum with something at every address."""
    async with open_place(tmp_path) as made:
        yield made
