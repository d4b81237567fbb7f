"""`screening`: how late the event loop is while eight authors post hostile texts of full length, against a loop with nothing to do."""

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import check
from benchmarks.metered import LAG
from benchmarks.report import Figure, figure, percentile
from benchmarks.scenarios.post import PATH
from benchmarks.servers import Served

AUTHORS = 8
LENGTH = 10_000
PARTS = (
    ("en", "France tortures. "),
    ("en", "a.b@a.b. "),
    ("en", "+41 22 917 90 00 "),
    ("en", "[a](https://un.org/"),
    ("en", "> - "),
    ("zh", "法国侵犯人权。"),
    ("ru", "Насилие над людьми ами "),
    ("ar", "وال"),
)
"""Language and what a hostile text is made of; each is as long as a text may be."""


def measure(bench: Bench) -> list[Figure]:
    """Eight authors post texts of 10,000 characters, one after the other; all phases look at each. The loop is looked at meanwhile."""
    made = bench.seed()
    times: list[float] = []
    with bench.forum(made, metered=True) as served:
        signed = requests.bearer(token(served))
        given = [requests.post(PATH, {"question": 1, "lang": lang, "body": _text(part)}, signed) for lang, part in PARTS]
        _posts(bench, served, given, AUTHORS)
        quiet, busy = [], []
        for _ in range(bench.rounds):
            _late(served)
            bench.rest()
            quiet += _late(served)
            times += _posts(bench, served, given, bench.some(48, 16))
            busy += _late(served)
    return [
        figure(
            f"screening: a hostile text of {LENGTH:,} characters, {AUTHORS} authors: from sending to the answer, p50", "ms", times
        ),
        figure("the event loop is late meanwhile, p50", "ms", busy, quiet),
        figure("the same, p99", "ms", [percentile(busy, 0.99)], [percentile(quiet, 0.99)], "≤ 20 ms"),
    ]


def _text(part: str) -> str:
    return (part * LENGTH)[:LENGTH]


def _posts(bench: Bench, served: Served, given: list[str], total: int) -> list[float]:
    found = bench.client.do("ask", port=served.port, requests=given, connections=AUTHORS, in_flight=1, total=total, seconds=None)
    return [one * 1000 for one in check(found, ("201", "422"))["times"]]


def _late(served: Served) -> list[float]:
    """Return by how many milliseconds the loop was late at each look since the last call."""
    return [one * 1000 for one in requests.call(served, LAG)]
