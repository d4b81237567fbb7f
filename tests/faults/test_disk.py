"""F17: the disk is full. What is written is refused in words, what is read is answered, and afterwards all goes on without a restart."""

import contextlib
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.faults.process import limit
from tests.faults.seen import Seen
from tests.faults.writing import check_whole
from tests.stories.people import Browser
from tests.support.server import SPACE, Api, Server, demo_database, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
PAGES = [f"/en/spaces/{SPACE}", *(f"/ar/spaces/{SPACE}/questions/{number}" for number in (1, 2, 3))]
REFUSED = {503, 507}
LONG = "Words that need room. " * 400


@contextlib.contextmanager
def small_disk(size: str = "24m") -> Iterator[Path | None]:
    """Mount a small disk in memory; None where that is not allowed."""
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder]
        if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


class SmallDisk:
    """A disk of a few megabytes, filled by a file beside the database."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(b"x" * 4096)

    def free(self) -> None:
        self._filler.unlink()


class SmallQuota:
    """Where no disk may be mounted: the files of the process may grow no more, as under a quota."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def fill(self) -> None:
        limit(self._server.pid, resource.RLIMIT_FSIZE, 4096)

    def free(self) -> None:
        limit(self._server.pid, resource.RLIMIT_FSIZE, -1)


def check_refused(author: Api, seen: Seen) -> None:
    """Fail unless posts come to be refused soon, and in words; there may be room for some before."""
    slowest = 0.0
    for number in range(2000):
        began = time.monotonic()
        data = {"question": 1, "body": f"{number}: {LONG}", "lang": "en"}
        answer = author.http.post(f"/api/v1/spaces/{SPACE}/comments", json=data)
        slowest = max(slowest, time.monotonic() - began)
        if answer.status_code != 201:
            break
    assert answer.status_code in REFUSED, answer.text
    assert len(answer.json()["error"]["message"]) > 20
    assert int(answer.headers["retry-after"]) >= 1
    seen.took("F17", f"full: refused with {answer.status_code} within", slowest, 1)


def read_all(server: Server) -> None:
    with httpx2.Client(base_url=server.url, timeout=20) as http:
        for page in PAGES:
            for address in (page, f"{page}?after="):
                assert http.get(address).status_code == 200, address


@pytest.mark.parametrize("kind", ["disk", "quota"])
def test_a_full_disk(kind: str, tmp_path: Path, seen: Seen) -> None:
    with contextlib.ExitStack() as stack:
        mounted = stack.enter_context(small_disk()) if kind == "disk" else None
        server = stack.enter_context(demo_server(mounted or tmp_path, stack="sqlite"))
        full = SmallDisk(mounted) if mounted else SmallQuota(server)
        with Browser(server, "delegate-b@demo.example") as browser:
            page = f"/en/spaces/{SPACE}/questions/1"
            assert browser.get(page).status_code == 200
            author = server.api("delegate-a@demo.example")
            full.fill()
            check_refused(author, seen)
            read_all(server)
            seen.note("F17", f"{kind}: all of {2 * len(PAGES)} pages read while it was full")
            sent = browser.send(page, {"body": f"Kept. {LONG}", "lang": "en", "do": "send"})
            assert sent.status_code in REFUSED
            full.free()
            began = time.monotonic()
            assert author.comment(1, "There is room again.")["state"] == "held"
            seen.took("F17", f"{kind}: the next post after freeing", time.monotonic() - began, 1)
        read_all(server)
        assert '"event": "fault"' not in server.output()
        check_whole(server)


class Unheard(Server):
    """A server whose every word is refused as by a full disk; there is nothing to read in its log."""

    def output(self) -> str:
        return ""


def test_a_full_disk_of_logs_is_no_fault(tmp_path: Path, seen: Seen) -> None:
    """Every line that is logged fails to be written; nobody who visits notices."""
    with contextlib.ExitStack() as stack:
        server = Unheard(demo_database(tmp_path), {}, "serve")
        server.log = Path("/dev/full")
        stack.callback(server.close)
        server.start()
        author = server.api("delegate-a@demo.example")
        for number in range(5):
            author.comment(1, f"Logged nowhere, {number}.")
        read_all(server)
        assert server.api().http.post("/api/v1/tokens", json={"email": "a@b.example", "password": "wrong"}).status_code in {
            401,
            422,
        }
        assert server.stop() == 0
        seen.note("F17", "a full disk of logs: posts, pages and refusals are answered as always, and the server stops in order")
