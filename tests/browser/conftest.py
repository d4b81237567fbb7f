"""The browser, a running demonstration, and people who visit it, for every test in this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Visitors, chromium
from tests.support.server import Server, demo_server

__all__ = ["chromium"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One demonstration for all tests that only add to it; what stops the server or floods it starts its own."""
    with demo_server(tmp_path_factory.mktemp("demo")) as running:
        running.api("secretariat@demo.example").at_once()
        yield running


@pytest.fixture
def visitors(chromium: Browser, server: Server) -> Iterator[Visitors]:
    """People on the shared server."""
    people = Visitors(chromium, server.url, server.password)
    yield people
    people.close()
