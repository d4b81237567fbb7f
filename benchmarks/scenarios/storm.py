"""`storm`: two thousand followers lose their connection and come back at once, while people read and write."""

from collections.abc import Sequence
from itertools import pairwise

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.client import Json, LoadFailed
from benchmarks.measuring import check
from benchmarks.report import Figure, figure, percentile
from benchmarks.requests import GZIP
from benchmarks.scenarios.fanout import FOLLOW
from benchmarks.scenarios.post import bodies
from benchmarks.seeding import SLUG
from benchmarks.servers import Served

JITTER = 2.0
"""Seconds within which the page's own script comes back after a lost connection."""
BEFORE, MISSED, DURING = 20, 30, 10
"""Comments before the cut, while nobody is connected, and while all come back."""


def measure(bench: Bench) -> list[Figure]:
    """2,000 followers come back with `since` within two seconds: until all have resumed, pages meanwhile, gaps and duplicates."""
    followers = bench.some(2_000, 200)
    with bench.forum(bench.seed()) as served:
        signed = requests.bearer(token(served))
        given = bodies(bench, signed)
        _post(bench, served, given, BEFORE)
        bench.client.do("follow", group="all", port=served.port, path=FOLLOW, number=followers)
        bench.client.do("leave", group="all")
        _post(bench, served, given, MISSED)
        page = requests.get(f"/fr/spaces/{SLUG}/questions/1", GZIP)
        bench.reader.do("pulse", name="page", port=served.port, requests=[page], beat=0.01)
        # Some were further behind than others when the connection went.
        since = [BEFORE - number % 5 for number in range(followers)]
        paths = [f"{FOLLOW}&since={one}" for one in since]
        last = BEFORE + MISSED + DURING
        back = {"group": "back", "port": served.port}
        storm = bench.client.begin("storm", paths=paths, jitter=JITTER, until=BEFORE + MISSED, **back)
        _post(bench, served, given, DURING)
        found = bench.client.result(storm)
        found |= bench.client.do("numbers", group="back", until=last)
        pages = check(bench.reader.do("stop_pulse", name="page"))["times"]
        bench.client.do("leave", group="back")
    return _figures(found, last, pages, followers)


def _post(bench: Bench, served: Served, given: list[str], count: int) -> None:
    check(bench.client.do("ask", port=served.port, requests=given, connections=1, in_flight=1, total=count))


def faults(numbers: Sequence[Sequence[int]], last: int) -> tuple[int, int]:
    """Return how many updates are missing and how many came twice or out of order, over all followers up to `last`."""
    gaps = twice = 0
    for heard in numbers:
        if not heard:
            raise LoadFailed("somebody came back and was sent nothing")
        gaps += len(set(range(heard[0], last + 1)) - set(heard))
        twice += sum(later <= earlier for earlier, later in pairwise(heard))
    return gaps, twice


def _figures(found: Json, last: int, pages: list[float], followers: int) -> list[Figure]:
    gaps, twice = faults(found["numbers"], last)
    name = f"storm of {followers:,}"
    return [
        figure(f"{name}, jitter {JITTER:g} s: until all have what they missed", "s", [found["seconds"]]),
        figure(f"{name}: one follower, connecting → it has what it missed", "ms", found["each"]),
        figure(f"{name}: page meanwhile, p50", "ms", pages),
        figure(f"{name}: page meanwhile, p95", "ms", [percentile(pages, 0.95)]),
        figure(f"{name}: followers that did not resume", "", [followers - found["resumed"]], target="0"),
        figure(f"{name}: updates missing", "", [gaps], target="0"),
        figure(f"{name}: updates twice or out of order", "", [twice], target="0"),
    ]
