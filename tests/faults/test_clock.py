"""F16: clocks that are wrong, step back, or are months ahead: the order is that of the record, and only what has a time limit ends."""

import re
from pathlib import Path

import pytest

from tests.faults.launched import launched
from tests.faults.pair import Pair
from tests.faults.seen import Seen
from tests.faults.test_valkey_away import Speakers
from tests.stories.people import Browser, Follower, socket_url
from tests.support.server import SPACE

pytestmark = [pytest.mark.server, pytest.mark.faults]
AHEAD = 300
HOUR = 3600
DAY = 24 * HOUR
PAGE = f"/en/spaces/{SPACE}/questions/2"
COMMENTS = 6
LATE = {"question": 1, "body": "Too late.", "lang": "en"}


def test_two_processes_five_minutes_apart(two: Pair, seen: Seen) -> None:
    first, second = two.processes
    second.set_clock(AHEAD)
    try:
        start = first.api().ask("GET", f"/spaces/{SPACE}")["seq"]
        followers = [Follower(socket_url(process, start)) for process in two.processes]
        speakers = Speakers(two)
        speakers.speak(COMMENTS)
        for follower in followers:
            assert follower.reaches(start + COMMENTS)
        late = Follower(socket_url(second, start))
        assert late.reaches(start + COMMENTS)
        orders = [[frame["id"] for frame in one.frames if frame["kind"] == "comment.published"] for one in (*followers, late)]
        assert len(orders[0]) == COMMENTS
        assert orders[0] == orders[1] == orders[2]
        updates = [process.api().ask("GET", f"/spaces/{SPACE}/updates?since={start}")["items"] for process in two.processes]
        assert [[one["id"] for one in found] for found in updates] == [orders[0]] * 2
        pages = [process.api().http.get(PAGE).text for process in two.processes]
        shown = [[one for one in re.findall(r'data-id="([0-9a-f]{32})"', page) if one in orders[0]] for page in pages]
        assert shown[0] == shown[1]
        for one in (*followers, late):
            one.close()
    finally:
        second.set_clock(0)
    said = first.run("-m", "forum", "verify")
    assert all(line.endswith("whole") for line in said.strip().splitlines()), said
    seen.note("F16", f"two processes {AHEAD} s apart, {COMMENTS} comments by turns: one order for followers, catch-up and pages")


def test_a_step_back_and_months_ahead(tmp_path: Path, seen: Seen) -> None:
    with launched(tmp_path) as server:
        with Browser(server, "delegate-a@demo.example") as browser:
            author, moderator = server.api("delegate-a@demo.example"), server.api("moderator@demo.example")
            posted = author.comment(1, "Written before the clock went back.")
            server.set_clock(-HOUR)
            for answer in (browser.get(PAGE), browser.get("/en/account"), server.api().http.get(PAGE)):
                assert answer.status_code == 200
                assert not re.search(r">\s*-\d+\s*(second|minute|hour)", answer.text), "a negative age"
            moderator.decide(posted["id"])
            assert author.comment(1, "Written an hour earlier.")["state"] == "held"
            server.set_clock(0)
            assert browser.get("/en/account").status_code == 200
            server.set_clock(90 * DAY)
            assert browser.get("/en/account").status_code == 303, "the session has run out"
            assert author.http.get("/api/v1/spaces").status_code == 401
            assert server.api().http.get(PAGE).status_code == 200
            again = server.api("delegate-a@demo.example")
            assert again.ask("GET", f"/comments/{posted['id']}")["state"] == "published"
            assert again.http.post(f"/api/v1/spaces/{SPACE}/comments", json=LATE).status_code == 403, (
                "the space has closed meanwhile"
            )
        assert '"event": "fault"' not in server.output()
        said = server.run("-m", "forum", "verify")
        assert all(line.endswith("whole") for line in said.strip().splitlines()), said
    seen.note("F16", "an hour back: nobody signed out, no negative age; 90 days ahead: sessions end, comments and accounts stay")
