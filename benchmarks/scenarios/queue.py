"""`queue`: the moderators' page with very many cases that wait, against the same with few."""

import contextlib

from benchmarks import requests
from benchmarks.bench import Bench, moderator_token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure
from benchmarks.requests import GZIP

FEW, MANY = 100, 100_000
LANGS = ("ar", "en", "es", "fr", "ru", "zh")
NARROWED = {"": "queue page", "?kind=new": "queue of one kind", "?due=late": "what is late", "?may=1": "what one may decide on"}
TARGET = "≤ 1.5"


def measure(bench: Bench) -> list[Figure]:
    """The first page of the moderation queue with 100,000 open cases, against the same with 100; whole and narrowed."""
    count, many = bench.some(36, 6), bench.some(MANY, 1_000)
    times: dict[tuple[int, str], list[float]] = {}
    with contextlib.ExitStack() as stack:
        asked = {}
        for cases in (FEW, many):
            served = stack.enter_context(bench.forum(bench.seed(premoderated=True, cases=cases)))
            asked[cases] = (served.port, requests.bearer(moderator_token(served)))
        for number in range(bench.rounds + 1):
            for query in NARROWED:
                # Few and many take turns, so that both meet the same neighbours on the machine.
                for cases, (port, signed) in asked.items():
                    given = [requests.get(f"/{lang}/moderation{query}", GZIP, signed) for lang in LANGS]
                    how = {"port": port, "requests": given, "connections": 1, "in_flight": 1, "total": count}
                    taken = check(bench.client.do("ask", **how))["seconds"] / count * 1000
                    if number:  # the first round warms up
                        times.setdefault((cases, query), []).append(taken)
    figures = []
    for query, name in NARROWED.items():
        few, lots = times[FEW, query], times[many, query]
        figures += [
            figure(f"{name}, {FEW} open cases", "ms", few),
            figure(f"{name}, {many:,} open cases", "ms", lots, few, TARGET),
        ]
    return figures
