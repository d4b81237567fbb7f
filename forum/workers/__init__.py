"""Several processes on one listening socket, by uvicorn's own supervisor.

It replaces a worker that died, and on SIGHUP all of them, one after the other: the new one answers before the old one goes. SIGTTIN
and SIGTTOU add and take away one. Here is what it does not do: count the drain, end in time, and say how it ended.

`python -m forum.workers PLAN` is the parent; `imrf-forum serve --workers N` becomes it. It knows nothing of the forum, and a worker
begins with what is imported here: nothing heavy, or the parent would take one that starts on a busy machine for dead.
"""

import json
import logging
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess

from forum.listening import LAST, options
from forum.stopping import ENDING, Stopping
from forum.web import logs

log = logging.getLogger(__name__)

APP: Final = "forum.workers:worker_app"
DEMO_APP: Final = "forum.workers:demo_worker_app"
HEALTH: Final = 10
"""Seconds in which a worker must answer its parent, or it is ended and replaced."""
READY: Final = 60
"""Seconds in which a worker that is to take the place of another must be ready, or the other stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a parent must know. Workers find the settings of the forum in their environment."""

    app: str
    host: str
    port: int
    workers: int
    trusted_proxies: str
    drain_seconds: float
    log_level: int

    def as_text(self) -> str:
        """Return the plan as it is given to the command."""
        return json.dumps(asdict(self))


class WorkerConfig(uvicorn.Config):
    """uvicorn's settings for its workers, which it carries over to each of them."""

    def __init__(self, plan: Plan) -> None:
        self._level = plan.log_level
        more = options(plan.trusted_proxies)
        super().__init__(
            plan.app,
            factory=True,
            host=plan.host,
            port=plan.port,
            workers=plan.workers,
            timeout_worker_healthcheck=HEALTH,
            **more,
        )

    def configure_logging(self) -> None:
        """Set up what a new process does not inherit; uvicorn calls this first of all in each worker."""
        logs.configure(self._level)
        # uvicorn raises the signal again once it has stopped in order; that is an end in order, not a death.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # Meant for the parent; a terminal that is closed sends it to all.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)


def worker_app() -> ASGIApp:
    """Return the application of a worker; the settings are in its environment."""
    return _made(demo=False)


def demo_worker_app() -> ASGIApp:
    """Return the application of a worker of the demonstration."""
    return _made(demo=True)


def _made(*, demo: bool) -> ASGIApp:
    try:
        from forum.app import create_app
        from forum.settings import Settings

        return Stopping(create_app(Settings(), demo=demo), worker=True)
    except Exception:
        # With any other status the parent would start the next one, for ever.
        log.exception("the worker cannot start")
        sys.exit(STARTUP_FAILURE)


class Workers(Multiprocess):
    """The parent. Its plan's `drain_seconds` is how long `/readyz` answers 503, in all workers, before the socket is closed."""

    def __init__(self, plan: Plan) -> None:
        config = WorkerConfig(plan)
        super().__init__(config, [config.bind_socket()])
        self._drain_seconds = plan.drain_seconds

    @property
    def failed(self) -> bool:
        """Whether a worker could not start, which stopped all."""
        return any(process.exitcode == STARTUP_FAILURE for process in self.processes)

    def handle_term(self) -> None:
        """Let the load balancer see the end coming, then stop; a second signal ends the wait."""
        for process in self.processes:
            if self._drain_seconds and process.pid is not None and process.process.is_alive():
                os.kill(process.pid, signal.SIGUSR1)
        end = time.monotonic() + self._drain_seconds
        while time.monotonic() < end and not set(ENDING) & set(self.signal_queue):
            time.sleep(0.1)
        super().handle_term()

    def handle_hup(self) -> None:
        log.info("the workers are replaced, one after the other")
        self.config.timeout_worker_healthcheck = READY
        try:
            super().handle_hup()
        finally:
            self.config.timeout_worker_healthcheck = HEALTH

    def join_all(self) -> None:
        """Wait for the workers' end; one that does not come to it is killed."""
        end = time.monotonic() + LAST
        for process in self.processes:
            process.process.join(max(0.1, end - time.monotonic()))
            if process.process.is_alive():
                log.error("worker %s does not stop and is killed", process.pid)
                process.process.kill()
        super().join_all()
