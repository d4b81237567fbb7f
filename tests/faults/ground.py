"""A demonstration that nobody serves yet: a file to be changed, or served by something other than `demo_server`."""

from pathlib import Path

from tests.support.server import demo_database


def demo_file(folder: Path) -> Path:
    """Return a fresh copy of the loaded demonstration in `folder`."""
    return demo_database(folder)
