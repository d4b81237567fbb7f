"""Run the server: uvicorn with our protocols, in one process or in several, and nothing of its own logs."""

import asyncio
import logging
import os
import signal
import sys
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from forum.app import create_app
from forum.live.protocol import UVICORN
from forum.settings import Settings
from forum.stopping import GRACE, Stopping
from forum.web.protocol import OrderlyHttp
from forum.workers import WorkerConfig, Workers

log = logging.getLogger(__name__)

BACKLOG = 4096
HEALTH = 10
"""Seconds in which a worker answers its parent, and a new one is ready, or it is ended."""


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "loop": "uvloop",
        "http": OrderlyHttp,
        **UVICORN,
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "backlog": BACKLOG,
        "timeout_keep_alive": 20,
        "timeout_graceful_shutdown": GRACE,
    }


def server(app: ASGIApp, settings: Settings, host: str, port: int) -> uvicorn.Server:
    """Return a server for `app`; port 0 lets the system choose one."""
    return uvicorn.Server(uvicorn.Config(app, host=host, port=port, **_options(settings)))


def serve(settings: Settings, host: str, port: int, *, demo: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; then answer what has begun, tell followers to come back, and stop."""
    _warn(settings)
    import uvloop

    app = Stopping(create_app(settings, demo=demo), settings.drain_seconds)
    # uvicorn raises the signal again once it has stopped in order; that is an end in order, not a death.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server(app, settings, host, port).serve())


def workers(settings: Settings, host: str, port: int, number: int, app: str = "forum.workers:worker_app") -> Workers:
    """Return the parent of so many processes, which make `app` and find `settings` in their environment."""
    options = {"host": host, "port": port, "workers": number, "timeout_worker_healthcheck": HEALTH, **_options(settings)}
    config = WorkerConfig(app, logging.getLogger().level, **options)
    os.environ.update(settings.environment())
    return Workers(config, settings.drain_seconds)


def serve_with_workers(settings: Settings, host: str, port: int, number: int, *, demo: bool = False) -> bool:
    """Serve with several processes on one socket until a signal; return whether all was well: False when a worker could not start."""
    _warn(settings)
    parent = workers(settings, host, port, number, f"forum.workers:{'demo_worker_app' if demo else 'worker_app'}")
    parent.run()
    return not parent.failed


def _warn(settings: Settings) -> None:
    if settings.rate_limits == "off":
        log.warning("rate limits are off: for load tests only")
