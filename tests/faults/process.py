"""A process seen from outside, through /proc: memory, processor time, descriptors, limits."""

import os
import resource
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1024 * 1024


def resident(pid: int) -> float:
    """Return the memory that a process holds, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / MB


def worked(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def descriptors(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def limit(pid: int, what: int, number: int) -> None:
    """Set the soft limit of a running process, such as RLIMIT_NOFILE, to `number`; -1 is the hard limit."""
    _, hard = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (hard if number < 0 else number, hard))
