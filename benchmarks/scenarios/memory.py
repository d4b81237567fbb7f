"""`memory`: what a follower costs the server while nothing happens, against the bare server's."""

import time

from benchmarks.bench import Bench
from benchmarks.report import Figure, figure
from benchmarks.scenarios.fanout import FOLLOW
from benchmarks.servers import Served, yardstick

WARM = 200


def measure(bench: Bench) -> list[Figure]:
    """Memory for each of 2,000 idle followers beyond the first 200, against the bare websocket server's."""
    followers = bench.some(2_000, 400)
    with bench.forum(bench.seed()) as served:
        ours = _per_follower(bench, served, FOLLOW, followers)
    with yardstick("sockets", 600) as bare:
        theirs = _per_follower(bench, bare, "/follow", followers)
    return [figure("memory per idle follower", "kB", [ours], [theirs], "≤ 1.5")]


def _per_follower(bench: Bench, served: Served, path: str, followers: int) -> float:
    bench.client.do("follow", group="warm", port=served.port, path=path, number=WARM)
    time.sleep(1)
    before = served.resident_bytes()
    bench.client.do("follow", group="all", port=served.port, path=path, number=followers)
    time.sleep(2)
    grown = served.resident_bytes() - before
    bench.client.do("leave", group="all")
    bench.client.do("leave", group="warm")
    return grown / followers / 1000
