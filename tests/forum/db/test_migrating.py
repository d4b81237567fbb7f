"""Migrating: a populated database keeps its rows and indexes, and two migrators do not meet."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from forum import wiring
from forum.db.migrating import BrokenReferences, migrate
from forum.discussions.models import Premoderation
from tests.support import world

MIGRATE = """
import asyncio, sys
from forum import wiring
from forum.db.migrating import migrate
asyncio.run(migrate(sys.argv[1], wiring.APPS))
"""


def shape(path: Path) -> dict[str, list[object]]:
    """Return tables and indexes as they were made, and the number of rows of each table."""
    with closing(sqlite3.connect(path)) as file:
        made = file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        tables = [name for kind, name, *_ in made if kind == "table"]
        counts = [(name, *file.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()) for name in tables]
        broken = file.execute("PRAGMA foreign_key_check").fetchall()
    return {"made": made, "counts": [one for one in counts if one[0] != "sqlite_sequence"], "broken": broken}


async def populate(folder: Path) -> Path:
    """Return a file with a row in the tables that refer to each other."""
    async with world.database(folder):
        who = await world.person("Awa Diallo")
        await world.affiliate(who, await world.entity("Kenya"))
        hall = await world.space("hall", moderators=[await world.person("Mona")], premoderation=Premoderation.NONE)
        for number in range(10):
            await world.post(await world.actor_for(who), hall, f"Comment {number}")
    return folder / "forum.sqlite3"


@pytest.mark.sqlite
async def test_migrating_again_keeps_rows_and_indexes(tmp_path: Path) -> None:
    path = await populate(tmp_path)
    before = shape(path)
    await migrate(f"sqlite://{path}", wiring.APPS)
    after = shape(path)
    assert after == before
    assert after["broken"] == []
    assert ("comments", 10) in after["counts"]
    assert ("cases", 10) in after["counts"]


EXPECTED_INDEXES = {
    "affiliations_status",
    "cases_comment",
    "cases_open",
    "cases_queue",
    "comments_author",
    "comments_space",
    "comments_thread",
    "deadlines_space",
    "decisions_comment",
    "record_entries_subject",
    "restrictions_active",
    "revisions_renderer",
    "sanctions_person",
    "sanctions_space",
    "sanctions_standing",
    "sessions_expiry",
    "sessions_person",
    "space_objectives_objective",
    "space_roles_space",
    "spaces_state",
}


async def test_every_index_that_a_model_names_is_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "forum.sqlite3"
    await migrate(f"sqlite://{path}", wiring.APPS)
    names = {one[1] for one in shape(path)["made"] if isinstance(one, tuple) and one[0] == "index"}
    assert names >= EXPECTED_INDEXES


@pytest.mark.sqlite
async def test_dangling_references_are_found(tmp_path: Path) -> None:
    path = await populate(tmp_path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM questions")
    with pytest.raises(BrokenReferences):
        await migrate(f"sqlite://{path}", wiring.APPS)


async def test_two_migrators_in_two_processes_at_once(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/forum.sqlite3"
    both = [subprocess.Popen([sys.executable, "-c", MIGRATE, url], stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        with one:
            _, error = await asyncio.to_thread(one.communicate, None, 60)
            assert one.returncode == 0, error.decode()
    alone = tmp_path / "alone.sqlite3"
    await migrate(f"sqlite://{alone}", wiring.APPS)
    assert shape(tmp_path / "forum.sqlite3")["made"] == shape(alone)["made"]
