"""F19: whoever is suspended from a space by a measure loses its desk at once, in this process and in another."""

import time

import pytest

from tests.faults.launched import Launched
from tests.faults.seen import Seen
from tests.faults.test_rights import bearer, closed_after
from tests.stories.people import Follower
from tests.support.server import SPACE

pytestmark = [pytest.mark.server, pytest.mark.faults]
MODERATOR, CLERK = "moderator2@demo.example", "secretariat@demo.example"


def test_a_suspended_moderator_loses_the_queue(metered: Launched, seen: Seen) -> None:
    """The socket of the queue hears of the space no more, or is closed; the next request is refused; lifting gives both back."""
    second = metered.api(MODERATOR)
    credentials = {"email": MODERATOR, "password": metered.password}
    person = second.ask("POST", "/tokens", json=credentials)["person"]["id"]
    held = metered.api("delegate-a@demo.example").comment(1, "Whoever decides on this is a moderator.")
    case = second.case_of(held["id"])
    url = f"ws://127.0.0.1:{metered.port}/live/moderation"
    queue = Follower(url, bearer(metered, MODERATOR))
    assert queue.wait(lambda one: len(one.frames) == 1)
    secretariat = metered.api(CLERK)
    spaces = {row[0] for row in metered.rows("SELECT space_id FROM space_roles WHERE person_id = ?", person)}
    slugs = [row[1] for row in metered.rows("SELECT id, slug FROM spaces") if row[0] in spaces]
    assert SPACE in slugs
    made = []
    for slug in slugs:
        measure = {"person": person, "space": slug, "kind": "suspend", "days": 1, "reason": "other", "text": "For a day."}
        made.append(secretariat.ask("POST", "/moderation/sanctions", json=measure))
    seen.took("F19", "suspended from every space that they moderate: queue closed after", closed_after(queue), 2)
    for path in ("/moderation/cases", f"/moderation/cases/{case['id']}", "/moderation/sanctions"):
        assert second.http.get(f"/api/v1{path}").status_code == 403, path
    for one in made:
        secretariat.ask("POST", f"/moderation/sanctions/{one['id']}/lift", json={"version": 1, "text": "A test."})
    began = time.monotonic()
    again = Follower(url, bearer(metered, MODERATOR))
    assert again.wait(lambda one: len(one.frames) == 1)
    seen.took("F19", "lifted: queue open again after", time.monotonic() - began, 2)
    assert second.ask("GET", f"/moderation/cases/{case['id']}")["id"] == case["id"]
    again.close()
