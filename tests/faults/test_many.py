"""F15: ten thousand followers in one process hear of everything, and pages are answered meanwhile."""

import time
from pathlib import Path

import pytest

from tests.faults.crowd import crowd
from tests.faults.process import resident
from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.faults.test_reconnect import PATH, Visits
from tests.faults.test_storm import publish
from tests.support.server import SPACE, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
READERS = size(500, 10_000)
UPDATES = size(3, 10)
STAY = size(1.0, 30.0)


def test_many_followers(tmp_path: Path, seen: Seen) -> None:
    with demo_server(tmp_path) as server, crowd() as readers:
        start = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
        empty = resident(server.pid)
        opened = readers.ask("open", port=server.port, path=PATH, number=READERS, since=start, seconds=100)
        assert opened["open"] == READERS, (
            f"{opened['open']} open, {opened['lost']} lost, refused: {opened['refused']}, {opened['codes']}"
        )
        seen.took("F15", f"{READERS:,} followers connected within", opened["seconds"], 30)
        seen.figure("F15", f"memory (before: {empty:.0f} MB)", resident(server.pid), "MB", 600)
        assert resident(server.pid) <= 600
        with Visits(server) as visits:
            late = []
            for number in range(1, UPDATES + 1):
                publish(server, 1, "Said to ten thousand.")
                told = time.monotonic()
                found = readers.ask("hear", seq=start + number, seconds=60)
                assert (found["have"], found["gaps"], found["doubles"]) == (READERS, 0, 0), found
                late.append(max(0.0, found["times"]["p95"] - told))
            time.sleep(STAY)
        state = readers.ask("state")
        assert (state["open"], state["lost"]) == (READERS, 0), state
        seen.took("F15", "an update to all of them, p95, after the answer to who wrote it", percentile(late, 0.95), 2)
        assert visits.statuses == {200}
        seen.took("F15", f"{len(visits.took)} pages meanwhile, p95", percentile(visits.took, 0.95), 0.5)
        seen.note("F15", f"dropped in {STAY:g} s: 0")
        assert "Traceback" not in server.output()
