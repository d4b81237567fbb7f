"""Run the server: uvicorn with our protocols, and nothing of its own logs."""

import asyncio
import logging
import signal
import sys

import uvicorn
from starlette.types import ASGIApp

from forum.live.protocol import UVICORN
from forum.settings import Settings
from forum.web.patience import PatientHttp

log = logging.getLogger(__name__)

GRACE = 8
"""Seconds that requests in hand have to finish after SIGTERM."""
BACKLOG = 4096


def server(app: ASGIApp, settings: Settings, host: str, port: int) -> uvicorn.Server:
    """Return a server for `app`; port 0 lets the system choose one."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=PatientHttp,
        **UVICORN,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        backlog=BACKLOG,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


def serve(app: ASGIApp, settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; then answer what has begun, tell followers to come back, and stop."""
    if settings.rate_limits == "off":
        log.warning("rate limits are off: for load tests only")
    import uvloop

    # uvicorn raises the signal again once it has stopped in order; that is an end in order, not a death.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server(app, settings, host, port).serve())
