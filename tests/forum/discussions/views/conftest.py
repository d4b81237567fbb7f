"""A forum for the tests of pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.forum.discussions.views.reader import Hall, hall


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Hall]:
    """An open space in which everything is held first."""
    async with hall(tmp_path) as made:
        yield made
