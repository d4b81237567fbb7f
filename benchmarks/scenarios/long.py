"""`long`: pages of a very long thread, made anew each time, against those of a short one."""

import random
from collections.abc import Sequence

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure
from benchmarks.requests import GZIP
from benchmarks.seeding import SLUG
from benchmarks.servers import Served

SIZES = (100, 1_000, 10_000, 100_000)
PAGE = 50
LANGS = ("ar", "en", "es", "fr", "ru", "zh")
PLACES = ("first", "middle", "last")


def measure(bench: Bench) -> list[Figure]:
    """First, middle and last page of threads of 100 to 100,000 comments, against the 100-comment one.

    For a signed-in reader, so that no page comes from the cache of the public, in six languages and from ten different comments on.
    """
    sizes = SIZES[: bench.some(len(SIZES), 2)]
    made = bench.seed(threads=sizes)
    figures: list[Figure] = []
    with bench.forum(made) as served:
        signed = requests.bearer(token(served))
        for place in PLACES:
            asked = {
                size: _requests(n, ids, place, signed) for n, (size, ids) in enumerate(zip(sizes, made.threads, strict=True), 1)
            }
            figures += _compare(bench, served, place, asked)
    return figures


def _requests(number: int, ids: Sequence[str], place: str, signed: str) -> list[str]:
    """Return requests for the pages of one place in the thread, each of fifty comments."""
    middle, last = max(0, len(ids) // 2 - PAGE), len(ids) - PAGE - 1
    starts = {"first": [0], "middle": list(range(middle, middle + 10)), "last": list(range(max(0, last - 9), last + 1))}[place]
    base = f"/spaces/{SLUG}/questions/{number}"
    paths = [f"/{lang}{base}" + ("" if place == "first" else f"?after={ids[start]}") for lang in LANGS for start in starts]
    random.Random(1).shuffle(paths)
    return [requests.get(path, GZIP, signed) for path in paths]


def _compare(bench: Bench, served: Served, place: str, asked: dict[int, list[str]]) -> list[Figure]:
    times: dict[int, list[float]] = {size: [] for size in asked}
    count = bench.some(60, 12)
    for _ in range(bench.some(3, 2)):
        for size, given in asked.items():
            found = check(bench.client.do("ask", port=served.port, requests=given, connections=1, in_flight=1, total=count))
            times[size].append(found["seconds"] / count * 1000)
    short = times[min(times)]
    return [
        figure(f"{place} page of {size:,} comments, signed in", "ms", one, short, "≤ 1.15" if size == max(SIZES) else "")
        for size, one in times.items()
        if one is not short
    ]
