"""Connections: what is set on them, and that readers wait for nobody."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from tortoise.exceptions import OperationalError, TransactionManagementError

from forum import wiring
from forum.db.connect import config, reader, sqlite_path, writer
from forum.db.reading import execute, row, rows
from forum.db.work import begin
from forum.kernel import clock
from forum.people.models import Person
from tests.support import world


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "expected"), [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 5000)])
async def test_both_handles_keep_what_is_committed_over_a_power_cut(tmp_path: Path, name: str, expected: object) -> None:
    async with world.database(tmp_path):
        for connection in (writer(), reader()):
            found = await connection.execute_query_dict(f"PRAGMA {name}")
            assert list(found[0].values()) == [expected]


@pytest.mark.sqlite
async def test_foreign_keys_hold(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        assert await writer().execute_query_dict("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


async def test_the_reading_handle_cannot_write(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        with pytest.raises((OperationalError, TransactionManagementError)):
            await execute("UPDATE persons SET name = ?", ["x"], reader())


@pytest.mark.parametrize("through_the_model", [True, False], ids=["model", "raw"])
async def test_a_reader_does_not_wait_for_an_open_transaction_and_does_not_see_it(
    tmp_path: Path, through_the_model: bool
) -> None:
    async with world.database(tmp_path):
        who = await world.person("Before")
        written, finish = asyncio.Event(), asyncio.Event()

        async def write() -> None:
            async with begin():
                await Person.filter(id=who.id).update(name="After")
                written.set()
                await finish.wait()

        async def name() -> str:
            if through_the_model:
                return (await Person.get(id=who.id)).name
            found = await row("SELECT name FROM persons")
            return str(found and found["name"])

        writing = asyncio.create_task(write())
        await written.wait()
        assert await asyncio.wait_for(name(), 2) == "Before"
        finish.set()
        await writing
        assert await name() == "After", "what is committed is seen at once"


async def test_inside_a_unit_of_work_models_read_what_it_wrote(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        who = await world.person("Before")
        async with begin():
            await Person.filter(id=who.id).update(name="After")
            assert (await Person.get(id=who.id)).name == "After"
            assert [one.name for one in await Person.all()] == ["After"]
            assert await Person.filter(name="After").exists()


async def test_a_question_mark_is_a_parameter_and_a_value_never_sql(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        hostile = "x'; DROP TABLE persons; --"
        await world.person(hostile, email="a@example.org")
        assert await rows("SELECT email FROM persons WHERE name = ?", [hostile]) == [{"email": "a@example.org"}]
        assert await row("SELECT email FROM persons WHERE name = ?", ["' OR 1=1 --"]) is None


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite://:memory:", "mysql://h/d", "forum.sqlite3", "http://h"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        config(url, wiring.APPS)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p%40ss@db.example:6543/forum", ("db.example", 6543, "u", "p@ss", "forum")),
        ("postgresql://u@h/d", ("h", 5432, "u", None, "d")),
        ("postgres://postgres:@/d?host=/run/pg", ("/run/pg", 5432, "postgres", None, "d")),
    ],
)
def test_a_postgres_url_is_read(url: str, expected: tuple[object, ...]) -> None:
    credentials = config(url, wiring.APPS)["connections"]["default"]["credentials"]
    assert tuple(credentials[name] for name in ("host", "port", "user", "password", "database")) == expected


def test_a_relative_path_is_taken_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sqlite_path("sqlite://forum.sqlite3") == tmp_path / "forum.sqlite3"
    assert sqlite_path(f"sqlite://{tmp_path}/a.sqlite3") == tmp_path / "a.sqlite3"


@pytest.mark.sqlite
async def test_committed_rows_are_in_the_file_for_everybody(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        async with begin():
            await Person.create(email="a@example.org", name="A", password_hash="-", created_at=clock.now())
        other = sqlite3.connect(tmp_path / "forum.sqlite3")
        try:
            assert other.execute("SELECT email FROM persons").fetchall() == [("a@example.org",)]
        finally:
            other.close()
