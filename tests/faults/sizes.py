"""How much is thrown at the forum: a little in every run of the tests, and all of it by `python -m tests faults`."""

import os
from typing import TypeVar

FULL = os.environ.get("FORUM_FAULTS") == "full"
Number = TypeVar("Number", int, float)


def size(short: Number, full: Number) -> Number:
    """Return the figure of this run; `full` is the one of the table of criteria."""
    return full if FULL else short
