"""`python -m benchmarks [NAME …] [--json] [--corpus FILE]`"""

import argparse
import asyncio
import os
import platform
import tempfile
from pathlib import Path

from benchmarks.report import Figure, as_json, table
from benchmarks.scenarios import SCENARIOS
from benchmarks.seeding import seed

COMMENTS = 50


def main() -> None:
    """Measure what is named, or everything, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure, as ratios to a yardstick of the same run."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--corpus", type=Path, help="JSON lines with `lang` and `text` instead of the demonstration's texts")
    given = parser.parse_args()
    unknown = set(given.names) - set(SCENARIOS)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        for name in given.names or SCENARIOS:
            url = f"sqlite://{folder}/{name}.sqlite3"
            asyncio.run(seed(url, COMMENTS, given.corpus))
            figures += SCENARIOS[name](url)
    if given.json:
        print(as_json(figures))
        return
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    print(table(figures))


if __name__ == "__main__":
    main()
