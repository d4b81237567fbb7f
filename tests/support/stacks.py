"""What a real server stands on: SQLite, PostgreSQL, or PostgreSQL and Valkey under two workers.

`FORUM_TEST_STACK` chooses for all tests that start a server with `demo_server` and do not name a stack themselves:
`sqlite` (when it is not set), `postgres` or `workers`.
"""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.support import postgres
from tests.support.valkey import valkey_server

STACKS = ("sqlite", "postgres", "workers")
DEMO = "forum_demo"
Load = Callable[[Path, dict[str, str]], None]
"""(file, settings) → the demonstration has been loaded by the real command with these settings."""
T = TypeVar("T")


@dataclass(frozen=True)
class Ground:
    """What a server is started with: settings, and options of the command."""

    env: dict[str, str]
    options: tuple[str, ...] = ()


def chosen() -> str:
    """Return the stack that the environment asks for."""
    stack = os.environ.get("FORUM_TEST_STACK") or STACKS[0]
    assert stack in STACKS, f"FORUM_TEST_STACK is one of {', '.join(STACKS)}"
    return stack


@contextlib.contextmanager
def demonstration(file: Path, load: Load, stack: str) -> Iterator[Ground]:
    """Lay a fresh copy of the demonstration, which is loaded once in a test run: for SQLite into `file`."""
    if stack == "sqlite":
        in_a_file(file, load)
        yield Ground({"FORUM_DATABASE_URL": f"sqlite://{file}"})
        return
    _database(load)
    env = {"FORUM_DATABASE_URL": apart(postgres.shared().new_database(DEMO))}
    if stack == "postgres":
        yield Ground(env)
        return
    with valkey_server() as valkey:
        yield Ground(env | {"FORUM_BUS_URL": valkey.url}, ("--workers", "2"))


def in_a_file(file: Path, load: Load) -> None:
    """Lay a fresh copy of the demonstration in a file of SQLite that nobody has open."""
    shutil.copyfile(_file(load), file)


def apart(work: Coroutine[object, object, T]) -> T:
    """Run `work` on a loop of its own: the test may be in the middle of one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="forum-demo-")


@cache
def _file(load: Load) -> Path:
    path = Path(_folder().name) / "demo.sqlite3"
    load(path, {})
    with contextlib.closing(sqlite3.connect(path)) as connection:  # all of it in one file, for copies
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@cache
def _database(load: Load) -> None:
    server = postgres.shared()
    apart(server.execute(f"CREATE DATABASE {DEMO}"))
    load(Path(_folder().name) / DEMO, {"FORUM_DATABASE_URL": server.url(DEMO)})
