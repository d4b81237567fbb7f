"""The report of a run of the fault suite: what was done to the forum, what was seen, and what was asked for.

python -m tests.faults.report build/reports/faults.xml build/reports/faults.md
"""

import os
import platform
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.faults.rows import TABLE, Row


class Case(NamedTuple):
    """One test that ran: "module::test", its outcome, its seconds, and (row, sentence) of what it saw."""

    name: str
    outcome: str
    seconds: float
    seen: list[tuple[str, str]]


def cases(file: Path) -> list[Case]:
    """Read the results of pytest."""
    found = []
    for case in ET.parse(file).getroot().iter("testcase"):  # our own file, written a moment ago
        outcomes = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name', '').partition('[')[0]}"
        seen = [(str(one.get("name")), str(one.get("value"))) for one in case.iter("property")]
        found.append(Case(name, outcomes[0] if outcomes else "passed", float(case.get("time", 0)), seen))
    return found


def section(row: Row, found: list[Case]) -> list[str]:
    """Return the lines about one row."""
    if row.why:
        return [f"## {row.id} {row.fault}: does not apply", "", f"Because {row.why}.", ""]
    mine = [case for case in found if case.name in row.tests]
    missing = set(row.tests) - {case.name for case in mine}
    bad = [case for case in mine if case.outcome != "passed"]
    verdict = "not run" if missing == set(row.tests) else "FAILED" if bad or missing else "passed"
    lines = [f"## {row.id} {row.fault}: {verdict}", ""]
    lines += [f"- `{case.name}` {case.outcome}, {case.seconds:.1f} s" for case in mine]
    lines += [f"- `{name}` did not run" for name in sorted(missing)]
    lines += [f"  - {text}" for case in found for key, text in case.seen if key == row.id]
    return [*lines, ""]


def report(found: list[Case], full: bool) -> str:
    """Return the whole report as Markdown."""
    passed = sum(case.outcome == "passed" for case in found)
    missed = [f"- {key}: {text}" for case in found for key, text in case.seen if "MISSED" in text]
    head = [
        f"# Faults, {'in full' if full else 'in the short form'}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}. {passed} of {len(found)} tests passed in {sum(case.seconds for case in found):.0f} s.",
        "",
        "What is lost, doubled, out of order, or answered wrongly fails a test. Times and memory are measured beside their criteria:",
        "a machine that does other work at the same time misses them without a fault of the forum.",
        "",
        *(["Criteria of time or memory that were missed:", "", *missed, ""] if missed else ["No criterion was missed.", ""]),
    ]
    return "\n".join([*head, *(line for row in TABLE for line in section(row, found))])


def main(words: list[str]) -> None:
    source, target = map(Path, words)
    target.write_text(report(cases(source), os.environ.get("FORUM_FAULTS") == "full"), "utf-8")
    print(f"What was done and seen: {target}")


if __name__ == "__main__":
    main(sys.argv[1:])
