"""Servers in processes of their own, on loopback, and what the kernel says of them."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
STARTS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Return the processor time the server has used so far."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self) -> int:
        """Return the memory the server holds now."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * PAGE


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(arguments: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Served]:
    """Run `python ARGUMENTS` until it answers /healthz, and end it afterwards."""
    # A file, not a pipe: a server that logs into a pipe nobody reads stops at 64 kB.
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in the same function, after the process
    process = subprocess.Popen(
        [sys.executable, *arguments], env=os.environ | dict(environment), stdout=subprocess.DEVNULL, stderr=said
    )
    try:
        _wait(process, port, said)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()
        said.close()


def _wait(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            said.seek(0)
            raise SystemExit(f"the server ended at start:\n{said.read().decode()}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("the server does not answer")


@contextlib.contextmanager
def forum(database_url: str) -> Iterator[Served]:
    """Run the forum on `database_url`, without rate limits."""
    port = free_port()
    settings = {
        "FORUM_DATABASE_URL": database_url,
        "FORUM_SECRET_KEY": "benchmarks only, not a secret",
        "FORUM_RATE_LIMITS": "off",
        "FORUM_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with running(["-m", "forum", "serve", "--port", str(port)], port, settings) as served:
        yield served


@contextlib.contextmanager
def yardstick(kind: str, size: int = 0) -> Iterator[Served]:
    """Run the bare server of `benchmarks.bare`: `bytes` (a route that answers so many bytes) or `sockets` (a broadcast loop)."""
    port = free_port()
    with running(["-m", "benchmarks.bare", kind, str(port), str(size)], port, {}) as served:
        yield served
