"""A forum for the tests of pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum import wiring
from forum.discussions.models import Space
from forum.discussions.space_routes import SPACE_PAGES
from forum.live.memory import MemoryBus
from tests.forum.discussions.views.reader import Hall, hall
from tests.support import world
from tests.support.visiting import Visited, Visitor, visiting

TITLES = {"en": "A space of words", "ar": "حيّز للكلمات"}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Hall]:
    """An open space in which everything is held first."""
    async with hall(tmp_path) as made:
        yield made


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Visited]:
    """The pages of spaces alone, on an empty forum; listeners of the page cache are wired."""
    async with visiting(SPACE_PAGES) as opened:
        parts = wiring.Parts(MemoryBus(), wiring.Pages(opened.generations))
        async with world.database(tmp_path, after=wiring.after(parts)):
            yield opened


@pytest.fixture
async def room(site: Visited) -> Space:
    """The open space "hall" on the empty forum."""
    note = {"en": "<p>Why we meet.</p>"}
    return await world.space("hall", title=TITLES, note_html=note, zone="America/New_York", round_table=4, edition=2030)


@pytest.fixture
async def clerk(site: Visited) -> Visitor:
    """A member of the secretariat, signed in."""
    return await site.signed_in(await world.person("Clerk", secretariat=True))
