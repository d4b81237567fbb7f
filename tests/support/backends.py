"""On which database a test runs: the one that FORUM_TEST_DATABASE names, SQLite unless it does.

A folder whose tests must hold on both imports the fixture in its conftest:

    from tests.support.backends import on_each_database  # noqa: F401

Its tests then run once on each, those on PostgreSQL marked `server`; with FORUM_TEST_DATABASE set, on that one alone.
"""

import os
from collections.abc import Iterator

import pytest

SQLITE, POSTGRES = "sqlite", "postgres"
CHOSEN = os.environ.get("FORUM_TEST_DATABASE", "")
EACH = [pytest.param(CHOSEN)] if CHOSEN else [pytest.param(SQLITE), pytest.param(POSTGRES, marks=pytest.mark.server)]
assert CHOSEN in ("", SQLITE, POSTGRES), "FORUM_TEST_DATABASE is sqlite or postgres"

_present = [CHOSEN or SQLITE]


def present() -> str:
    """Return the kind of database of the test that runs now."""
    return _present[-1]


@pytest.fixture(autouse=True, params=EACH)
def on_each_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test on one kind of database after the other."""
    _present.append(request.param)
    yield request.param
    _present.pop()
