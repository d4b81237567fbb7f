"""Servers in processes of their own, on loopback, and what the kernel says of them."""

import contextlib
import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TICKS = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN = 30.0
STOPS_WITHIN = 15.0
_PR_SET_PDEATHSIG = 1


class ServerFailed(Exception):
    """A server did not start, or answered the first request with an error; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: the process that was started, and whatever processes it has started itself."""

    port: int
    pid: int
    ready_after: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Return the processor time that its living processes have used so far."""
        return sum(float(int(fields[11]) + int(fields[12])) for fields in map(_stat, self.pids())) / TICKS

    def resident_bytes(self) -> int:
        """Return the memory its processes hold now, pages that they share counted in each."""
        return sum(_memory(pid, "Rss") for pid in self.pids())

    def proportional_bytes(self) -> int:
        """Return the memory its processes hold now, pages that are shared with others counted by their share."""
        return sum(_memory(pid, "Pss") for pid in self.pids())

    def pids(self) -> list[int]:
        """Return its processes: each server is started in a process group of its own."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _group(pid) == self.pid]


def _stat(pid: int) -> list[str]:
    """Return what stands in /proc/PID/stat after the name, twelve zeros for a process that has just gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return ["0"] * 13


def _group(pid: int) -> int:
    return int(_stat(pid)[2])


def _memory(pid: int, field: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    return 0


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def raise_limit() -> None:
    """Allow this process, and those it starts, as many sockets as the system lets it have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end_with_parent() -> None:
    """Ask the kernel to end this new process when the benchmark dies, however it does (Linux only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def running(arguments: Sequence[str], port: int, environment: Mapping[str, str], first: str = "/healthz") -> Iterator[Served]:
    """Run `python ARGUMENTS` until it answers `first`, and end it and all its processes afterwards."""
    # A file, not a pipe: a server that logs into a pipe nobody reads stops at 64 kB.
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in the same function, after the process
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread runs here
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}{first}", said)
        yield Served(port, process.pid, time.perf_counter() - began)
    finally:
        _end(process)
        said.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOPS_WITHIN)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, said: IO[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            said.seek(0)
            raise ServerFailed(f"the server ended at start:\n{said.read().decode()}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise ServerFailed(f"the first answer is no page: {error}") from error
        except OSError:
            time.sleep(0.01)
    raise ServerFailed("the server does not answer")


@contextlib.contextmanager
def yardstick(kind: str, size: int = 0) -> Iterator[Served]:
    """Run the bare server of `benchmarks.bare`: `bytes` (a route that answers so many bytes) or `sockets` (a broadcast loop)."""
    port = free_port()
    with running(["-m", "benchmarks.bare", kind, str(port), str(size)], port, {}) as served:
        yield served
