"""Talk to one particular worker of a server: the kernel chooses who takes a connection, so connections are opened until all are found.

    with lines(server) as found:              # {process id: Line}
        first, second = found.values()
        first.ask("GET", "/en/spaces")        # always the same worker
    follower = Follower(socket_url(server), sock=connection_to(server, pid))

Every worker says its process id on `/metrics`, to loopback alone; the websocket is opened on the connection that has asked.
"""

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import Any, NamedTuple

from tests.support.server import Server

PATIENCE = 20.0
"""Seconds in which all workers are found: the last may still be starting when the first answers, and they take turns unevenly."""
PID = re.compile(r'^forum_process_info\{pid="(\d+)"\} 1$', re.MULTILINE)
Values = Mapping[str, str]


class Answer(NamedTuple):
    """What a worker answered."""

    status: int
    headers: Values
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class Line:
    """One connection, kept, to one worker; it is not opened anew when it is closed."""

    def __init__(self, server: Server) -> None:
        self.http = HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.http.connect()
        self.http.auto_open = 0
        self.token = ""
        self.pid = int(self.metric(PID))

    def ask(self, method: str, path: str, data: object = None, **headers: str) -> Answer:
        """Send a request; `data` goes as JSON, with the token when there is one."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if data is not None:
            sent["Content-Type"] = "application/json"
        self.http.request(method, path, None if data is None else json.dumps(data), sent)
        answer = self.http.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode())

    def metric(self, name: str | re.Pattern[str]) -> str:
        """Return one figure of this worker."""
        text = self.ask("GET", "/metrics").text
        found = re.search(name if isinstance(name, re.Pattern) else rf"(?m)^{name} (\S+)$", text)
        assert found is not None, text
        return found[1]

    def detach(self) -> socket.socket:
        """Return the bare connection, for a websocket on it."""
        bare, self.http.sock = self.http.sock, None
        assert isinstance(bare, socket.socket)
        return bare

    def close(self) -> None:
        self.http.close()


def _opened(server: Server) -> Iterator[Line]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield Line(server)
        time.sleep(0.01)


@contextlib.contextmanager
def lines(server: Server, number: int = 2) -> Iterator[dict[int, Line]]:
    """Open one line to each of `number` workers; fails when so many are not found."""
    found: dict[int, Line] = {}
    try:
        for line in _opened(server):
            if found.setdefault(line.pid, line) is not line:
                line.close()
            if len(found) == number:
                break
        assert len(found) == number, f"{number} workers were looked for, found: {sorted(found)}\n{server.output()}"
        yield found
    finally:
        for line in found.values():
            line.close()


def pids(server: Server, number: int = 2) -> set[int]:
    """Return the process ids of `number` workers."""
    with lines(server, number) as found:
        return set(found)


def connection_to(server: Server, pid: int) -> socket.socket:
    """Return a connection, on which a websocket can be opened, to the worker `pid`."""
    for line in _opened(server):
        if line.pid == pid:
            return line.detach()
        line.close()
    raise AssertionError(f"no connection came to worker {pid}")
