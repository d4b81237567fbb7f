"""Generations: what is kept holds until one of its tags is bumped, in whichever process that happens."""

import subprocess
import sys
from pathlib import Path

import pytest

from forum.web.generations import COLUMNS, Generations, make_file
from tests.house.sources import ROOT

OTHER = """
import sys
from pathlib import Path
from forum.web.generations import Generations
mine = Generations(Path(sys.argv[1]))
for line in sys.stdin:
    mine.bump(*line.split())
    print("bumped", flush=True)
"""
FULL = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, int(sys.argv[2]))
print("full", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def shared() -> Path:
    return make_file()


def other(shared: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", OTHER, str(shared)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_moment_holds_until_one_of_its_tags_is_bumped() -> None:
    pages = Generations()
    before = pages.now
    pages.bump("space:1", "spaces")
    assert pages.now != before
    assert pages.unchanged(["space:2", "objectives"], before)
    assert not pages.unchanged(["space:2", "space:1"], before)
    assert pages.unchanged(["space:1", "spaces"], pages.now)
    between = pages.now
    pages.bump_all()
    assert not pages.unchanged(["space:2"], between)
    assert not pages.unchanged([], between)


def test_another_process_is_heard_at_once(shared: Path) -> None:
    pages = Generations(shared)
    with other(shared) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        before = pages.now
        for word in ("space:1", "space:2"):
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "bumped\n"
            assert not pages.unchanged([word], before)
            assert pages.unchanged(["space:3"], before)
        between = pages.now
        pages.bump("space:1")
        assert not pages.unchanged(["space:1"], between)
        assert pages.unchanged(["space:2"], between), "each counts in a column of its own"


def test_the_column_of_a_process_that_was_killed_goes_on_counting(shared: Path) -> None:
    pages = Generations(shared)
    for _ in range(3):
        with other(shared) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            before = pages.now
            process.stdin.write("space:1\n")
            process.stdin.flush()
            assert process.stdout.readline() == "bumped\n"
            assert not pages.unchanged(["space:1"], before)
            process.kill()
    used = [total for total in memoryview(pages.now).cast("q") if total]
    assert used == [3], "the same column, three times"


def test_columns_are_bounded(shared: Path) -> None:
    command = [sys.executable, "-c", FULL, str(shared), str(COLUMNS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "full\n"
        with pytest.raises(OSError, match="processes"):
            Generations(shared)
        process.kill()
    assert Generations(shared).now
