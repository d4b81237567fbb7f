"""The forum with a meter on its event loop: `python -m benchmarks.metered serve --port PORT`.

`GET /-/lag` answers by how many seconds each of its looks, every five milliseconds, came late, and begins anew.
"""

import asyncio
import signal
import sys
import time

import uvloop
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from forum.app import create_app
from forum.serving import server as serving
from forum.settings import Settings
from forum.web import logs

EVERY = 0.005
LAG = "/-/lag"


class Metered:
    """An ASGI application with the meter beside it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._late: list[float] = []
        self._meter: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._meter = asyncio.create_task(self._measure())
        if scope["type"] == "http" and scope["path"] == LAG:
            found, self._late = self._late, []
            await JSONResponse(found)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _measure(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(EVERY)
            self._late.append(time.perf_counter() - began - EVERY)


def main() -> None:
    """Serve what the settings name."""
    logs.configure()
    settings = Settings()
    app = Metered(create_app(settings))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving(app, settings, "127.0.0.1", int(sys.argv[-1])).serve())


if __name__ == "__main__":
    main()
