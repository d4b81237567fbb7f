"""A right that goes while it is used, twenty hands on one case."""

import asyncio
import time

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from tests.faults.pair import Pair
from tests.faults.seen import Seen
from tests.stories.people import Browser, Follower, socket_url
from tests.support.server import SPACE, Json, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
MODERATORS = ("moderator@demo.example", "moderator2@demo.example")


@pytest.fixture(scope="module")
def server(shared: Server) -> Server:
    return shared


def publish(server: Server, number: int, body: str) -> None:
    """Publish `number` comments one after the other."""
    author, moderator = server.api("delegate-a@demo.example"), server.api(MODERATORS[0])
    for _ in range(number):
        moderator.decide(author.comment(3, body)["id"])


def test_who_is_suspended_follows_no_longer(server: Server) -> None:
    """The socket closes within two seconds, nothing is sent afterwards, and the same token does not open it again."""
    person = server.api("participant@demo.example")
    token = person.http.headers["Authorization"].partition(" ")[2]
    with Browser(server, "participant@demo.example") as browser, Browser(server, "secretariat@demo.example") as secretariat:
        cookie = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
        head = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
        by_token = Follower(socket_url(server, head), token)
        by_cookie = Follower(socket_url(server, head), origin=server.url, cookie=cookie)
        other = Follower(socket_url(server, head))
        person_id = server.api("participant@demo.example").ask("POST", "/tokens", json=credentials(server))["person"]["id"]
        measure = {"person": person_id, "space": "", "kind": "suspend", "days": "7", "reason": "other", "text": "A test."}
        answer = secretariat.send("/en/moderation/sanctions", measure, form_at=f"/en/moderation/sanctions/new?person={person_id}")
        assert answer.status_code == 303
        began = time.monotonic()
        for follower in (by_token, by_cookie):
            assert follower.wait(lambda one: one.code is not None, 2)
            assert follower.code == 1008
        assert time.monotonic() - began < 2
        publish(server, 1, "Said afterwards.")
        assert other.reaches(head + 1)
        assert not by_token.seqs()
        assert not by_cookie.seqs()
        with pytest.raises(InvalidStatus) as refused:
            Follower(socket_url(server, 0), token)
        assert refused.value.response.status_code == 401
        assert person.http.get("/api/v1/spaces").status_code == 401
        assert browser.get("/en/account").status_code == 303
        other.close()


def credentials(server: Server) -> dict[str, str]:
    return {"email": "participant@demo.example", "password": server.password}


async def settle_at_once(urls: list[str], number: int, case: Json, tokens: list[str]) -> list[httpx2.Response]:
    """Let so many decisions on one case reach the processes at these addresses at once; the moderators take turns."""
    async with httpx2.AsyncClient(timeout=30) as http:

        async def settle(place: int) -> httpx2.Response:
            action = ("publish", "reject", "return")[place % 3]
            data = {"action": action, "reason": "other", "text": "Said before.", "version": case["version"]}
            url = f"{urls[place % len(urls)]}/api/v1/moderation/cases/{case['id']}/decision"
            return await http.post(url, json=data, headers={"Authorization": tokens[place % len(tokens)]})

        return await asyncio.gather(*map(settle, range(number)))


def winner(answers: list[httpx2.Response]) -> Json:
    """Return the decision that counts; fails unless it is one, and all others name it."""
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (len(answers) - 1)
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    for answer in answers:
        if answer.status_code == 409:
            said = answer.json()
            decision = said["current"]["decision"]
            assert [decision[name] for name in ("action", "by", "at")] == [
                won["decision"][name] for name in ("action", "by", "at")
            ]
            assert decision["by"] in said["error"]["message"]
    found: Json = won["decision"]
    return found


@pytest.mark.parametrize("number", [2, 20])
async def test_of_decisions_at_once_one_counts(server: Server, number: int) -> None:
    held = server.api("delegate-a@demo.example").comment(2, f"{number} hands reach for this.")
    case = server.api(MODERATORS[0]).case_of(held["id"])
    before = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
    said = await asyncio.to_thread(server.run, "-m", "tests.faults.moderators", SPACE, str(number))
    won = winner(await settle_at_once([server.url], number, case, [f"Bearer {token}" for token in said.split()]))
    sql = "SELECT COUNT(*) FROM record_entries WHERE subject = ? AND kind = 'case.decided'"
    assert server.rows(sql, held["id"]) == [(1,)]
    assert server.rows("SELECT COUNT(*) FROM decisions WHERE case_id = ?", case["id"]) == [(1,)]
    sql = "SELECT COUNT(*) FROM notices WHERE comment_id = ? AND kind LIKE 'decision.%' AND cancelled_at IS NULL"
    assert server.rows(sql, held["id"]) == [(1,)]
    told = server.api().ask("GET", f"/spaces/{SPACE}/updates?since={before}")["items"]
    assert len([one for one in told if one["id"] == held["id"]]) == (won["action"] == "publish")


async def test_of_decisions_in_two_processes_one_counts(two: Pair, seen: Seen) -> None:
    first, second = two.processes
    held = first.api("delegate-a@demo.example").comment(2, "Twenty hands in two processes reach for this.")
    case = first.api(MODERATORS[0]).case_of(held["id"])
    tokens = [first.api(email).http.headers["Authorization"] for email in MODERATORS]
    winner(await settle_at_once([first.url, second.url], 20, case, tokens))
    assert await two.rows("SELECT COUNT(*) FROM decisions WHERE case_id = $1", case["id"]) == [(1,)]
    seen.note("F8", "20 decisions on one case at once, also over two processes: 1 counts, 19 are told who decided what, and when")


def test_a_decision_on_a_text_that_has_changed_is_none(server: Server) -> None:
    author, moderator = server.api("delegate-a@demo.example"), server.api(MODERATORS[0])
    held = author.comment(2, "As it was read.")
    case = moderator.case_of(held["id"])
    author.ask("PATCH", f"/comments/{held['id']}", json={"body": "As nobody has read it.", "version": held["version"]})
    data = {"action": "publish", "version": case["version"]}
    answer = moderator.http.post(f"/api/v1/moderation/cases/{case['id']}/decision", json=data)
    assert answer.status_code == 409
    assert author.ask("GET", f"/comments/{held['id']}")["state"] == "held"
