"""`start`: from the command to the first page, and the memory of a forum that nobody visits, against the bare server."""

import time

from benchmarks import requests
from benchmarks.bench import Bench
from benchmarks.report import Figure, figure
from benchmarks.seeding import SLUG
from benchmarks.servers import yardstick

MB = 1_000_000


def measure(bench: Bench) -> list[Figure]:
    """Cold start to the first answer (files in the system's cache), memory idle, and after pages in six languages were read."""
    made = bench.seed(threads=(50,))
    ours: list[float] = []
    bare: list[float] = []
    idle: dict[str, list[float]] = {"Rss": [], "Pss": [], "read": [], "bare": []}
    for _ in range(bench.rounds):
        with bench.forum(made) as served:
            ours.append(served.ready_after)
            time.sleep(1)
            idle["Rss"].append(served.resident_bytes() / MB)
            idle["Pss"].append(served.proportional_bytes() / MB)
            for lang in ("ar", "en", "es", "fr", "ru", "zh"):
                requests.size_of(served, f"/{lang}/spaces/{SLUG}/questions/1")
            idle["read"].append(served.resident_bytes() / MB)
        with yardstick("bytes", 50_000) as served:
            bare.append(served.ready_after)
            idle["bare"].append(served.resident_bytes() / MB)
    return [
        figure("cold start to the first answer", "s", ours, bare, "≤ 2 s"),
        figure("memory, idle, resident", "MB", idle["Rss"], idle["bare"], "≤ 150 MB"),
        figure("memory, idle, proportional (PSS)", "MB", idle["Pss"]),
        figure("memory after a page in each language, resident", "MB", idle["read"]),
    ]
