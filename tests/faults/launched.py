"""The forum as a process with two things beside it that only tests need: a clock that can be set, and meters.

    with launched(tmp_path) as server:
        server.set_clock(-3600)
        server.measures(reset=True)
        ...
        server.measures().lag(0.99)

As a program it serves what the settings name: `python -m tests.faults.launched demo --port 8000`.
"""

import asyncio
import contextlib
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvloop
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from forum.app import create_app
from forum.kernel import clock
from forum.serving import server as serving
from forum.settings import Settings
from forum.web import logs
from tests.faults.seen import percentile
from tests.house.sources import ROOT
from tests.support.server import START, Api, Server, demo_database

EVERY = 0.01
"""Seconds between two looks at how late the event loop is."""


class Statements(logging.Handler):
    """Counts the statements that are sent to the database."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


class Metered:
    """An ASGI application with `GET /-/measures` (`?reset=1` begins anew) and `POST /-/clock?offset=SECONDS` beside it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lags: list[float] = []
        self._meter: asyncio.Task[None] | None = None
        self._statements = Statements()
        self.offset = timedelta()
        logger = logging.getLogger("tortoise.db_client")
        logger.setLevel(logging.DEBUG)
        logger.addHandler(self._statements)
        logger.propagate = False

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._meter = asyncio.create_task(self._measure())
        if scope["type"] != "http" or not scope["path"].startswith("/-/"):
            await self._app(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode())
        if scope["path"] == "/-/clock":
            self.offset = timedelta(seconds=float(query["offset"][0]))
        found = {"lags": self._lags, "statements": self._statements.count, "tasks": len(asyncio.all_tasks())}
        answer = JSONResponse(found)
        if "reset" in query:
            self._lags, self._statements.count = [], 0
        await answer(scope, receive, send)

    async def _measure(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(EVERY)
            self._lags.append(time.monotonic() - began - EVERY)


class Measures:
    """What the meters said."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.statements = int(found["statements"])
        self.lags: list[float] = found["lags"]

    def lag(self, share: float) -> float:
        """Return by how many seconds the event loop was late, at most, in this share of the looks."""
        return percentile(self.lags, share)


class Launched(Server):
    """A server process with the clock and the meters; settings and database as for any other."""

    def start(self) -> None:
        """Start the process and wait until it is ready."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "tests.faults.launched", "demo", "--port", str(self.port)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.settings(), stdout=log, stderr=log)
        end = time.monotonic() + START
        while not self.ready():
            assert self.process.poll() is None, f"the server ended:\n{self.output()}"
            assert time.monotonic() < end, f"the server did not become ready:\n{self.output()}"
            time.sleep(0.05)

    def set_clock(self, offset: float) -> None:
        """Let the forum's clock be so many seconds ahead of the machine's."""
        assert self._asking.http.post(f"/-/clock?offset={offset}").status_code == 200

    def measures(self, *, reset: bool = False) -> Measures:
        """Return what the meters say since they began, or began anew."""
        return Measures(self._asking.http.get(f"/-/measures{'?reset=1' if reset else ''}").json())

    @cached_property
    def _asking(self) -> Api:
        return self.api()


@contextlib.contextmanager
def launched(folder: Path, prepare: Callable[[Path], object] | None = None, **env: str) -> Iterator[Launched]:
    """Run a server with clock and meters on a fresh demonstration in `folder`, changed by `prepare` before anybody serves it."""
    file = demo_database(folder)
    if prepare is not None:
        prepare(file)
    server = Launched(file, env)
    try:
        server.start()
        yield server
    finally:
        server.close()


def main(words: list[str]) -> None:
    logs.configure()
    settings = Settings()
    app = Metered(create_app(settings, demo="demo" in words))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with clock.running(app.now), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving(app, settings, "127.0.0.1", int(words[-1])).serve())


if __name__ == "__main__":
    main(sys.argv[1:])
