"""What nginx refuses, bounds and says of a client; with a small application behind it that tells what it was told."""

import asyncio
import contextlib
import json
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from tests.forum.web.test_web_patience import POST, App, serving
from tests.house.sources import ROOT
from tests.support.nginx import Nginx, forum_behind_nginx, nginx_folder
from tests.support.server import SPACE, Server, demo_server

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("behind")]
NAME = "forum.example.org"
PAGE = f"/en/spaces/{SPACE}/questions/1"


class Telling(App):
    """Tells what it was told about the client, on every path but those of App."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/tell":
            await super().__call__(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = json.dumps({"client": scope["client"][0], "scheme": scope["scheme"], **headers}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def telling() -> AsyncIterator[Nginx]:
    """nginx before an application with the guard of `forum.web.patience`, in a hurry."""
    async with serving(Telling()) as served:
        with nginx_folder() as folder:
            front = Nginx(folder, served.port)
            await asyncio.to_thread(front.start)
            try:
                yield front
            finally:
                await asyncio.to_thread(front.close)


async def test_what_a_client_says_of_itself_is_not_passed_on(telling: Nginx) -> None:
    lies = {
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil.example",
        "x-real-ip": "203.0.113.9",
        "forwarded": "for=203.0.113.9",
        "proxy": "http://evil.example",
        "upgrade": "h2c",
        "connection": "upgrade",
    }
    async with httpx2.AsyncClient(base_url=telling.url) as client:
        told = (await client.get("/tell", headers=lies)).json()
    assert "evil" not in str(told)
    assert "203.0.113.9" not in str(told)
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert told["host"] == f"127.0.0.1:{telling.port}"
    assert "upgrade" not in told


async def test_a_dripping_body_is_ended_by_the_forum_behind(telling: Nginx) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", telling.port)
    writer.write(POST % (b"", 5000))
    async with asyncio.timeout(15):
        head = asyncio.ensure_future(reader.readuntil(b"\r\n"))
        while not head.done():
            writer.write(b"x")
            await asyncio.sleep(0.05)
    assert head.result().startswith(b"HTTP/1.1 408 ")
    writer.close()


async def test_a_body_that_comes_on_arrives(telling: Nginx) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", telling.port)
    writer.write(POST % (b"", 4000))
    for _ in range(40):
        writer.write(b"x" * 100)
        await asyncio.sleep(0.04)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    assert head.startswith(b"HTTP/1.1 200 ")
    assert await reader.readexactly(4) == b"4000"
    writer.close()


@pytest.mark.slow
async def test_dripping_headers_are_ended_while_others_are_served(front: Nginx) -> None:
    """With the bounds that ship: ten seconds."""
    slow = [await asyncio.open_connection("127.0.0.1", front.port) for _ in range(40)]
    for _, writer in slow:
        writer.write(f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".encode())
    ends = [asyncio.ensure_future(reader.read()) for reader, _ in slow]
    served = 0
    async with asyncio.timeout(15), httpx2.AsyncClient(base_url=front.url) as client:
        while not all(end.done() for end in ends):
            for _, writer in slow:
                with contextlib.suppress(ConnectionError):
                    writer.write(b"x")
            served += (await client.get(PAGE)).status_code == 200
            await asyncio.sleep(0.2)
    assert served > 10
    for end, (_, writer) in zip(ends, slow, strict=True):
        with contextlib.suppress(ConnectionError):
            assert b" 200 " not in end.result()
        writer.close()


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
def test_a_large_body_is_refused(front: Nginx, chunked: bool) -> None:
    with socket.create_connection(("127.0.0.1", front.port), 10) as wire:
        size = "Transfer-Encoding: chunked" if chunked else "Content-Length: 1000000"
        head = f"POST /api/v1/tokens HTTP/1.1\r\nHost: 127.0.0.1:{front.port}\r\nContent-Type: application/json\r\n{size}\r\n\r\n"
        wire.sendall(head.encode())
        with contextlib.suppress(OSError):
            for _ in range(40 if chunked else 0):
                wire.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_session_is_bounded_and_a_crowd_at_one_address_is_not(front: Nginx) -> None:
    busy, calm = front.api("participant@demo.example").http, front.api("delegate-a@demo.example").http
    with ThreadPoolExecutor(8) as pool, httpx2.Client(base_url=front.url) as anybody:
        answers = list(pool.map(lambda _: busy.get("/api/v1/spaces"), range(160)))
        crowd = list(pool.map(lambda _: anybody.get(PAGE).status_code, range(160)))
    refused = [one for one in answers if one.status_code == 429]
    assert refused
    assert {one.status_code for one in answers} == {200, 429}
    assert refused[0].json()["error"]["key"] == "too_many"
    assert refused[0].headers["retry-after"] == "5"
    assert refused[0].headers["content-type"] == "application/json"
    assert calm.get("/api/v1/spaces").status_code == 200
    assert set(crowd) == {200}


def test_files_are_kept_and_pages_are_not(tmp_path: Path) -> None:
    with forum_behind_nginx(tmp_path) as (forum, front), httpx2.Client(base_url=front.url) as client:
        page = client.get(PAGE)
        sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
        plain, zipped = (client.get(sheet, headers={"accept-encoding": one}) for one in ("identity", "br, gzip"))
        assert "immutable" in plain.headers["cache-control"]
        assert (plain.headers.get("content-encoding"), zipped.headers.get("content-encoding")) == (None, "gzip")
        assert plain.content == zipped.content
        forum.stop()
        for first, encoding in ((plain, "identity"), (zipped, "gzip")):
            kept = client.get(sheet, headers={"accept-encoding": encoding})
            assert (kept.status_code, kept.content) == (200, first.content)
            assert kept.headers["content-security-policy"] == first.headers["content-security-policy"]
            mark = first.headers["etag"]
            assert client.get(sheet, headers={"accept-encoding": encoding, "if-none-match": mark}).status_code == 304
        for path, key in ((PAGE, ""), ("/api/v1/spaces", "unavailable")):
            away = client.get(path)
            assert (away.status_code, away.headers["retry-after"]) == (503, "5")
            assert away.headers["content-type"] == ("application/json" if key else "text/plain; charset=utf-8")
            assert not key or away.json()["error"]["key"] == key
        forum.start()
        assert client.get(PAGE).content == page.content


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, int]]:
    """The site that ships, with a certificate of its own; its two ports and four paths are those of this machine."""
    with nginx_folder() as place, forum_https(tmp_path_factory.mktemp("https")) as forum:
        subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{place}/privkey.pem"]
        subprocess.run(
            ["openssl", "req", "-x509", *key, *subject, "-out", f"{place}/fullchain.pem"], check=True, capture_output=True
        )
        front, plain = Nginx(place, forum.port), Nginx(place).port
        text = (ROOT / "deploy" / "nginx-site.conf").read_text("utf-8")
        for old, new in (
            ("127.0.0.1:8000", f"127.0.0.1:{forum.port}"),
            ("/etc/letsencrypt/live/forum.example.org", str(place)),
            ("/var/cache/nginx/forum", f"{place}/cache"),
            ("listen 80", f"listen 127.0.0.1:{plain}"),
            ("listen [::]:80", f"listen [::1]:{plain}"),
            ("listen 443", f"listen 127.0.0.1:{front.port}"),
            ("listen [::]:443", f"listen [::1]:{front.port}"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        front.site = text.replace("{", "{{").replace("}", "}}")
        front.start()
        yield front, plain
        front.close()


@contextlib.contextmanager
def forum_https(folder: Path) -> Iterator[Server]:
    with demo_server(folder, "serve", FORUM_BASE_URL=f"https://{NAME}") as server:
        yield server


def over_tls(front: Nginx, path: str, name: str = NAME) -> tuple[Any, str]:
    """Ask over TLS for a path; return version and cipher, and head and body of the answer."""
    context = ssl.create_default_context(cafile=str(front.folder / "fullchain.pem"))
    with socket.create_connection(("127.0.0.1", front.port), 10) as bare, context.wrap_socket(bare, server_hostname=name) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        found = b""
        while chunk := wire.recv(65536):
            found += chunk
        return wire.version(), found.decode()


def test_the_site_that_ships(secured: tuple[Nginx, int]) -> None:
    front, plain = secured
    checked = subprocess.run(front.words("-t"), capture_output=True, text=True, check=False)
    assert "syntax is ok" in checked.stderr, checked.stderr
    version, page = over_tls(front, "/en/signin")
    assert version == "TLSv1.3"
    assert page.startswith("HTTP/1.1 200 ")
    assert "strict-transport-security: max-age=63072000" in page.lower()
    assert "set-cookie: __host-forum-form=" in page.lower()
    with pytest.raises(ssl.SSLError):
        over_tls(front, "/", "other.example.org")
    moved = httpx2.get(f"http://127.0.0.1:{plain}/en/spaces?x=1")
    assert (moved.status_code, moved.headers["location"]) == (301, f"https://{NAME}/en/spaces?x=1")
