"""A demonstration that nobody serves yet: a file to be changed, or served by something other than `demo_server`."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from tests.support.server import demo_server


class _Template:
    """A folder that goes when the run ends, with a demonstration in one file."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="forum-faults-")
        with demo_server(Path(self.folder.name)) as server:
            server.stop()
            self.file = server.database
        with closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@cache
def _template() -> _Template:
    return _Template()


def demo_file(folder: Path) -> Path:
    """Return a fresh copy of the loaded demonstration in `folder`."""
    return Path(shutil.copyfile(_template().file, folder / "forum.sqlite3"))
