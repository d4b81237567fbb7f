"""Where the forum of a benchmark keeps its rows, and what its processes share."""

import asyncio
import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

DATABASES = ("sqlite", "postgres")


@dataclass(frozen=True, slots=True)
class Store:
    """`new_url()` names an empty place for a database; `bus_url` is the bus of all processes."""

    kind: str
    new_url: Callable[[], str]
    bus_url: str = "memory://"
    shared: bool = field(default=False)


@contextlib.contextmanager
def sqlite() -> Iterator[Store]:
    """Files in a folder that goes with the benchmark."""
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        yield Store("sqlite", lambda: f"sqlite://{Path(folder)}/{next(numbers)}.sqlite3")


@contextlib.contextmanager
def postgres(*, valkey: bool) -> Iterator[Store]:
    """A PostgreSQL, and for several processes a Valkey, from the wheels that the tests use."""
    from tests.support.postgres import postgres_server
    from tests.support.valkey import valkey_server

    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        bus = stack.enter_context(valkey_server()).url if valkey else "memory://"
        yield Store("postgres", lambda: asyncio.run(server.new_database()), bus, shared=valkey)


def store(kind: str, workers: int = 1) -> contextlib.AbstractContextManager[Store]:
    """Return the store of this kind; more than one worker needs PostgreSQL and a bus."""
    return postgres(valkey=workers > 1) if kind == "postgres" or workers > 1 else sqlite()
