"""`http-during-fanout`: what readers of pages feel while posts go out to 8,000 followers, for several chunk sizes of a cast."""

import time
from collections.abc import Callable
from typing import TypeVar

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure, percentile
from benchmarks.requests import GZIP
from benchmarks.scenarios.fanout import FOLLOW, MARK, cast, sentence
from benchmarks.seeding import SLUG, Seeded
from benchmarks.servers import Served

T = TypeVar("T")
SIMPLE = "/healthz"
CHANGED = f"/fr/spaces/{SLUG}"
CHUNKS = (25, 50, 100, 200)
FOLLOWERS = 8_000
BEAT = 0.004
"""Seconds between two requests of the reader whose answers are timed."""


def measure(bench: Bench) -> list[Figure]:
    """A simple answer while posts go out to 8,000 followers, for several chunk sizes, and what they cost the last follower.

    The yardstick is the same answer (/healthz, through the whole stack) while nothing goes out. The page of the space itself is made
    anew after each post, in as many turns of the loop as it asks the database: its time during a fan-out stands beside.
    """
    figures: list[Figure] = []
    for chunk in CHUNKS[: bench.some(len(CHUNKS), 2)]:
        figures += _with(bench, bench.seed(threads=(50,)), chunk)
    return figures


def _with(bench: Bench, made: Seeded, chunk: int) -> list[Figure]:
    followers = bench.some(FOLLOWERS, 800)
    with bench.forum(made, chunk=chunk) as served:
        request = sentence(requests.bearer(token(served)))
        bench.client.do("follow", group="all", port=served.port, path=FOLLOW, number=followers)
        _, quiet = _reading(bench, served, SIMPLE, lambda: time.sleep(bench.seconds))
        ours, busy = _reading(bench, served, SIMPLE, lambda: cast(bench, served, request, MARK, bench.some(12, 4)))
        _, anew = _reading(bench, served, CHANGED, lambda: cast(bench, served, request, MARK, bench.some(6, 2)))
        bench.client.do("leave", group="all")
    name = f"{followers:,} followers, chunks of {chunk}"
    return [
        figure(f"{name}: answer meanwhile, p50", "ms", busy, quiet),
        figure(f"{name}: answer meanwhile, p99", "ms", [percentile(busy, 0.99)], [percentile(quiet, 0.99)], "≤ 10 ms"),
        figure(f"{name}: page of the space, made anew, p50", "ms", anew),
        figure(f"{name}: post → frame at the last, p50", "ms", ours["last"]),
    ]


def _reading(bench: Bench, served: Served, path: str, act: Callable[[], T]) -> tuple[T, list[float]]:
    """Do something while a reader asks for a page at a steady beat; returns its result, and milliseconds of each answer."""
    page = requests.get(path, GZIP)
    check(bench.reader.do("ask", port=served.port, requests=[page], connections=1, in_flight=1, total=5))
    bench.reader.do("pulse", name="page", port=served.port, requests=[page], beat=BEAT)
    found = act()
    return found, check(bench.reader.do("stop_pulse", name="page"))["times"]
