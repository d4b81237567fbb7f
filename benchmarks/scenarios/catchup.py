"""`catchup`: a follower who is a thousand updates behind, against a bare server that sends as many frames at once."""

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.client import Json, LoadFailed
from benchmarks.measuring import check
from benchmarks.report import Figure, figure
from benchmarks.scenarios.fanout import FOLLOW
from benchmarks.scenarios.post import WRITERS, bodies
from benchmarks.scenarios.storm import faults
from benchmarks.servers import Served, yardstick

UPDATES = 1_000
COMERS = 20


def measure(bench: Bench) -> list[Figure]:
    """From connecting to the last of 1,000 updates: one follower alone, and twenty at the same moment."""
    updates = bench.some(UPDATES, 60)
    with bench.forum(bench.seed()) as served:
        given = bodies(bench, requests.bearer(token(served)))
        check(bench.client.do("ask", port=served.port, requests=given, connections=WRITERS, in_flight=1, total=updates))
        alone = [_come(bench, served, f"{FOLLOW}&since=0", updates) for _ in range(bench.rounds)]
        many = _come(bench, served, f"{FOLLOW}&since=0", updates, COMERS)
    size = round(alone[0]["bytes"] / updates)
    with yardstick("sockets", size) as bare:
        theirs = [_come(bench, bare, f"/follow?since={updates}", 1) for _ in range(bench.rounds)]
    for one in (*alone, many):
        if faults(one["numbers"], updates) != (0, 0):
            raise LoadFailed("updates are missing or came twice")
    least = [one["each"][0] for one in theirs]
    return [
        figure(f"catching up with {updates:,} updates, alone", "ms", [one["each"][0] for one in alone], least),
        figure(f"the same, {COMERS} at the same moment, each", "ms", many["each"]),
    ]


def _come(bench: Bench, served: Served, path: str, until: int, comers: int = 1) -> Json:
    found = bench.client.do("storm", group="back", port=served.port, paths=[path] * comers, jitter=0.0, until=until)
    found |= bench.client.do("numbers", group="back", until=until)
    bench.client.do("leave", group="back")
    return found
