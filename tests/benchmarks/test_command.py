"""The command: every scenario is named and explained, what it starts ends with it, and a short run measures."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.__main__ import parser
from benchmarks.client import LoadFailed, load_client
from benchmarks.measuring import check
from benchmarks.scenarios import SCENARIOS
from benchmarks.scenarios.storm import faults
from tests.house.sources import ROOT


def test_help_names_and_explains_every_scenario() -> None:
    said = parser().format_help()
    for name in SCENARIOS:
        assert re.search(rf"(?m)^  {re.escape(name)} +\S+", said), f"{name} is not explained"


def test_every_file_of_a_scenario_is_one() -> None:
    files = {path.stem.replace("_", "-") for path in (ROOT / "benchmarks" / "scenarios").glob("[a-z]*.py")}
    assert files == set(SCENARIOS)


def test_readme_names_no_other_scenario() -> None:
    named = {
        word
        for line in re.findall(r"python -m benchmarks ([a-z -]+)", (ROOT / "README.md").read_text("utf-8"))
        for word in line.split()
        if not word.startswith("--")
    }
    assert named <= set(SCENARIOS)


def test_unknown_names_are_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "pages"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such benchmark: pages" in done.stderr


def test_errors_are_no_measurement() -> None:
    assert check({"statuses": {"200": 3}})
    with pytest.raises(LoadFailed, match="503"):
        check({"statuses": {"200": 3, "503": 1}})
    with pytest.raises(LoadFailed):
        check({"statuses": {}})


def test_gaps_and_duplicates_are_counted() -> None:
    assert faults([[3, 4, 5, 6], [5, 6]], 6) == (0, 0)
    assert faults([[3, 5, 6]], 6) == (1, 0)
    assert faults([[3, 4, 4, 5, 6]], 6) == (0, 1)
    assert faults([[3, 4, 5]], 6) == (1, 0), "the end is missing"
    with pytest.raises(LoadFailed):
        faults([[]], 6)


def test_the_load_client_says_what_went_wrong() -> None:
    with load_client() as client, pytest.raises(LoadFailed, match="nobody"):
        client.do("leave", group="nobody")


@pytest.mark.slow
@pytest.mark.server
def test_a_short_run_measures_all_it_promises(tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    command = [sys.executable, "-m", "benchmarks", "--quick", "page", "post", "--json", "--svg", str(chart)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    figures = {one["name"]: one for one in json.loads(done.stdout)["figures"]}
    for name in (
        *(f"thread page, {size} comments, {how}" for size in (20, 50, 200) for how in ("anonymous, warm", "signed in")),
        "post, 8 writers, durable, with its record entries",
    ):
        one = figures[name]
        assert one["ours"] > 0
        assert one["ratio"] == pytest.approx(one["ours"] / one["bare"])
        low, high = one["ours_spread"]
        assert low <= one["ours"] <= high
        assert name in chart.read_text("utf-8")
    aimed = {name: one["target"] for name, one in figures.items() if one["target"]}
    assert sorted(aimed.values()) == ["≥ 0.15", "≥ 0.4", "≥ 0.8"]


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_it_started_ends_with_it(ending: signal.Signals) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "memory"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = wait_for(lambda: [pid for pid in children(running.pid) if b"serve" in command_of(pid)])
        client = [pid for pid in children(running.pid) if b"benchmarks.load" in command_of(pid)]
        assert client
        running.send_signal(ending)
        running.wait(40)
        wait_for(lambda: [] if any(alive(pid) for pid in (*server, *client)) else [running.pid])
    finally:
        running.kill()
        running.wait()


def children(parent: int) -> list[int]:
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat[1]) == parent:
            found.append(int(pid))
    return found


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and waits to be looked at has no command any more."""
    return bool(command_of(pid))


def wait_for(found: Callable[[], Sequence[int]]) -> list[int]:
    """Ask until something is found, thirty seconds at most."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if answer := found():
            return list(answer)
        time.sleep(0.1)
    raise AssertionError("it did not happen")
