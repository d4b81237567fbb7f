"""F4: Valkey dies under two processes. Posting goes on in both, and afterwards every follower of either has everything once."""

import time

import pytest

from tests.faults.crowd import Asked, crowd
from tests.faults.pair import Pair, wait_for_readiness
from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.support.server import SPACE

pytestmark = [pytest.mark.server, pytest.mark.faults]
READERS = size(30, 500)
COMMENTS = size(5, 40)
AWAY = size(2.0, 10.0)
PATH = f"/live/spaces/{SPACE}?lang=en"


class Speakers:
    """An author at each process, and a moderator who decides at the other one."""

    def __init__(self, two: Pair) -> None:
        self.authors = [process.api("delegate-a@demo.example") for process in two.processes]
        self.moderators = [process.api("moderator@demo.example") for process in two.processes]
        self.said = 0

    def speak(self, number: int, least: float = 0.0) -> list[float]:
        """Post and publish so many comments, spread over `least` seconds; return how long each post took."""
        took = []
        for _ in range(number):
            self.said += 1
            side = self.said % 2
            began = time.monotonic()
            held = self.authors[side].comment(2, f"Said number {self.said}, whatever Valkey does.")
            took.append(time.monotonic() - began)
            self.moderators[1 - side].decide(held["id"])
            time.sleep(max(0.0, least / number - (time.monotonic() - began)))
        return took


def everybody(asked: list[Asked], seq: int) -> float:
    """Wait until all have the update, and return when the last one had it; fails when somebody has a gap, or anything twice."""
    found = [one.ask("hear", seq=seq, seconds=25) for one in asked]
    for one in found:
        assert (one["have"], one["gaps"], one["doubles"], one["lost"]) == (READERS, 0, 0, 0), one
    return max(float(one["times"]["last"]) for one in found)


def test_killed_for_seconds(two: Pair, seen: Seen) -> None:
    speakers = Speakers(two)
    first = two.processes[0].api()

    def head() -> int:
        return int(first.ask("GET", f"/spaces/{SPACE}")["seq"])

    start = head()
    with crowd() as here, crowd() as there:
        asked = [here, there]
        for one, process in zip(asked, two.processes, strict=True):
            assert one.ask("open", port=process.port, path=PATH, number=READERS, since=start)["open"] == READERS
        normal = speakers.speak(COMMENTS)
        everybody(asked, head())
        two.valkey.kill()
        for process in two.processes:
            wait_for_readiness(process, "degraded")
        without = speakers.speak(COMMENTS, AWAY)
        two.valkey.start()
        back = time.monotonic()
        last = head()
        seen.took("F4", "every follower complete after the return of Valkey", max(0.0, everybody(asked, last) - back), 5)
        for process in two.processes:
            wait_for_readiness(process, "ok")
        speakers.speak(2)
        everybody(asked, head())
    assert head() - start == speakers.said
    usual, away = percentile(normal, 0.95), percentile(without, 0.95)
    seen.note(
        "F4", f"{2 * READERS} followers at two processes, {speakers.said} comments, Valkey away for {AWAY:g} s: gaps 0, doubles 0"
    )
    seen.took("F4", f"post without Valkey, p95 (usual: {usual:.3f} s)", away, 2 * usual)
