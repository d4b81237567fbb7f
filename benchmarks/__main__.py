"""`python -m benchmarks [NAME …] [--quick] [--json] [--svg FILE] [--corpus FILE] [--database postgres] [--workers N]`"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench import Bench, Scenario, Settings
from benchmarks.chart import svg
from benchmarks.client import LoadFailed, load_client
from benchmarks.report import Figure, as_json, machine, table
from benchmarks.scenarios import SCENARIOS
from benchmarks.servers import ServerFailed, raise_limit
from benchmarks.stores import DATABASES, store


def _said(name: str, scenario: Scenario) -> str:
    return f"  {name:<20} {(scenario.__doc__ or '').strip().splitlines()[0]}"


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the forum, as ratios to a yardstick of the same run. Without a name, everything.",
        epilog="\n".join(["names:", *(_said(name, one) for name, one in SCENARIOS.items())]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("names", nargs="*", metavar="NAME", help="what to measure; see below")
    made.add_argument("--quick", action="store_true", help="a short form: fewer rounds, followers and comments")
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    made.add_argument("--svg", type=Path, metavar="FILE", help="write the ratios as a chart, too")
    made.add_argument("--corpus", type=Path, help="JSON lines with `lang` and `text` instead of the demonstration's texts")
    made.add_argument("--database", choices=DATABASES, default=DATABASES[0], help="where the forum keeps its rows (sqlite)")
    made.add_argument("--workers", type=int, default=1, help="processes of the forum; more than one takes PostgreSQL and Valkey")
    return made


def run(names: Sequence[str], settings: Settings, database: str) -> list[Figure]:
    """Measure what is named, and say on standard error how far that is. A scenario that fails leaves the others to be measured."""
    figures: list[Figure] = []
    for name in names:
        began = time.monotonic()
        try:
            with load_client() as client, load_client() as reader, store(database, settings.workers) as place:
                figures += SCENARIOS[name](Bench(client, reader, place, settings))
        except (LoadFailed, ServerFailed) as error:
            print(f"{name}: {error}", file=sys.stderr)
            figures.append(Figure(f"{name}: could not be measured", "", 0.0, (0.0, 0.0)))
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return figures


def main() -> None:
    """Measure what is named, or everything, and print it."""
    command = parser()
    given = command.parse_args()
    unknown = set(given.names) - set(SCENARIOS)
    if unknown:
        command.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    # So that `finally` runs, and with it every server ends, when the benchmark itself is told to.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    raise_limit()
    settings = Settings(quick=given.quick, workers=given.workers, corpus=given.corpus)
    figures = run(given.names or list(SCENARIOS), settings, given.database)
    if given.svg:
        given.svg.write_text(svg(figures), encoding="utf-8")
    print(as_json(figures) if given.json else f"{machine()}\n\n{table(figures)}")


if __name__ == "__main__":
    main()
