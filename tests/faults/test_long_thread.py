"""F10: a thread of a hundred thousand comments is as quick to read, and to write in, as one of a hundred."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.launched import Launched, launched
from tests.faults.process import resident
from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.faults.thread import lengthen
from tests.support.server import SPACE

pytestmark = [pytest.mark.server, pytest.mark.faults]
LONG = size(4_000, 100_000)
SHORT = 100
FETCHES = size(6, 20)
STATEMENTS = 12
WEIGHT = 100_000
QUESTIONS = f"/en/spaces/{SPACE}/questions"


class Pages:
    """Fetches pages that nobody has kept: each with a cursor, or as somebody signed in."""

    def __init__(self, server: Launched, ids: Sequence[str], question: int) -> None:
        self.server = server
        self.ids = ids
        self.path = f"{QUESTIONS}/{question}"
        self._signed_in = {"authorization": str(server.api("delegate-a@demo.example").http.headers["Authorization"])}
        self.http = server.api().http

    def addresses(self, what: str) -> list[tuple[str, dict[str, str]]]:
        """Return addresses with headers of as many different pages of one kind."""
        count, middle = len(self.ids), len(self.ids) // 2
        ahead = range(1, FETCHES + 1)
        found: dict[str, list[tuple[str, dict[str, str]]]] = {
            # Asked for what is new: made for its reader alone, every time.
            "first": [(f"{self.path}?since={number}", self._signed_in) for number in ahead],
            "middle": [(f"{self.path}?after={self.ids[middle + number]}", {}) for number in ahead],
            "last": [(f"{self.path}?after={self.ids[count - 1 - number]}", {}) for number in ahead],
            "permalink": [(f"/en/spaces/{SPACE}/comments/{self.ids[middle + number]}", {}) for number in ahead],
        }
        return found[what]

    def measure(self, what: str) -> tuple[list[float], int, int]:
        """Return the seconds of each fetch, the fewest statements one took, and the most bytes that came."""
        took, statements, weight = [], [], 0
        for address, headers in self.addresses(what):
            self.server.measures(reset=True)
            began = time.monotonic()
            with self.http.stream("GET", address, headers={"accept-encoding": "gzip", **headers}) as answer:
                weight = max(weight, sum(len(chunk) for chunk in answer.iter_raw()))
                assert answer.status_code == 200, (address, answer.status_code)
            took.append(time.monotonic() - began)
            # What the clock does beside it is counted too, now and then: the fewest are those of the page.
            statements.append(self.server.measures().statements)
        return took, min(statements), weight


def test_a_long_thread_is_no_slower(tmp_path: Path, seen: Seen) -> None:
    ids: dict[int, list[str]] = {}

    def prepare(file: Path) -> None:
        ids.update({1: lengthen(file, 1, LONG), 2: lengthen(file, 2, SHORT)})

    with launched(tmp_path, prepare) as server:
        pages, few = Pages(server, ids[1], 1), Pages(server, ids[2], 2)
        few.measure("first")
        before = resident(server.pid)
        for what in ("first", "middle", "last", "permalink"):
            took, statements, weight = pages.measure(what)
            _, of_few, _ = few.measure(what)
            seen.took("F10", f"{LONG:,} comments, {what} page, p95", percentile(took, 0.95), 0.3)
            seen.figure("F10", f"{what} page, statements (of {SHORT} comments: {of_few})", statements, "", STATEMENTS)
            seen.figure("F10", f"{what} page, compressed", weight, "bytes", WEIGHT)
            assert statements == of_few, what
            assert weight <= WEIGHT, what
        author = server.api("delegate-a@demo.example")
        posts = []
        for number in range(FETCHES):
            began = time.monotonic()
            author.comment(1, f"Number {number} at the end.")
            posts.append(time.monotonic() - began)
        seen.took("F10", "a post at the end of it, p95", percentile(posts, 0.95), 0.15)
        seen.figure("F10", "memory more than before", resident(server.pid) - before, "MB", 50)
        assert resident(server.pid) - before <= 100
        assert "Traceback" not in server.output()
