"""A fresh database with a space and its people, on each kind of database; a clock that is set by hand; a mail server."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.db.work import begin
from forum.discussions.models import Space
from forum.kernel import clock
from forum.notices.models import Notice
from forum.notices.notifying import Told, notify
from forum.people.models import Person
from tests.support import world
from tests.support.backends import on_each_database  # noqa: F401 - a fixture
from tests.support.mail import Mail, mail_server


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def on(self, **passed: float) -> None:
        self.time += timedelta(**passed)


@dataclass
class Hall:
    """A space, two people who take part, and the clock."""

    space: Space
    asma: Person
    boris: Person
    watch: Watch

    def told(self, ref: str = "act", kind: str = "decision.returned", **values: object) -> Told:
        """A notice to Asma about the space, unless `values` say otherwise."""
        usual = {"person_id": self.asma.id, "url": "/contributions", "space_id": self.space.id}
        return Told(kind=kind, ref=ref, **usual | values)  # type: ignore[arg-type]

    async def tell(self, *told: Told) -> list[Notice]:
        """Give notices in a unit of work of their own; return all that there are by now, oldest first."""
        async with begin() as work:
            await notify(work, *told)
        return await Notice.all().order_by("id")


@pytest.fixture
def watch() -> Iterator[Watch]:
    hands = Watch()
    with clock.running(hands):
        yield hands


@pytest.fixture
async def hall(tmp_path: Path, watch: Watch) -> AsyncIterator[Hall]:
    async with world.database(tmp_path):
        asma, boris = await world.person("Asma"), await world.person("Boris", lang="ru")
        space = await world.space("hall", title={"en": "The hall", "ru": "Зал"})
        yield Hall(space, asma, boris, watch)


@pytest.fixture
def mail() -> Iterator[Mail]:
    with mail_server() as made:
        yield made
