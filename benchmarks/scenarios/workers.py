"""`workers`: two processes of the forum against one, on PostgreSQL and Valkey."""

import time
from dataclasses import replace

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import Rates, check
from benchmarks.report import Figure, figure
from benchmarks.requests import GZIP
from benchmarks.scenarios.fanout import FOLLOW, MARK, cast, sentence
from benchmarks.seeding import SLUG, Seeded
from benchmarks.stores import store

HELD = 4_000
PATH = f"/fr/spaces/{SLUG}/questions/1"


def measure(bench: Bench) -> list[Figure]:
    """Pages served and followers held by two workers against one.

    The load client and PostgreSQL take their share of the same processors: the figures by the clock are what two cores give to all of
    them, those by processor time what a page costs the forum's own processes.
    """
    with store("postgres", workers=2) as shared:
        on = replace(bench, store=shared)
        made = on.seed(threads=(50,))
        one, two = _Measured(), _Measured()
        for _ in range(bench.some(3, 1)):
            one.round(on, made, 1)
            two.round(on, made, 2)
    return two.against(one)


class _Measured:
    """What a number of workers managed, a value a round."""

    def __init__(self) -> None:
        self.public, self.signed = Rates(), Rates()
        self.entering: list[float] = []
        self.casts: list[float] = []
        self.memory: list[float] = []

    def round(self, bench: Bench, made: Seeded, workers: int) -> None:
        with bench.forum(made, workers=workers) as served:
            signed = requests.bearer(token(served))
            public, personal = requests.get(PATH, GZIP), requests.get(PATH, GZIP, signed)
            # On as many connections as are measured with: each worker has made the page once before.
            check(bench.client.do("ask", port=served.port, requests=[public, personal], total=64))
            self.public.round(bench, served, [public])
            self.signed.round(bench, served, [personal])
            held, before = bench.some(HELD, 200), served.proportional_bytes()
            began = time.perf_counter()
            bench.client.do("follow", group="all", port=served.port, path=FOLLOW, number=held)
            self.entering.append(held / (time.perf_counter() - began))
            self.casts += cast(bench, served, sentence(signed), MARK, bench.some(10, 3))["last"]
            self.memory.append((served.proportional_bytes() - before) / held / 1000)
            bench.client.do("leave", group="all")

    def against(self, one: "_Measured") -> list[Figure]:
        """Return the figures of two workers, with those of one as the yardstick."""
        return [
            *self.public.figures("two workers: anonymous page, warm", "pages", one.public, "≥ 1.7"),
            *self.signed.figures("two workers: page signed in", "pages", one.signed, "≥ 1.7"),
            figure("two workers: followers let in", "followers/s", self.entering, one.entering, "≥ 1.7"),
            figure(f"two workers: post → frame at the last of {HELD:,}", "ms", self.casts, one.casts),
            figure("two workers: memory a follower, over both", "kB", self.memory, one.memory),
        ]
