"""A scene that is made once in a process and copied for each test: a file on SQLite, a database on PostgreSQL.

    async with copied(tmp_path, "filled", make) as (url, scene): ...

`make` takes the URL of an empty forum, closes what it opens, and returns the scene.
"""

import copy
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path
from typing import Any

from tests.support import backends, postgres, world

_kept: dict[tuple[str, str], tuple[str, Any]] = {}


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="forum-scenes-")


@asynccontextmanager
async def copied(folder: Path, name: str, make: Callable[[str], Awaitable[Any]]) -> AsyncIterator[tuple[str, Any]]:
    """Give the URL of a fresh copy of the database that `make` fills, and a copy of what it returned."""
    key = (backends.present(), name)
    if key not in _kept:
        _kept[key] = await _made(folder / "made", name, make)
    template, made = _kept[key]
    if backends.present() == backends.POSTGRES:
        async with postgres.copied(template) as url:
            yield url, copy.deepcopy(made)
        return
    path = folder / "forum.sqlite3"
    shutil.copyfile(template, path)
    yield f"sqlite://{path}", copy.deepcopy(made)


async def _made(folder: Path, name: str, make: Callable[[str], Awaitable[Any]]) -> tuple[str, Any]:
    folder.mkdir()
    async with world.new_database(folder) as url:
        made = await make(url)
        if backends.present() == backends.POSTGRES:
            return await postgres.kept(url), made
        kept = Path(_folder().name) / f"{name}.sqlite3"
        # By SQLite itself: what was committed last may still stand in the log beside the file.
        with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as source, closing(sqlite3.connect(kept)) as target:
            source.backup(target)
        return str(kept), made
