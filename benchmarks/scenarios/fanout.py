"""`fanout`: from a post to the frame at the last of many followers, against a bare loop that writes as large a frame to as many."""

from dataclasses import dataclass, field

from benchmarks import requests
from benchmarks.bench import Bench, token
from benchmarks.client import Json
from benchmarks.measuring import check
from benchmarks.report import Figure, figure, percentile
from benchmarks.scenarios.post import PATH
from benchmarks.seeding import SLUG
from benchmarks.servers import Served, yardstick

FOLLOWERS = (100, 1_000, 2_000, 5_000, 10_000)
AIMED = frozenset({1_000, 5_000, 10_000})
MARK = "mark-#####-end"
FOLLOW = f"/live/spaces/{SLUG}?lang=en"


def sentence(signed: str) -> str:
    """Return a request that posts a comment with the mark."""
    body = "A sentence about legal aid for migrants at borders. " * 6 + MARK
    return requests.post(PATH, {"question": 1, "lang": "en", "body": body}, signed)


def cast(bench: Bench, served: Served, request: str, mark: str, times: int) -> Json:
    """Send the request so many times to the followers in the group "all"; the first two are for warming up."""
    found = check(bench.client.do("cast", group="all", port=served.port, request=request, mark=mark, times=times + 2))
    return {**found, "first": found["first"][2:], "last": found["last"][2:]}


def measure(bench: Bench) -> list[Figure]:
    """From sending a post to the frame at the last of 100 to 10,000 followers, against a bare loop of as large a frame.

    The whole holds the post itself (rendering, transaction, commit on the disk); "fan-out alone" is from the first follower's frame to
    the last one's, on both sides.
    """
    figures: list[Figure] = []
    for followers in FOLLOWERS[: bench.some(len(FOLLOWERS), 2)]:
        figures += _of(bench, followers)
    return figures


@dataclass(slots=True)
class _Casts:
    """Milliseconds from sending, one number a cast, over all rounds."""

    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)

    def round(self, bench: Bench, served: Served, path: str, followers: int, request: str) -> int:
        """Let the followers in, cast, let them go; returns the bytes of a frame."""
        bench.client.do("follow", group="all", port=served.port, path=path, number=followers)
        mark = MARK if path == FOLLOW else "the end"
        found = cast(bench, served, request, mark, bench.some(20, 6))
        bench.client.do("leave", group="all")
        self.first += found["first"]
        self.last += found["last"]
        return int(found["size"])

    def alone(self) -> list[float]:
        """Return how long each cast took from the first follower to the last."""
        return [last - first for first, last in zip(self.first, self.last, strict=True)]


def _of(bench: Bench, followers: int) -> list[Figure]:
    ours, theirs = _Casts(), _Casts()
    with bench.forum(bench.seed()) as served:
        request = sentence(requests.bearer(token(served)))
        size = _Casts().round(bench, served, FOLLOW, 1, request)
        # The bytes of a whole frame: its head of four bytes is made anew by the yardstick.
        with yardstick("sockets", size - 4) as bare:
            # Letting ten thousand in takes longer than all casts to them: one round has to do there.
            for _ in range(bench.some(2 if followers <= 2000 else 1, 1)):
                ours.round(bench, served, FOLLOW, followers, request)
                theirs.round(bench, bare, "/follow", followers, requests.post("/cast"))
    return _figures(followers, ours, theirs)


def _figures(followers: int, ours: _Casts, theirs: _Casts) -> list[Figure]:
    target = "≤ 1.3" if followers in AIMED else ""
    name = f"{followers:,} followers"
    return [
        figure(f"{name}: post → frame at the last, p50", "ms", ours.last, theirs.last, target),
        figure(f"{name}: the same, p99", "ms", [percentile(ours.last, 0.99)], [percentile(theirs.last, 0.99)]),
        figure(f"{name}: fan-out alone, first → last, p50", "ms", ours.alone(), theirs.alone(), target),
    ]
