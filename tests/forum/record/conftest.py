"""All of it on SQLite and on PostgreSQL."""

from tests.support.backends import on_each_database  # noqa: F401 - a fixture
