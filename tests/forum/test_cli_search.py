"""The command line and the index of the search: made anew when asked, and filled by `migrate` where it is empty."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from forum.discussions.models import Premoderation
from tests.house.sources import ROOT
from tests.support import world

pytestmark = pytest.mark.server


async def populated(folder: Path) -> Path:
    """Return the file of a forum with two published comments in a space of three questions."""
    async with world.database(folder):
        hall = await world.space("hall", premoderation=Premoderation.NONE)
        who = await world.actor_for(await world.person("Ana"))
        for body in ("Apples.", "Pears."):
            await world.post(who, hall, body)
    return folder / "forum.sqlite3"


async def run(file: Path, command: str) -> str:
    """Run a command of the forum on the file and return what it says."""
    settings = {"FORUM_DATABASE_URL": f"sqlite://{file}", "FORUM_SECRET_KEY": "a secret of these tests", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "forum", command]
    done = await asyncio.to_thread(subprocess.run, words, env=os.environ | settings, capture_output=True, text=True, check=True)
    return done.stdout


def indexed(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as opened:
        sql = "SELECT d.kind, t.tokens FROM search_documents d JOIN search_tokens t ON t.rowid = d.id ORDER BY d.id"
        return [(kind, tokens) for kind, tokens in opened.execute(sql)]


def empty(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("DELETE FROM search_tokens")
        opened.execute("DELETE FROM search_documents")


async def test_reindex_makes_it_anew(tmp_path: Path) -> None:
    file = await populated(tmp_path)
    comments = indexed(file)
    assert [kind for kind, _ in comments] == ["comment", "comment"]
    for _ in range(2):
        assert await run(file, "reindex") == "6 texts indexed.\n"
        found = indexed(file)
        assert [kind for kind, _ in found] == ["space", *["question"] * 3, *["comment"] * 2]
        assert found[-2:] == comments
    empty(file)
    await run(file, "reindex")
    assert indexed(file) == found


async def test_migrate_fills_an_empty_one_and_leaves_another_alone(tmp_path: Path) -> None:
    file = await populated(tmp_path)
    await run(file, "migrate")
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("UPDATE search_tokens SET tokens = 'marked' WHERE rowid = (SELECT MAX(rowid) FROM search_tokens)")
    before = indexed(file)
    await run(file, "migrate")
    assert indexed(file) == before
    empty(file)
    await run(file, "migrate")
    assert [kind for kind, _ in indexed(file)] == ["space", *["question"] * 3, *["comment"] * 2]


async def test_migrate_mends_what_was_cut_short(tmp_path: Path) -> None:
    file = await populated(tmp_path)
    await run(file, "migrate")
    whole = indexed(file)
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("DELETE FROM search_tokens WHERE rowid IN (SELECT id FROM search_documents WHERE kind = 'comment')")
        opened.execute("DELETE FROM search_documents WHERE kind IN ('comment', '(whole)')")
    assert indexed(file) != whole
    await run(file, "migrate")
    assert [found[1] for found in indexed(file)] == [found[1] for found in whole]
