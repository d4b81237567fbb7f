"""One server for all tests that leave it as they found it, or add comments alone."""

from collections.abc import Iterator

import pytest

from tests.support.server import Server, demo_server


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running demonstration; `participant@demo.example` is suspended in it by the storm."""
    with demo_server(tmp_path_factory.mktemp("shared")) as made:
        yield made
