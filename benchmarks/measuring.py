"""What several scenarios do alike: ask for a while and keep rates, post to followers, compare by the clock and by processor time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.bench import Bench
from benchmarks.client import Json, LoadFailed
from benchmarks.report import Figure, figure
from benchmarks.servers import Served


def check(found: Json, allowed: Sequence[str] = ("200", "201")) -> Json:
    """Return what the load client found, unless an answer was an error: then nothing was measured."""
    wrong = {status: count for status, count in found["statuses"].items() if status not in allowed}
    if wrong or not found["statuses"]:
        raise LoadFailed(f"no answers, or with other statuses than {allowed}: {wrong}")
    return found


@dataclass(slots=True)
class Rates:
    """Answers a second by the clock, and a second of the server's processor time; one number a round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def round(self, bench: Bench, served: Served, requests: Sequence[str], **how: object) -> Json:
        """Ask for one round and keep what was measured."""
        before = served.cpu_seconds()
        given = {"seconds": bench.seconds, **how}
        found = check(bench.client.do("ask", port=served.port, requests=list(requests), **given))
        used = served.cpu_seconds() - before
        self.add(found["answers"], found["seconds"], used)
        return found

    def add(self, count: float, seconds: float, cpu: float) -> None:
        """Keep one round: so many in so long, for so much processor time."""
        self.wall.append(count / seconds)
        self.cpu.append(count / cpu if cpu else 0.0)

    def figures(self, name: str, unit: str, bare: "Rates | None" = None, target: str = "") -> list[Figure]:
        """Return both figures; the target stands at the one by the clock."""
        theirs = bare or Rates()
        return [
            figure(name, f"{unit}/s", self.wall, theirs.wall, target),
            figure(f"{name}, by processor time", f"{unit}/CPU s", self.cpu, theirs.cpu),
        ]
