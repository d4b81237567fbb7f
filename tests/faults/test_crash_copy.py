"""F2 and F23: copies of the files of a database that is written to: as a crash would leave them, and as a backup makes them."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.faults.writing import Writer, until_written, writers
from tests.house.sources import ROOT
from tests.support.server import Server, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
COPIES = size(3, 25)


def crash_copy(server: Server, folder: Path) -> Path:
    """Copy the files at one instant of the process: what a crash would leave."""
    folder.mkdir()
    os.kill(server.pid, signal.SIGSTOP)
    try:
        for path in server.database.parent.glob(f"{server.database.name}*"):
            shutil.copyfile(path, folder / path.name)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    return folder / server.database.name


def backup(server: Server, folder: Path) -> Path:
    """Make a backup as an operator does, with SQLite's own means, beside the running server."""
    folder.mkdir()
    with closing(sqlite3.connect(server.database)) as source, closing(sqlite3.connect(folder / "forum.sqlite3")) as target:
        source.backup(target, pages=50)
    return folder / "forum.sqlite3"


def check_copy(file: Path, server: Server, before: dict[str, str]) -> None:
    """Fail unless a copy is whole, its record too, and holds what was acknowledged before it was begun."""
    with closing(sqlite3.connect(file)) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copied.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {row[0] for row in copied.execute("SELECT id FROM comments")}
    assert set(before.values()) <= found, f"{len(set(before.values()) - found)} acknowledged comments are missing"
    env = {**server.settings(), "FORUM_DATABASE_URL": f"sqlite://{file}"}
    command = [sys.executable, "-m", "forum", "verify"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def acknowledged(made: list[Writer]) -> dict[str, str]:
    return {key: comment_id for writer in made for key, comment_id in writer.acknowledged.items()}


async def test_copies_while_posting(tmp_path: Path, seen: Seen) -> None:
    with demo_server(tmp_path, stack="sqlite") as server:
        async with writers(server, "copy", each=1) as made:
            over = asyncio.Event()
            work = [asyncio.create_task(writer.insist(over, 0.0)) for writer in made]
            copies = []
            for number in range(COPIES):
                for how in (crash_copy, backup):
                    await until_written(made, len(acknowledged(made)) + 5)
                    before = acknowledged(made)
                    copies.append((await asyncio.to_thread(how, server, tmp_path / f"{how.__name__}{number}"), before))
            over.set()
            await asyncio.wait_for(asyncio.gather(*work), 30)
        for number, (file, before) in enumerate(copies):
            # The record of every copy takes long to verify: all are checked for what they hold, two of them entirely.
            await asyncio.to_thread(check_copy, file, server, before) if number < 2 else check_held(file, before)
        assert {status for writer in made for status, _ in writer.answers} <= {201}
    seen.note("F2", f"{COPIES} copies as of a crash while posting: all whole, 0 of the acknowledged comments missing")
    seen.note("F23", f"{COPIES} backups while posting: all whole, 0 of the comments acknowledged before the start missing")


def check_held(file: Path, before: dict[str, str]) -> None:
    with closing(sqlite3.connect(file)) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert set(before.values()) <= {row[0] for row in copied.execute("SELECT id FROM comments")}
