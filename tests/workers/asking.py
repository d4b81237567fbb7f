"""Clients that ask without pause while something happens to the server, and count what went wrong."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPException

from tests.support.server import SPACE, Server

PATHS = ("/healthz", f"/en/spaces/{SPACE}/questions/1", f"/api/v1/spaces/{SPACE}")


class Asking(threading.Thread):
    """Asks for one page after the other; `kept` on a connection that is kept until the server says it closes, else on new ones.

    `rest` is the pause between two, in seconds.
    """

    def __init__(self, server: Server, paths: Sequence[str], *, kept: bool, rest: float) -> None:
        super().__init__(daemon=True)
        self._paths = paths
        self.answered = 0
        self.faults: list[str] = []
        self._port = server.port
        self._kept = kept
        self._rest = rest
        self._over = threading.Event()

    def run(self) -> None:
        connection: HTTPConnection | None = None
        number = 0
        while not self._over.wait(self._rest):
            number += 1
            connection = connection or HTTPConnection("127.0.0.1", self._port, timeout=20)
            try:
                keeps = self._ask(connection, self._paths[number % len(self._paths)])
            except (OSError, HTTPException) as error:
                self.faults.append(f"{number}: {error!r}")
                keeps = False
            if not (keeps and self._kept):
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def _ask(self, connection: HTTPConnection, path: str) -> bool:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 200:
            self.answered += 1
        else:
            self.faults.append(f"{path}: {answer.status}")
        return not answer.will_close

    def stop(self) -> None:
        self._over.set()
        self.join(30)


@contextlib.contextmanager
def asking(server: Server, *more: str) -> Iterator[list[Asking]]:
    """Let six clients ask for some pages and for `more`: on new connections and on kept ones, some quickly, some now and then."""
    made = [Asking(server, (*PATHS, *more), kept=kept, rest=rest) for kept in (True, False) for rest in (0.002, 0.02, 0.3)]
    for one in made:
        one.start()
    try:
        yield made
    finally:
        for one in made:
            one.stop()


def readiness(server: Server) -> int:
    """Return the status of `/readyz` on a new connection; 0 when nobody listens."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except (TimeoutError, ConnectionError):
        return 0
    finally:
        connection.close()


def wait_for_readiness(server: Server, status: int, seconds: float = 15) -> None:
    """Wait until `/readyz` answers so."""
    end = time.monotonic() + seconds
    while readiness(server) != status:
        assert time.monotonic() < end, f"never {status}:\n{server.output()}"
        time.sleep(0.02)
