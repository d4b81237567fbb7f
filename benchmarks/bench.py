"""What a scenario is given: the load client, a store, and how much is to be done."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import requests
from benchmarks.client import Client
from benchmarks.report import Figure
from benchmarks.seeding import EMAIL, MODERATOR, PASSWORD, Plan, Seeded, seed
from benchmarks.servers import Served, free_port, running
from benchmarks.stores import Store


@dataclass(frozen=True, slots=True)
class Settings:
    """`quick` makes everything short; `workers` are the processes of the forum; `corpus` replaces the demonstration's texts."""

    quick: bool = False
    workers: int = 1
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """One run. Rounds of forum and yardstick alternate, so that both meet the same neighbours on the machine.

    `reader` is a second load client: what one reader feels must not wait for the thousands that the first one follows with.
    """

    client: Client
    reader: Client
    store: Store
    settings: Settings

    @property
    def rounds(self) -> int:
        return 2 if self.settings.quick else 5

    @property
    def seconds(self) -> float:
        return 0.5 if self.settings.quick else 1.5

    def some(self, full: int, quick: int) -> int:
        """Return how many: `full`, or `quick` in a short run."""
        return quick if self.settings.quick else full

    def rest(self) -> None:
        """Wait for as long as one round measures."""
        time.sleep(self.seconds)

    def seed(self, **plan: Any) -> Seeded:
        """Make a database of its own for a scenario; the words are those of `Plan`."""
        return seed(self.store.new_url(), Plan(corpus=self.settings.corpus, **plan))

    @contextlib.contextmanager
    def forum(
        self, made: Seeded, chunk: int | None = None, workers: int | None = None, *, metered: bool = False
    ) -> Iterator[Served]:
        """Run the forum on a database, without rate limits; `chunk` sets how many readers a cast writes to at a time, `metered` tells
        how late its loop is."""
        port = free_port()
        environment = {
            "FORUM_DATABASE_URL": made.url,
            "FORUM_BUS_URL": self.store.bus_url,
            "FORUM_SECRET_KEY": "benchmarks only, not a secret",
            "FORUM_RATE_LIMITS": "off",
            "FORUM_BASE_URL": f"http://127.0.0.1:{port}",
        }
        start = ["-m", "forum"] if chunk is None else ["-m", "benchmarks.chunked", str(chunk)]
        command = [*start, "serve", "--port", str(port)]
        if metered:
            command = ["-m", "benchmarks.metered", "serve", "--port", str(port)]
        count = workers or self.settings.workers
        if count > 1 and not metered:
            command += ["--workers", str(count)]
        with running(command, port, environment) as served:
            yield served

    def inserts(self, url: str, size: int, seconds: float) -> dict[str, float]:
        """Run the bare inserts in a process of their own and return their rows, seconds and processor time."""
        command = [sys.executable, "-m", "benchmarks.inserts", url, str(size), str(seconds)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
        found: dict[str, float] = json.loads(said)
        return found


def token(served: Served, email: str = EMAIL) -> str:
    """Return a token of the API for somebody of the seeded database."""
    return str(requests.call(served, "/api/v1/tokens", {"email": email, "password": PASSWORD})["token"])


def moderator_token(served: Served) -> str:
    """Return a token of the moderator of the space."""
    return token(served, MODERATOR)


Scenario = Callable[[Bench], list[Figure]]
"""What is measured under one name of the command line; its docstring says what."""
