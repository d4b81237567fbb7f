"""The lock files: every package pinned and hashed, no index and no host named, the two in step with pyproject.toml."""

import re
import tomllib
from typing import Any

import pytest

from tests.house.sources import ROOT

LOCKS = ("requirements.txt", "requirements-test.txt")
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[\w.!+]+)(?: ; [^\\]+)? \\$")


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def pins(name: str) -> set[tuple[str, str]]:
    return {(found["name"], found["version"]) for line in lines(name) if (found := PIN.match(line))}


def normal(requirement: str) -> str:
    """`Spectree[offline]>=3` → `spectree`."""
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_pin_or_a_hash(name: str) -> None:
    """So there is no option, no address, no folder and no package without a hash."""
    other = [
        line for line in lines(name) if not PIN.match(line) and not re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line)
    ]
    assert not other, other
    text = "\n".join(lines(name))
    assert not re.search(r"(?m) \\\n(?!    --hash)", text), "a pin without a hash"


def test_lock_covers_what_the_project_asks_for() -> None:
    extras = project()["project"]["optional-dependencies"]
    build = project()["dependency-groups"]["build"]
    running = {normal(line) for line in [*project()["project"]["dependencies"], *extras["scale"], *build]}
    testing = {normal(line) for line in extras["test"]}
    assert running <= {name for name, _ in pins("requirements.txt")}
    assert testing <= {name for name, _ in pins("requirements-test.txt")}


def test_what_is_tested_is_what_runs() -> None:
    assert pins("requirements.txt") <= pins("requirements-test.txt")
