"""`page`: the thread page for anonymous readers, warm, and for a signed-in one, against a bare route that answers the same bytes."""

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.measuring import Rates
from benchmarks.report import Figure
from benchmarks.requests import GZIP
from benchmarks.seeding import SLUG
from benchmarks.servers import Served, yardstick

SIZES = (20, 50, 200)
"""Comments in the thread; a page shows fifty, so the last is the first of four."""
AIMED = 50


def measure(bench: Bench) -> list[Figure]:
    """The thread page of 20, 50 and 200 comments, anonymous and warm, and signed in, against a bare route of the same bytes."""
    figures: list[Figure] = []
    with bench.forum(bench.seed(threads=SIZES)) as served:
        signed = requests.bearer(token(served))
        for number, size in enumerate(SIZES, 1):
            figures += _of_thread(bench, served, f"/fr/spaces/{SLUG}/questions/{number}", size, signed)
    return figures


def _of_thread(bench: Bench, served: Served, path: str, size: int, signed: str) -> list[Figure]:
    ours, theirs, known = Rates(), Rates(), Rates()
    length = requests.size_of(served, path, GZIP)
    with yardstick("bytes", length) as bare:
        for _ in range(bench.rounds if size == AIMED else 2):
            ours.round(bench, served, [requests.get(path, GZIP)])
            theirs.round(bench, bare, [requests.get("/page", GZIP)])
            known.round(bench, served, [requests.get(path, GZIP, signed)])
    aimed = size == AIMED
    name = f"thread page, {size} comments"
    return [
        *ours.figures(f"{name}, anonymous, warm", "pages", theirs, "≥ 0.8" if aimed else ""),
        *known.figures(f"{name}, signed in", "pages", theirs, "≥ 0.15" if aimed else ""),
    ]
