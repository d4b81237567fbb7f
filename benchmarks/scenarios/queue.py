"""`queue`: the moderators' page with many cases that wait, against the same with few."""

from benchmarks import requests
from benchmarks.bench import Bench, moderator_token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure
from benchmarks.requests import GZIP

FEW, MANY = 100, 10_000


def measure(bench: Bench) -> list[Figure]:
    """The first page of the moderation queue with 10,000 open cases, against the same with 100."""
    count, times = bench.some(40, 8), {}
    for cases in (FEW, bench.some(MANY, 1_000)):
        with bench.forum(bench.seed(premoderated=True, cases=cases)) as served:
            signed = requests.bearer(moderator_token(served))
            given = [requests.get(f"/{lang}/moderation", GZIP, signed) for lang in ("ar", "en", "es", "fr", "ru", "zh")]
            how = {"port": served.port, "requests": given, "connections": 1, "in_flight": 1, "total": count}
            check(bench.client.do("ask", **how))
            found = [check(bench.client.do("ask", **how)) for _ in range(bench.rounds)]
        times[cases] = [one["seconds"] / count * 1000 for one in found]
    few, many = times.values()
    return [
        figure(f"queue page, {FEW} open cases", "ms", few),
        figure(f"queue page, {max(times):,} open cases", "ms", many, few),
    ]
