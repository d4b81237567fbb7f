"""Imports go downward only: the contracts of pyproject.toml, and two rules they cannot say."""

import os
import subprocess
import sys

from importlinter.api import read_configuration

from tests.__main__ import CONTRACTS
from tests.house.sources import ROOT, imports, place, python_files, tree

COMPOSITION = {"forum/app.py", "forum/wiring.py", "forum/cli.py", "forum/demo/loading.py", "forum/demo/desk.py"}


def test_contracts_hold() -> None:
    """Run apart, as the linter puts the working folder on the path and prints to the terminal."""
    environment = {**os.environ, "NO_COLOR": "1"}
    command = [sys.executable, "-c", CONTRACTS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_contracts_are_the_ones_we_mean() -> None:
    """A contract removed from pyproject.toml would otherwise pass unnoticed."""
    contracts = {one["id"]: one for one in read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]}
    assert set(contracts) >= {"downward", "kernel"}
    assert contracts["downward"]["layers"][-1] == "forum.kernel"


def test_only_the_composition_root_knows_moderation() -> None:
    """Moderation is a client of the forum: calls go down, facts go up through forum/wiring.py."""
    found = [
        f"{place(path, line)} imports {name}"
        for path in python_files("forum")
        if place(path) not in COMPOSITION
        for line, name in imports(path)
        if name.split(".")[0] == "moderation"
    ]
    assert not found, "\n".join(found)


def test_kernel_needs_nothing_installed() -> None:
    """Standard library and the kernel itself, nothing else."""
    found = [
        f"{place(path, line)} imports {name}"
        for path in python_files("forum/kernel")
        for line, name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("forum.kernel")
    ]
    assert not found, "\n".join(found)


def test_every_source_file_parses() -> None:
    """And there are some: an empty list would make every other house test pass."""
    paths = python_files("forum", "moderation")
    assert len(paths) > 20
    assert all(tree(path) for path in paths)
