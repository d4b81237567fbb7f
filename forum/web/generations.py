"""When what pages are made of last changed: counted in memory that all processes on one machine share.

A page is kept together with the moment before it was made, and holds as long as none of its tags was bumped after that moment. A process
that has written bumps before its answer leaves, so the next request finds the change whichever process it comes to. (Processes on
other machines hear of it through the bus, a few milliseconds later.)

Each process counts in a column of its own, so nobody waits and nothing is locked. Written is the tag first, the column's total second:
whoever sees the new total sees the tag too.
"""

import atexit
import fcntl
import mmap
import os
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

COLUMNS: Final = 64
"""Processes that can share one file: workers, and those that replace them while they end."""
_SLOTS: Final = 1024
"""Tags are counted by their hash: two that share a slot are made anew together, which costs time and nothing else."""
_ALL: Final = 0
_WORD: Final = 8
SIZE: Final = COLUMNS * (1 + _SLOTS) * _WORD

Moment = bytes
"""A moment on the clock of all columns; only equal or not equal, and handed back to `unchanged`."""


def make_file() -> Path:
    """Make the file that several processes share and return its path. It goes with the last of them that has it open.

    This process must live as long as others may come; it may become another program meanwhile (`exec`).
    """
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("imrf-forum-generations", 0)  # no flag: it stays open over an exec
        path = Path(f"/proc/{os.getpid()}/fd/{handle}")
    else:
        handle, name = tempfile.mkstemp(prefix="imrf-forum-")
        path = Path(name)
        atexit.register(path.unlink, missing_ok=True)
    os.ftruncate(handle, SIZE)
    return path


class Generations:
    """When each tag last changed. Without `shared`, a file made by `make_file`, it counts for this process alone."""

    def __init__(self, shared: Path | None = None) -> None:
        self._column = 0
        if shared is None:
            self._words = memoryview(bytearray(SIZE)).cast("q")
        else:
            # Open for as long as the process lives: closing it would give up the column.
            handle = os.open(shared, os.O_RDWR | os.O_CLOEXEC)
            self._column = _claim(handle)
            self._words = memoryview(mmap.mmap(handle, SIZE)).cast("q")
        self._totals = self._words[:COLUMNS]

    @property
    def now(self) -> Moment:
        """The present moment."""
        return self._totals.tobytes()

    def bump(self, *tags: str) -> None:
        """Tell that what the tags stand for has changed: call it after the commit."""
        self._count(_slot(tag) for tag in tags)

    def bump_all(self) -> None:
        """Tell that anything may have changed: after the bus was away."""
        self._count((_ALL,))

    def _count(self, slots: Iterable[int]) -> None:
        total = self._totals[self._column] + 1
        for slot in slots:
            self._words[COLUMNS * (1 + slot) + self._column] = total
        self._totals[self._column] = total

    def unchanged(self, tags: Sequence[str], since: Moment) -> bool:
        """Tell whether none of `tags` has changed after the moment `since`."""
        before = memoryview(since).cast("q")
        for slot in (_ALL, *map(_slot, tags)):
            start = COLUMNS * (1 + slot)
            if any(last > then for last, then in zip(self._words[start : start + COLUMNS], before, strict=True)):
                return False
        return True


def _slot(tag: str) -> int:
    return 1 + zlib.crc32(tag.encode()) % (_SLOTS - 1)


def _claim(handle: int) -> int:
    """Take a column that no living process has. The lock goes with the process, however it ends; the column's counts stay."""
    for column in range(COLUMNS):
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, column)
        except OSError:
            continue
        return column
    raise OSError(f"more than {COLUMNS} processes share one file of generations")
