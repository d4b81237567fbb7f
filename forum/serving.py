"""Run the server: uvicorn with our protocols, in one process or in several, and nothing of its own logs."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from forum.app import create_app
from forum.listening import options
from forum.settings import Settings
from forum.stopping import Stopping
from forum.web.generations import make_file
from forum.workers import APP, DEMO_APP, Plan

log = logging.getLogger(__name__)


def server(app: ASGIApp, settings: Settings, host: str, port: int) -> uvicorn.Server:
    """Return a server for `app`; port 0 lets the system choose one."""
    return uvicorn.Server(uvicorn.Config(app, host=host, port=port, **options(settings.trusted_proxies)))


def serve(settings: Settings, host: str, port: int, *, demo: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; then answer what has begun, tell followers to come back, and stop."""
    _warn(settings)
    import uvloop

    app = Stopping(create_app(settings, demo=demo), settings.drain_seconds)
    # uvicorn raises the signal again once it has stopped in order; that is an end in order, not a death.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server(app, settings, host, port).serve())


def become_parent(settings: Settings, at: tuple[str, int], workers: int, *, demo: bool = False) -> NoReturn:
    """Turn this process into the parent of so many workers, listening `at` (host, port).

    A new program in the same process: a parent needs a quarter of the memory that this one has taken to look at the settings and the
    database, and workers, which begin with what their parent's command imports, are there sooner.
    """
    _warn(settings)
    plan = Plan(
        app=DEMO_APP if demo else APP,
        host=at[0],
        port=at[1],
        workers=workers,
        trusted_proxies=settings.trusted_proxies,
        drain_seconds=settings.drain_seconds,
        log_level=logging.getLogger().level,
    )
    # This very package, whatever lies in the working folder.
    path = os.pathsep.join(filter(None, (str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "forum.workers", plan.as_text()]
    shared = settings.model_copy(update={"shared_counts": str(make_file())})
    sys.stdout.flush()
    os.execve(sys.executable, command, {**os.environ, **shared.environment(), "PYTHONPATH": path})  # noqa: S606 - our own program


def _warn(settings: Settings) -> None:
    if settings.rate_limits == "off":
        log.warning("rate limits are off: for load tests only")
