"""Two processes of one forum on a PostgreSQL and a Valkey of their own, all of which can be killed.

Valkey and PostgreSQL are left as they were found: running.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2

from tests.faults.launched import Launched
from tests.support.postgres import Postgres, postgres_server
from tests.support.server import Server
from tests.support.valkey import Valkey, valkey_server

DATABASE = "forum"


@dataclass(frozen=True)
class Pair:
    """`processes` are two, each with its own port and log."""

    postgres: Postgres
    valkey: Valkey
    processes: tuple[Launched, Launched]

    async def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Read from the database beside the processes; parameters are $1, $2 …"""
        connection = await asyncpg.connect(host=str(self.postgres.data), user="postgres", database=DATABASE)
        try:
            return [tuple(row) for row in await connection.fetch(sql, *params)]
        finally:
            await connection.close()

    def output(self) -> str:
        """What both processes have written."""
        return "".join(process.output() for process in self.processes)


@contextlib.contextmanager
def pair(folder: Path, **env: str) -> Iterator[Pair]:
    """Run the pair with a fresh demonstration."""
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(postgres_server())
        valkey = stack.enter_context(valkey_server())
        settings = {"FORUM_DATABASE_URL": postgres.url(DATABASE), "FORUM_BUS_URL": valkey.url, **env}
        _load(postgres, Server(folder / "load.sqlite3", settings))
        made = (Launched(folder / "first.sqlite3", settings), Launched(folder / "second.sqlite3", settings))
        for process in made:
            stack.callback(process.close)
            process.start()
        yield Pair(postgres, valkey, made)


def _load(postgres: Postgres, loader: Server) -> None:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as aside:  # the test may be in the middle of a loop
        aside.submit(asyncio.run, postgres.execute(f"CREATE DATABASE {DATABASE}")).result()
    try:
        loader.start()
    finally:
        loader.close()


def until(done: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until `done` says so and return the seconds that took; fails after `seconds`."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() < began + seconds, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def wait_for_readiness(server: Server, said: str) -> None:
    """Wait until `/readyz` answers 200 with a text that begins so."""

    with httpx2.Client(base_url=server.url, timeout=5) as http:

        def tells() -> bool:
            answer = http.get("/readyz")
            return answer.status_code == 200 and answer.text.startswith(said)

        until(tells, 10, f"readiness tells {said!r}")
