"""nginx and a forum behind it, for all tests here that change nothing for the others."""

from collections.abc import Iterator

import pytest

from tests.support.nginx import Nginx, forum_behind_nginx, nginx
from tests.support.server import Server


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Nginx]]:
    """A forum and nginx before it."""
    if nginx() is None:
        pytest.skip("no nginx here: `apt-get install nginx-light`")
    with forum_behind_nginx(tmp_path_factory.mktemp("behind")) as pair:
        yield pair


@pytest.fixture
def front(behind: tuple[Server, Nginx]) -> Nginx:
    """Where readers come."""
    return behind[1]
