"""F19: a right that is taken elsewhere, on the command line or in another process, ends what was opened with it."""

import time

import pytest

from tests.faults.launched import Launched
from tests.faults.pair import Pair
from tests.faults.seen import Seen
from tests.stories.people import Follower, socket_url
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
LOST_RIGHT = 1008


def bearer(server: Server, email: str) -> str:
    return str(server.api(email).http.headers["Authorization"]).partition(" ")[2]


def closed_after(follower: Follower) -> float:
    """Return the seconds until a follower is closed for want of a right."""
    began = time.monotonic()
    assert follower.wait(lambda one: one.code is not None, 10), "it follows still"
    assert follower.code == LOST_RIGHT
    return time.monotonic() - began


def test_suspended_on_the_command_line(metered: Launched, seen: Seen) -> None:
    token = bearer(metered, "participant@demo.example")
    follower, other = Follower(socket_url(metered), token), Follower(socket_url(metered))
    metered.run("-m", "forum", "person", "suspend", "participant@demo.example")
    seen.took("F19", "suspended on the command line: socket closed after", closed_after(follower), 2)
    answer = metered.api().http.get("/api/v1/spaces", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert other.code is None
    other.close()
    metered.run("-m", "forum", "person", "restore", "participant@demo.example")  # others are given the same server


def test_no_moderator_any_more(metered: Launched, seen: Seen) -> None:
    """The queue tells nothing more of the space, and the next decision is refused; of another space it still tells."""
    second = metered.api("moderator2@demo.example")
    held = metered.api("delegate-a@demo.example").comment(1, "Whoever decides on this is a moderator.")
    case = second.case_of(held["id"])
    queue = Follower(f"ws://127.0.0.1:{metered.port}/live/moderation", bearer(metered, "moderator2@demo.example"))
    assert queue.wait(lambda one: len(one.frames) == 1)
    metered.run("-m", "forum", "person", "role", "moderator2@demo.example", SPACE, "moderator", "--take")
    began = time.monotonic()
    assert queue.wait(lambda one: len(one.frames) == 2, 10), "a hello tells that rights have changed"
    seen.took("F19", "no moderator any more: queue narrowed after", time.monotonic() - began, 2)
    refused = second.http.post(
        f"/api/v1/moderation/cases/{case['id']}/decision", json={"action": "publish", "version": case["version"]}
    )
    assert refused.status_code in {403, 404}, "the case is not theirs to see"
    metered.api("moderator@demo.example").decide(held["id"])
    time.sleep(0.5)
    assert [frame["kind"] for frame in queue.frames] == ["hello", "hello"]
    queue.close()
    metered.run("-m", "forum", "person", "role", "moderator2@demo.example", SPACE, "moderator")


def test_suspended_in_another_process(two: Pair, seen: Seen) -> None:
    first, second = two.processes
    follower = Follower(socket_url(second), bearer(second, "participant@demo.example"))
    credentials = {"email": "participant@demo.example", "password": first.password}
    person_id = first.api().ask("POST", "/tokens", json=credentials)["person"]["id"]
    secretariat = first.api("secretariat@demo.example")
    measure = {"person": person_id, "space": "", "kind": "suspend", "days": 1, "reason": "other", "text": "For a day."}
    made = secretariat.ask("POST", "/moderation/sanctions", json=measure)
    seen.took("F19", "suspended in another process: socket closed after", closed_after(follower), 2)
    secretariat.ask("POST", f"/moderation/sanctions/{made['id']}/lift", json={"version": 1, "text": "A test."})
