"""Too much at once: a reader that takes nothing, a right that goes while it is used, twenty hands on one case."""

import asyncio
import json
import socket
import time
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.stories.people import Browser, Follower, socket_url
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
READERS = 50
MODERATORS = ("moderator@demo.example", "moderator2@demo.example")
LONG = "[a](http://b.c) " * 600
"""A text whose HTML is long and soon made."""


@pytest.fixture(scope="module")
def server(shared: Server) -> Server:
    return shared


def narrow(server: Server) -> socket.socket:
    """Return a connection that the kernel keeps little for, so that what is not read soon waits at the server."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    made.connect(("127.0.0.1", server.port))
    return made


def publish(server: Server, number: int, body: str) -> None:
    """Publish `number` comments one after the other."""
    author, moderator = server.api("delegate-a@demo.example"), server.api(MODERATORS[0])
    for _ in range(number):
        moderator.decide(author.comment(3, body)["id"])


async def hear(reader: ClientConnection, last: int) -> list[int]:
    """Return the numbers of the updates up to the one with the number `last`."""
    found: list[int] = []
    while not found or found[-1] < last:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(reader.recv(), 30))
        if "seq" in frame and frame["kind"] != "hello":
            found.append(frame["seq"])
    return found


async def test_who_takes_nothing_is_closed_and_holds_up_nobody(server: Server) -> None:
    before = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
    published = 90
    async with AsyncExitStack() as stack:

        async def follow(**options: Any) -> ClientConnection:
            opened = connect(socket_url(server, before), compression=None, max_size=None, ping_interval=None, **options)
            return await stack.enter_async_context(opened)

        slow = await follow(max_queue=1, sock=narrow(server))
        healthy = [await follow() for _ in range(READERS)]
        work = asyncio.create_task(asyncio.to_thread(publish, server, published, LONG))
        heard = await asyncio.gather(*(hear(one, before + published) for one in healthy))
        await work
        assert all(one == list(range(before + 1, before + published + 1)) for one in heard)
        taken = 0
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await asyncio.wait_for(slow.recv(), 15)
                taken += 1
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        assert taken < published


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
        answer = secretariat.send(f"/en/secretariat/people/{person_id}", {"do": "suspend"}, form_at="/en/secretariat/people")
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


async def test_of_twenty_decisions_at_once_one_counts(server: Server) -> None:
    held = server.api("delegate-a@demo.example").comment(2, "Twenty hands reach for this.")
    case = server.api(MODERATORS[0]).case_of(held["id"])
    before = server.api().ask("GET", f"/spaces/{SPACE}")["seq"]
    tokens = [server.api(email).http.headers["Authorization"] for email in MODERATORS]
    async with httpx2.AsyncClient(base_url=server.url, timeout=30) as http:

        async def settle(number: int) -> httpx2.Response:
            action = ("publish", "reject", "return")[number % 3]
            data = {"action": action, "reason": "other", "version": case["version"]}
            headers = {"Authorization": tokens[number % 2]}
            return await http.post(f"/api/v1/moderation/cases/{case['id']}/decision", json=data, headers=headers)

        answers = await asyncio.gather(*map(settle, range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    for answer in answers:
        if answer.status_code == 409:
            said = answer.json()
            decision = said["current"]["decision"]
            assert decision["action"] == won["decision"]["action"]
            assert decision["by"] == won["decision"]["by"]
            assert decision["at"] == won["decision"]["at"]
            assert decision["by"] in said["error"]["message"]
    assert server.rows("SELECT COUNT(*) FROM decisions WHERE case_id = ?", case["id"]) == [(1,)]
    told = server.api().ask("GET", f"/spaces/{SPACE}/updates?since={before}")["items"]
    assert len([one for one in told if one["id"] == held["id"]]) == (won["decision"]["action"] == "publish")


def test_a_decision_on_a_text_that_has_changed_is_none(server: Server) -> None:
    author, moderator = server.api("delegate-a@demo.example"), server.api(MODERATORS[0])
    held = author.comment(2, "As it was read.")
    case = moderator.case_of(held["id"])
    author.ask("PATCH", f"/comments/{held['id']}", json={"body": "As nobody has read it.", "version": held["version"]})
    data = {"action": "publish", "version": case["version"]}
    answer = moderator.http.post(f"/api/v1/moderation/cases/{case['id']}/decision", json=data)
    assert answer.status_code == 409
    assert author.ask("GET", f"/comments/{held['id']}")["state"] == "held"
