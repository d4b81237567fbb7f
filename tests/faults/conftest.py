"""Servers that several tests share: each leaves them as it found them, or adds comments alone."""

from collections.abc import Iterator

import pytest

from tests.faults.launched import Launched, launched
from tests.faults.pair import Pair, pair
from tests.faults.seen import Seen
from tests.support.server import Server, demo_server


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """Where a test keeps what it saw; `tests.faults.report` makes a page of it."""
    return Seen(lambda row, text: request.node.user_properties.append((row, text)))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running demonstration; `participant@demo.example` is suspended in it by the storm."""
    with demo_server(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture(scope="session")
def metered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """A running demonstration with a clock and meters."""
    with launched(tmp_path_factory.mktemp("metered")) as made:
        yield made


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two processes on PostgreSQL and Valkey."""
    with pair(tmp_path_factory.mktemp("two")) as made:
        yield made
