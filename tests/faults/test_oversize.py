"""Too large, too deep, compressed, twice the same: refused early and by name, and what was typed is kept."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.faults.wire import Wire, status
from tests.stories.people import Browser
from tests.support.server import SPACE, Api, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
COMMENTS = f"/api/v1/spaces/{SPACE}/comments"
PAGE = f"/fr/spaces/{SPACE}/questions/1"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server(shared: Server) -> Server:
    return shared


@pytest.fixture(scope="module")
def author(server: Server) -> Api:
    return server.api("delegate-a@demo.example")


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    with Browser(server, "delegate-a@demo.example") as made:
        yield made


def targets(author: Api, browser: Browser, server: Server) -> list[tuple[str, dict[str, str]]]:
    """Where a comment can be sent, with all that a request needs besides its body."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    program = {"Authorization": str(author.http.headers["Authorization"]), "Content-Type": "application/json"}
    person = {"Cookie": cookie, "Origin": server.url, "Content-Type": "application/x-www-form-urlencoded"}
    return [(COMMENTS, program), (PAGE, person), ("/fr/preview", person), ("/fr/drafts", person)]


def test_a_megabyte_that_is_announced_is_refused_before_it_comes(server: Server, author: Api, browser: Browser) -> None:
    for path, headers in targets(author, browser, server):
        with Wire(server) as wire:
            wire.head(f"POST {path}", {**headers, "Content-Length": str(MEGABYTE)})
            assert status(wire.answer()) == 413, path
            assert wire.seconds < 3, path


def test_a_megabyte_in_pieces_is_not_read_to_its_end(server: Server, author: Api, browser: Browser) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for path, headers in targets(author, browser, server):
        with Wire(server) as wire:
            wire.head(f"POST {path}", {**headers, "Transfer-Encoding": "chunked"})
            for _ in range(64):
                if wire.answered(0.02) or not wire.give(piece):
                    break
            assert status(wire.answer()) == 413, path
            assert wire.sent < MEGABYTE, path


def test_one_character_too_many_is_refused_with_the_text_kept(browser: Browser, author: Api) -> None:
    body = "é" * 10_001
    answer = browser.send(PAGE, {"body": body, "lang": "fr", "do": "send"})
    assert answer.status_code == 422
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert shown is not None
    assert unescape(shown[1]).strip() == body
    assert '<html lang="fr"' in answer.text
    refused = author.http.post(COMMENTS, json={"question": 1, "body": body, "lang": "fr"})
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"].keys() == {"body"}
    taken = browser.send(PAGE, {"body": body[1:], "lang": "fr", "do": "send"})
    assert taken.status_code == 303


def test_a_name_given_twice_is_no_input(author: Api, browser: Browser) -> None:
    body = b'{"question": 1, "lang": "en", "body": "one", "body": "two"}'
    answer = author.http.post(COMMENTS, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {"body"}
    inner = author.http.post(COMMENTS, content=b'{"x": {"a": 1, "a": 2}}', headers={"content-type": "application/json"})
    assert inner.status_code in {400, 422}
    token = browser.token(PAGE)
    fields = {"csrf_token": token, "lang": "fr", "body": ["one", "two"], "do": "send"}
    doubled = browser.http.post(PAGE, data=fields)
    assert doubled.status_code == 422
    assert browser.http.post(PAGE, data={**fields, "csrf_token": [token, token]}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Length", "5"), ("Transfer-Encoding", "chunked")],
        [("Content-Length", "5"), ("Content-Length", "50")],
        [("Content-Length", "-5")],
        [("Content-Length", "5, 50")],
        [("Transfer-Encoding", "chunked, identity")],
    ],
    ids=["both", "two lengths", "negative", "list", "odd coding"],
)
def test_a_body_of_two_lengths_is_not_read(server: Server, headers: list[tuple[str, str]]) -> None:
    """Nothing is smuggled: what follows is not taken for another request."""
    with Wire(server) as wire:
        wire.head("POST /api/v1/tokens", [*headers, ("Content-Type", "application/json")])
        wire.give(b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        found = wire.answer()
        assert status(found) == 400, found[:200]
        assert found.count(b"HTTP/1.1 ") == 1


def test_a_number_that_is_none_is_refused_by_name(author: Api) -> None:
    for since in ("-1", "1e3", "9" * 30, "１", "0x1", " 1", "1\u0000"):
        answer = author.http.get(f"/api/v1/spaces/{SPACE}/updates", params={"since": since})
        assert answer.status_code == 422, since
        assert answer.json()["error"]["fields"].keys() == {"since"}


def test_nothing_of_this_was_a_fault(server: Server) -> None:
    assert "Traceback" not in server.output()
    assert json.loads(server.api().http.get("/api/v1/spaces").text)["items"]
