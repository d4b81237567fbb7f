"""`http-during-fanout`: what readers of pages feel while posts go out to 8,000 followers, for several chunk sizes of a cast."""

import time

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure, percentile
from benchmarks.requests import GZIP
from benchmarks.scenarios.fanout import FOLLOW, MARK, cast, sentence
from benchmarks.seeding import SLUG, Seeded

CHUNKS = (25, 50, 100, 200)
FOLLOWERS = 8_000
BEAT = 0.004
"""Seconds between two requests of the reader whose answers are timed."""


def measure(bench: Bench) -> list[Figure]:
    """The time of a warm public page while posts go out to 8,000 followers one after another, and what that costs the last follower.

    The yardstick is the same page of the same process while nothing goes out.
    """
    figures: list[Figure] = []
    for chunk in CHUNKS[: bench.some(len(CHUNKS), 2)]:
        figures += _with(bench, bench.seed(threads=(50,)), chunk)
    return figures


def _with(bench: Bench, made: Seeded, chunk: int) -> list[Figure]:
    followers = bench.some(FOLLOWERS, 800)
    page = requests.get(f"/fr/spaces/{SLUG}", GZIP)
    with bench.forum(made, chunk=chunk) as served:
        signed = requests.bearer(token(served))
        bench.client.do("follow", group="all", port=served.port, path=FOLLOW, number=followers)
        bench.client.do("ask", port=served.port, requests=[page], total=50)
        bench.client.do("pulse", name="quiet", port=served.port, requests=[page], beat=BEAT)
        time.sleep(bench.seconds)
        quiet = check(bench.client.do("stop_pulse", name="quiet"))["times"]
        bench.client.do("pulse", name="busy", port=served.port, requests=[page], beat=BEAT)
        ours = cast(bench, served, sentence(signed), MARK, bench.some(25, 5))
        busy = check(bench.client.do("stop_pulse", name="busy"))["times"]
        bench.client.do("leave", group="all")
    name = f"{followers:,} followers, chunks of {chunk}"
    return [
        figure(f"{name}: page during fan-out, p50", "ms", busy, quiet),
        figure(f"{name}: page during fan-out, p99", "ms", [percentile(busy, 0.99)], [percentile(quiet, 0.99)], target="≤ 10 ms"),
        figure(f"{name}: post → frame at the last, p50", "ms", ours["last"]),
    ]
