"""Pages, files and websockets through nginx are what the forum gives: the same bytes, nobody else's, never an old one."""

import gzip
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.stories.people import Browser, Follower, socket_url
from tests.support.nginx import Nginx
from tests.support.server import SPACE, Api, Server

pytestmark = pytest.mark.server
PATH = f"/en/spaces/{SPACE}/questions/1"
METRICS = (
    "/metrics",
    "/metrics/",
    "/%6detrics",
    "//metrics",
    "/en/../metrics",
    "/x/%2e%2e/metrics",
    "/metrics?x=1",
    "/metrics/x",
)


@pytest.fixture
def reader(front: Nginx) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=front.url, timeout=30) as made:
        yield made


def test_a_page_is_the_forums_byte_for_byte(behind: tuple[Server, Nginx], reader: httpx2.Client) -> None:
    own = httpx2.get(f"{behind[0].url}{PATH}", headers={"host": f"127.0.0.1:{behind[1].port}"})
    answer = reader.get(PATH)
    assert answer.status_code == own.status_code == 200
    assert answer.content == own.content
    for name in ("etag", "vary", "cache-control", "content-security-policy", "content-encoding"):
        assert answer.headers[name] == own.headers[name], name
    assert "set-cookie" not in answer.headers


def test_what_a_reader_has_is_not_sent_again(reader: httpx2.Client) -> None:
    for encoding in ("gzip", "identity"):
        first = reader.get(PATH, headers={"accept-encoding": encoding})
        mark = first.headers["etag"]
        assert not mark.startswith("W/")
        assert ("content-encoding" in first.headers) == (encoding == "gzip")
        again = reader.get(PATH, headers={"accept-encoding": encoding, "if-none-match": mark})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == mark


def test_compressed_once(front: Nginx) -> None:
    with httpx2.stream("GET", f"{front.url}{PATH}", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw).lstrip().startswith(b"<!doctype html>")


@pytest.fixture
def moderator(front: Nginx) -> Api:
    return front.api("moderator@demo.example")


def test_every_change_shows_at_the_next_request(front: Nginx, reader: httpx2.Client, moderator: Api) -> None:
    author = front.api("delegate-a@demo.example")
    for number in range(8):
        word = f"zq7word{number}"
        said = author.comment(1, f"Here is {word}.")
        assert word not in reader.get(PATH).text
        moderator.decide(said["id"])
        shown = reader.get(PATH)
        assert word in shown.text
        mark = shown.headers["etag"]
        version = author.ask("GET", f"/comments/{said['id']}")["version"]
        author.ask("DELETE", f"/comments/{said['id']}", json={"version": version})
        gone = reader.get(PATH, headers={"if-none-match": mark})
        assert gone.status_code == 200
        assert word not in gone.text


def test_two_users_and_anybody_are_not_mixed_up(front: Nginx) -> None:
    emails = ("", "delegate-a@demo.example", "delegate-b@demo.example")
    browsers = [Browser(front, email) for email in emails]

    def fetch(number: int) -> tuple[int, httpx2.Response, httpx2.Response]:
        who = number % 3
        return who, browsers[who].get("/en/account"), browsers[who].get(PATH)

    with ThreadPoolExecutor(6) as pool:
        for who, account, page in pool.map(fetch, range(30)):
            if not who:
                assert account.status_code == 303
                assert "csrf_token" not in page.text
                continue
            other = emails[3 - who]
            assert emails[who] in account.text
            assert other not in account.text + page.text
            assert page.headers["cache-control"] == "private, no-store"
            assert "csrf_token" in page.text
    for one in browsers:
        one.http.close()


def test_followers_come_through(front: Nginx, moderator: Api) -> None:
    follower = Follower(socket_url(front, since=None))
    member = Follower(socket_url(front, since=None), str(moderator.http.headers["Authorization"]).removeprefix("Bearer "))
    try:
        said = front.api("delegate-b@demo.example").comment(2, "Through the proxy.")
        moderator.decide(said["id"])
        for one in (follower, member):
            assert one.wait(
                lambda seen: any(frame.get("id") == said["id"] and "Through the proxy." in frame["html"] for frame in seen.frames)
            )
    finally:
        follower.close()
        member.close()


def test_only_followers_change_the_protocol(front: Nginx) -> None:
    sent = {"upgrade": "h2c", "connection": "Upgrade, HTTP2-Settings", "http2-settings": "AAMAAABkAARAAAAAAAIAAAAA"}
    assert httpx2.get(f"{front.url}{PATH}", headers=sent).status_code == 200


@pytest.mark.parametrize("path", METRICS)
def test_figures_are_not_for_readers(front: Nginx, path: str) -> None:
    head, body = raw(front, path)
    assert head.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), head
    assert b"forum_" not in body


def raw(front: Nginx, path: str) -> tuple[bytes, bytes]:
    """Ask for exactly this path, which a client would tidy up."""
    with socket.create_connection(("127.0.0.1", front.port), 10) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{front.port}\r\nConnection: close\r\n\r\n".encode())
        found = b""
        while chunk := wire.recv(65536):
            found += chunk
    head, _, body = found.partition(b"\r\n\r\n")
    return head, body
