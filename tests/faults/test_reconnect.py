"""F6: the server dies, and everybody who followed comes back at once, each from where they were."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.faults.crowd import crowd
from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.faults.test_storm import publish
from tests.stories.people import Follower, socket_url
from tests.support.server import SPACE, Server, demo_database, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
READERS = size(150, 2000)
JITTER = size(0.5, 3.0)
PATH = f"/live/spaces/{SPACE}?lang=en"


class Visits(threading.Thread):
    """Somebody who fetches pages meanwhile; `took` are the seconds of each answer."""

    def __init__(self, server: Server, pause: float = 0.1) -> None:
        super().__init__(daemon=True)
        self._url = f"{server.url}/en/spaces/{SPACE}/questions"
        self._pause = pause
        self._over = threading.Event()
        self.took: list[float] = []
        self.statuses: set[int] = set()

    def __enter__(self) -> "Visits":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        with httpx2.Client(timeout=60) as http:
            while not self._over.wait(self._pause):
                began = time.monotonic()
                self.statuses.add(http.get(f"{self._url}/{1 + len(self.took) % 3}").status_code)
                self.took.append(time.monotonic() - began)


def test_everybody_comes_back(tmp_path: Path, seen: Seen) -> None:
    with demo_server(tmp_path) as server, crowd() as readers:
        start = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
        assert readers.ask("open", port=server.port, path=PATH, number=READERS, since=start)["open"] == READERS
        publish(server, 3, "Heard by all before the storm.")
        assert readers.ask("hear", seq=start + 3, seconds=20)["have"] == READERS
        readers.ask("return_after", jitter=JITTER)
        server.kill()
        server.start()
        began = time.monotonic()
        with Visits(server) as visits:
            publish(server, 3, "Said during the storm.")
            found = readers.ask("hear", seq=start + 6, seconds=60)
        assert (found["have"], found["gaps"], found["doubles"], found["resets"]) == (READERS, 0, 0, 0), found
        assert found["open"] == READERS
        seen.note("F6", f"{READERS} followers cut off by kill -9 and back: gaps 0, doubles 0")
        seen.took("F6", "all resumed after", found["times"]["last"] - began, 15)
        assert visits.statuses == {200}
        seen.took("F6", "pages meanwhile, p95", percentile(visits.took, 0.95), 1)
        assert "Traceback" not in server.output()


def test_who_was_away_too_long_is_told_so(tmp_path: Path) -> None:
    file = demo_database(tmp_path)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE record_logs SET public_seq = 6000 WHERE id = (SELECT id FROM spaces WHERE slug = ?)", [SPACE])
    server = Server(file, {})
    try:
        server.start()
        for since in (0, 7000):
            follower = Follower(socket_url(server, since))
            assert follower.wait(lambda one: len(one.frames) >= 2)
            assert follower.frames[1] == {"seq": 6000, "kind": "reset"}
            follower.close()
    finally:
        server.close()
