"""What the demonstration is played with: its texts, and a clock that shows the moment of each scene."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import files
from typing import Any

from forum.kernel import clock

Data = dict[str, Any]


def read(name: str) -> Data:
    """Return one of the files of texts, by its name without ending."""
    loaded: Data = json.loads(files("forum.demo").joinpath(f"data/{name}.json").read_text("utf-8"))
    return loaded


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at `moment`."""
    with clock.running(lambda: moment):
        yield
