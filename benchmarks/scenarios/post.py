"""`post`: eight writers post comments, durable and with their entries in the record, against bare durable inserts of the same bytes."""

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import Rates
from benchmarks.report import Figure, figure, percentile
from benchmarks.seeding import SLUG, texts

WRITERS = 8
PATH = f"/api/v1/spaces/{SLUG}/comments"


def bodies(bench: Bench, signed: str, count: int = 60) -> list[str]:
    """Return requests that post the texts in turn."""
    given = texts(bench.settings.corpus)[:count]
    return [requests.post(PATH, {"question": 1, "lang": lang, "body": text}, signed) for lang, text in given]


def measure(bench: Bench) -> list[Figure]:
    """Eight writers post through the API, in a commit each, against a bare driver that commits one row of the same bytes each."""
    made = bench.seed()
    total, ours, theirs = bench.some(400, 60), Rates(), Rates()
    times: list[float] = []
    with bench.forum(made) as served:
        signed = requests.bearer(token(served))
        given = bodies(bench, signed)
        size = sum(len(text.encode()) for _, text in texts(bench.settings.corpus)[: len(given)]) // len(given)
        Rates().round(bench, served, given, connections=WRITERS, in_flight=1, total=40, seconds=None)
        for _ in range(bench.some(3, 2)):
            found = ours.round(bench, served, given, connections=WRITERS, in_flight=1, total=total, seconds=None)
            times += [one * 1000 for one in found["times"]]
            bare = bench.inserts(bench.store.new_url(), size, bench.seconds)
            theirs.add(bare["rows"], bare["seconds"], bare["cpu"])
    return [
        *ours.figures("post, 8 writers, durable, with its record entries", "posts", theirs, "≥ 0.4"),
        figure("the same: from sending to the answer, p50", "ms", times),
        figure("the same: p99", "ms", [percentile(times, 0.99)]),
    ]
