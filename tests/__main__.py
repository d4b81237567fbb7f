"""The one check command.

    python -m tests              everything; `all` measures coverage too
    python -m tests fast         style, types, contracts and the tests that start no server
    python -m tests faults       kill, cut and flood, in full (minutes); writes build/reports/faults.md
    python -m tests stacks       stories and faults on SQLite, on PostgreSQL, and on PostgreSQL and Valkey with two workers
    python -m tests postgres     the tests that start no server, all of them on PostgreSQL
    python -m tests STEP …       the named steps
    python -m tests PATH|WORD …  the tests in a file or folder, or those whose name has the word

Exit status 0 when every step passed. With FORUM_REQUIRE_ALL=1 a skipped test counts as a fault.
FORUM_CHROMIUM names the browser where it is not on the path.
"""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
SOURCES = [name for name in ("forum", "moderation", "tests", "benchmarks") if (ROOT / name).is_dir()]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REQUIRE_ALL = os.environ.get("FORUM_REQUIRE_ALL", "") not in ("", "0")

PYTHON = [sys.executable]
CONTRACTS = "from importlinter.cli import lint_imports as lint; raise SystemExit(lint(no_cache=True, no_logo=True))"
TOOLS: dict[str, list[str]] = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
    "types": ["-m", "mypy", "--no-error-summary", *SOURCES],
    "imports": ["-c", CONTRACTS],
    "catalogues": ["-m", "tests.house.catalogue"],
}
# Marker expressions: every test is in exactly one of the three. The browser has a run of its own, as playwright's
# loop gets in the way of pytest-asyncio's.
SUITES = {
    "unit": "not server and not browser and not slow and not faults",
    "server": "(server or slow or faults) and not browser",
    "browser": "browser",
}
# What is run on every stack (tests/support/stacks.py): all that starts a server by itself and says nothing of what it stands on.
STACKS = ("sqlite", "postgres", "workers")
ON_STACKS = ["tests/stories", "tests/faults"]
STORIES = "tests/browser/test_story_*.py"
# One test after the other to whoever is free: stealing work has left runs waiting for ever at their end (pytest-xdist #884).
BESIDE = ["-n", "2", "--dist", "load", "--maxschedchunk", "4"]
# Much of what servers and browsers do in a test is waiting: more than the cores run side by side.
ABREAST = {"server": "4", "browser": "3"}
ON_POSTGRES = f"{SUITES['unit']} and not sqlite"
# Seconds a step may take: several times what it takes on two slow cores, and less than what runs it would wait.
PATIENCE = 25 * 60
ENDLESS = -1000
"""In place of an exit status."""
SUMMARY = r"^(SKIPPED|\d+ (passed|failed|skipped|deselected)).*"
FAST = [*TOOLS, "unit"]
ALL = [*FAST, "server", "browser", "coverage"]
# Measuring doubles the time of the tests: done when it is asked for by name (`all`, `coverage`).
EVERYTHING = ALL[:-1]


@dataclass
class Totals:
    """What the pytest runs counted, and the steps that went wrong."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    faulty: list[str] = field(default_factory=list)

    def add(self, report: Path) -> None:
        """Add one junit report; a missing one (pytest itself fell over) counts as one failure."""
        if not report.exists():
            self.failed += 1
            return
        for suite in ET.parse(report).getroot().iter("testsuite"):  # our own file, written a moment ago
            count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
            failed = count["failures"] + count["errors"]
            self.failed += failed
            self.skipped += count["skipped"]
            self.passed += count["tests"] - failed - count["skipped"]

    def close(self) -> int:
        """Print the closing lines; the exit status."""
        if REQUIRE_ALL and self.skipped:
            self.faulty.append("skipped tests, where none may be (FORUM_REQUIRE_ALL)")
        print("\nFaulty: " + ", ".join(self.faulty) if self.faulty else "\nAll is well.")
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.faulty or self.failed else 0


class Runner:
    """Runs steps as subprocesses, one line each, and the whole output of those that fail."""

    def __init__(self, *, measured: bool) -> None:
        self.totals = Totals()
        self.measured = measured
        self.running: dict[int, Path] = {}
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, self.leave)
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "COVERAGE_FILE": str(ROOT / "build/coverage/data")}
        self.memory = in_memory()
        if self.memory:
            self.environment["TMPDIR"] = self.memory
        REPORTS.mkdir(parents=True, exist_ok=True)
        (ROOT / "build/coverage").mkdir(exist_ok=True)

    def command(self, name: str, command: Sequence[str], *, keep: str = "", again: bool = True) -> bool:
        """Run one command; lines that match `keep` are shown even when it succeeds.

        A test without an end fails by itself (pytest-timeout). A run without an end is its runner's fault: it is shown, and run once more.
        """
        start = time.monotonic()
        log = REPORTS / f"{name}.log"
        with log.open("w+", encoding="utf-8", errors="replace") as output:
            code = self.ended(
                subprocess.Popen(
                    command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
                ),
                log,
            )
            output.seek(0)
            lines = output.read().strip().splitlines()
        if code == ENDLESS and again:
            return self.command(name, command, keep=keep, again=False)
        good = code == 0
        shown = lines if not good else [line for line in lines if keep and re.search(keep, line)]
        head = f"{'ok  ' if good else 'FAIL'} {name:<11} {time.monotonic() - start:6.1f} s"
        print("\n".join([head, *(f"     {line}" for line in shown)]), flush=True)
        if not good:
            self.totals.faulty.append(name)
        return good

    def ended(self, step: "subprocess.Popen[bytes]", log: Path) -> int:
        """Wait for a step and return its exit status; one without an end is killed with all it started, as is one we are told to leave."""
        self.running[step.pid] = log
        try:
            return step.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            print(f"\nKilled after {PATIENCE / 60:.0f} minutes: {log.stem}; its last lines:\n{tail(log)}", flush=True)
            os.killpg(step.pid, signal.SIGKILL)
            step.wait()
            return ENDLESS
        finally:
            del self.running[step.pid]

    def leave(self, *_: object) -> None:
        """Told to end: say how far each running step had come, and end all that was started."""
        for pid, log in list(self.running.items()):
            print(f"\nEnded during {log.stem}; its last lines:\n{tail(log)}", flush=True)
            os.killpg(pid, signal.SIGKILL)
        shutil.rmtree(self.memory, ignore_errors=True)
        self.totals.faulty.append("ended from outside")
        self.totals.close()
        os._exit(1)

    def tool(self, name: str) -> None:
        """One of the static checks."""
        self.command(name, [*PYTHON, *TOOLS[name]])

    def pytest(self, name: str, arguments: Sequence[str]) -> None:
        """One pytest run, measured when the whole suite is."""
        report = REPORTS / f"{name}.xml"
        report.unlink(missing_ok=True)
        # Servers and browsers would add minutes and few lines: most of what they reach, the unit tests have reached.
        measure = ["-m", "coverage", "run"] if self.measured and name == "unit" else []
        options = ["-q", "--color=no", f"--junit-xml={report}", "-o", f"cache_dir=build/pytest-{name}"]
        self.command(name, [*PYTHON, *measure, "-m", "pytest", *options, *arguments], keep=SUMMARY)
        self.totals.add(report)

    def faults(self) -> None:
        """The fault suite in full, one test after the other: each has the machine to itself; and the report of what was seen."""
        self.environment["FORUM_FAULTS"] = "full"
        self.pytest("faults", ["-m", "faults and not browser", "-v"])
        source, target = (str(REPORTS / f"faults.{ending}") for ending in ("xml", "md"))
        self.command("report", [*PYTHON, "-m", "tests.faults.report", source, target], keep="seen")

    def suite(self, name: str) -> None:
        """One of the three parts of the tests."""
        if name == "browser" and not browser_found():
            self.totals.skipped += 1
            print(
                "skip browser     no Chromium here: `apt-get install chromium`, or set FORUM_CHROMIUM to its path",
                flush=True,
            )
            return
        self.pytest(name, ["-m", SUITES[name], *BESIDE, "-n", ABREAST.get(name, "2")])

    def stacks(self) -> None:
        """The stories and the faults on each stack."""
        for stack in STACKS:
            self.environment["FORUM_TEST_STACK"] = stack
            self.pytest(f"{stack}", ["-m", SUITES["server"], *BESIDE, *ON_STACKS])
            if browser_found():
                self.pytest(f"{stack}-browser", ["-m", SUITES["browser"], *BESIDE, *sorted(map(str, ROOT.glob(STORIES)))])
        del self.environment["FORUM_TEST_STACK"]

    def on_postgres(self) -> None:
        """The tests that start no server, all of them on PostgreSQL."""
        self.environment["FORUM_TEST_DATABASE"] = "postgres"
        self.pytest("postgres", ["-m", ON_POSTGRES, *BESIDE])
        del self.environment["FORUM_TEST_DATABASE"]

    def coverage(self, _: str = "") -> None:
        """Put the measurements of all processes together and hold them against the floor in pyproject.toml."""
        for name, words in (("combine", ["combine", "--quiet"]), ("coverage", ["report"])):
            if not self.command(name, [*PYTHON, "-m", "coverage", *words], keep="^TOTAL"):
                return

    def steps(self, names: Sequence[str]) -> None:
        """Run steps in order. Static checks share the two cores with the unit tests, servers get both to themselves."""
        aside = [name for name in names if name in TOOLS]
        with ThreadPoolExecutor(max_workers=1) as pool:
            checks = [pool.submit(self.tool, name) for name in aside]
            if "unit" in names:
                self.suite("unit")
            for check in checks:
                check.result()
        actions: dict[str, Callable[[str], None]] = {
            "server": self.suite,
            "browser": self.suite,
            "coverage": self.coverage,
        }
        for name in names:
            if name in actions:
                actions[name](name)


def in_memory() -> str:
    """Return a folder in memory for what tests write, "" where there is too little: thousands of databases wait for no disk then.

    What is killed there loses no more than on a disk: the memory is the system's, not the process's.
    """
    shm = Path("/dev/shm")
    if not os.access(shm, os.W_OK) or shutil.disk_usage(shm).free < 4 << 30:
        return ""
    folder = tempfile.mkdtemp(prefix="ft-", dir=shm)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def tail(log: Path) -> str:
    """Return the last lines of a step's output."""
    return log.read_text(encoding="utf-8", errors="replace")[-4000:]


def browser_found() -> bool:
    """Whether there is a Chromium to drive."""
    named = os.environ.get("FORUM_CHROMIUM")
    return Path(named).exists() if named else any(shutil.which(name) for name in BROWSERS)


def main(words: Sequence[str]) -> int:
    """Run what the words ask for; the exit status."""
    os.chdir(ROOT)
    groups = {"all": ALL, "fast": FAST}
    names = EVERYTHING if not words else [step for word in words for step in groups.get(word, [word])]
    measured = "coverage" in names
    if measured:
        shutil.rmtree(ROOT / "build/coverage", ignore_errors=True)
    runner = Runner(measured=measured)
    others = [name for name in names if name not in ALL]
    runner.steps([name for name in ALL if name in names])
    actions: dict[str, Callable[[], None]] = {"faults": runner.faults, "stacks": runner.stacks, "postgres": runner.on_postgres}
    for name in [name for name in others if name in actions]:
        others.remove(name)
        actions[name]()
    paths = [name for name in others if Path(name.split("::")[0]).exists()]
    for index, path in enumerate(paths):
        runner.pytest(f"named-{index + 1}", [path])
    if patterns := [name for name in others if name not in paths]:
        runner.pytest("named", ["-k", " or ".join(patterns)])
    return runner.totals.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
