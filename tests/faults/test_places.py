"""Where an answer leads: never to another site, whatever stands in `next`, in the path or in Host."""

import re
from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests.faults.wire import Wire, status
from tests.stories.people import Browser
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
EVIL = "zq9evil.example"
NEXT = [
    f"https://{EVIL}/",
    f"http://{EVIL}",
    f"//{EVIL}/",
    f"///{EVIL}/",
    f"////{EVIL}",
    f"/\\{EVIL}/",
    f"\\\\{EVIL}/",
    f"\\/{EVIL}/",
    f"/\t/{EVIL}/",
    f"/\n/{EVIL}/",
    f"/\r/{EVIL}",
    f" //{EVIL}",
    f"\x00//{EVIL}",
    f"/%09/{EVIL}",
    f"/%5c{EVIL}",
    f"/%2f{EVIL}",
    f"/.//{EVIL}",
    f"/..//{EVIL}",
    f"/en/..//{EVIL}",
    f"/;//{EVIL}",
    f"/?//{EVIL}",
    f"http:{EVIL}",
    f"http:/{EVIL}",
    f"https:///{EVIL}",
    f"hTTps:\\\\{EVIL}",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    f"user@{EVIL}",
    f"/@{EVIL}",
    f"//user:pw@{EVIL}/",
    f"//{EVIL}\\@127.0.0.1",
    f"//127.0.0.1@{EVIL}",
    f"／／{EVIL}",
    f"/／{EVIL}",
    f"//{EVIL}%2f..",
    f".{EVIL}",
    f"@{EVIL}",
    "/en/spaces\r\nSet-Cookie: zq9evil=1",
    "/en/spaces\nX-Zq9evil: 1",
    "/en/spaces\r\n\r\n<script>zq9evil</script>",
    "/en/spaces%0d%0aSet-Cookie:%20zq9evil=1",
    "/en/spaces嘊嘍Set-Cookie: zq9evil=1",
    "/en/spaces\u2028X: zq9evil",
    "/" + "a" * 5000,
    "/api/v1/spaces",
    "/live/moderation",
    "",
]


@pytest.fixture(scope="module")
def server(shared: Server) -> Server:
    return shared


def check_stays(server: Server, location: str) -> None:
    """Fail unless every browser's way of reading a location ends at this forum."""
    assert not re.search(r"[\x00-\x20\x7f\\]", location), repr(location)
    for read in (location, location.replace("\\", "/"), re.sub(r"[\t\r\n]", "", location)):
        parts = urlsplit(urljoin(f"{server.url}/en/signin", read))
        assert (parts.scheme, parts.netloc) == ("http", f"127.0.0.1:{server.port}"), location
    assert not location.startswith("//")


def test_next_stays_here_for_who_is_signed_in(server: Server) -> None:
    with Browser(server, "delegate-a@demo.example") as browser:
        for wanted in NEXT:
            answer = browser.http.get("/en/signin", params={"next": wanted})
            assert answer.status_code == 303, wanted
            check_stays(server, answer.headers["location"])
            assert "zq9evil" not in answer.headers.get("set-cookie", "")
            assert not [name for name in answer.headers if "zq9evil" in name]
        kept = browser.http.get("/en/signin", params={"next": f"/en/spaces/{SPACE}?after=x#write"})
        assert kept.headers["location"] == f"/en/spaces/{SPACE}?after=x#write"


@pytest.mark.parametrize("wanted", NEXT[:6:2] + NEXT[-10:-4:2])
def test_next_stays_here_after_signing_in(server: Server, wanted: str) -> None:
    with Browser(server) as browser:
        fields = {"email": "delegate-a@demo.example", "password": server.password, "next": wanted}
        answer = browser.send("/en/signin", fields)
        assert answer.status_code == 303
        check_stays(server, answer.headers["location"])
        assert all(value.startswith("forum") for value in answer.headers.get_list("set-cookie"))


def test_a_page_of_errors_shows_what_was_asked_as_text(server: Server) -> None:
    with Browser(server) as browser:
        for wanted in NEXT:
            answer = browser.http.get("/en/signin", params={"next": wanted})
            assert answer.status_code == 200
            assert "<script>zq9" not in answer.text
            assert not re.search(rf'(?:href|action|src)="[^"/]*(?:javascript:|//{EVIL})', answer.text, re.IGNORECASE)


PATHS = [
    f"//{EVIL}/",
    f"//{EVIL}/en/spaces",
    f"//{EVIL}/en/spaces/",
    f"/en//{EVIL}/",
    f"/en/spaces/{SPACE}/",
    "/en/account/",
    "/en/account?next=%0d%0aSet-Cookie:zq9evil=1",
    f"/%0d%0aLocation:%20https://{EVIL}/",
    "/en/account%0d%0aSet-Cookie:%20zq9evil=1/",
    f"/\\{EVIL}/",
    f"/en/../../{EVIL}/",
    f"http://{EVIL}/en/spaces/",
    f"http://{EVIL}/en/account",
    "/fr",
    "/",
    "/favicon.ico",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_away(server: Server, path: str) -> None:
    with Wire(server) as wire:
        wire.head(f"GET {path}")
        found = wire.answer()
    assert status(found) < 500, found[:200]
    headers = found.partition(b"\r\n\r\n")[0].decode("latin-1")
    lines = headers.split("\r\n")[1:]
    assert not [line for line in lines if line.lower().startswith(("set-cookie: zq9", "x-zq9"))]
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() == "location":
            check_stays(server, value)


HOSTS = [EVIL, f"127.0.0.1@{EVIL}", f"127.0.0.1.{EVIL}", f"{EVIL}:80", f"{EVIL}#127.0.0.1", f"{EVIL}/127.0.0.1", "", "x" * 3000]


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_neither_believed_nor_repeated(server: Server, host: str) -> None:
    """Also for pages that are kept: what is answered has nothing of it."""
    for path in (
        "/en/spaces",
        "/en/spaces/",
        f"/en/spaces/{SPACE}/questions/1",
        "/en/account",
        "/",
        "/api/v1/spaces",
        "/favicon.ico",
    ):
        for warm in (False, True):
            if warm:
                server.api().http.get(path)
            with Wire(server) as wire:
                wire.head(f"GET {path}", {"Host": host, "Connection": "close"})
                found = wire.answer()
            assert status(found) in {200, 302, 303, 307, 400, 404}, (path, found[:200])
            assert b"zq9evil" not in found, path
            assert b"xxxxxx" not in found, path


def test_two_hosts_are_none(server: Server) -> None:
    with Wire(server) as wire:
        wire.head("GET /en/account", [("Host", f"127.0.0.1:{server.port}"), ("Host", EVIL)])
        assert b"zq9evil" not in wire.answer()


def test_a_message_of_another_makes_no_page(server: Server) -> None:
    """The message for the next page is signed: nobody can write one."""
    with Browser(server) as browser:
        for value in ("zq9evil", quote('["danger","zq9evil",{}]'), "WyJkYW5nZXIiLCJ6cTlldmlsIix7fV0.x.y"):
            answer = browser.http.get("/en/spaces", headers={"cookie": f"forum-flash={value}"})
            assert answer.status_code == 200
            assert "zq9evil" not in answer.text
