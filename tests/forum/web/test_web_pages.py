import re
from pathlib import Path

import pytest

from forum.web import respond
from forum.web.headers import CSP
from tests.forum.web.apps import Built


def test_anonymous_page_has_a_strong_etag_and_is_not_sent_twice(built: Built) -> None:
    client = built.client()
    first = client.get("/fr/plain?tags=none", headers={"accept-encoding": "identity"})
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    assert '<html lang="fr" dir="ltr">' in first.text
    assert "set-cookie" not in first.headers
    etag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{24}"', etag)
    again = client.get("/fr/plain?tags=none", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    squeezed = client.get("/fr/plain?tags=none", headers={"accept-encoding": "gzip"})
    assert squeezed.headers["etag"] == etag[:-1] + '-gz"'
    assert squeezed.text == first.text
    assert client.get("/fr/plain?tags=none", headers={"if-none-match": squeezed.headers["etag"]}).status_code == 304


def test_the_common_context(built: Built) -> None:
    text = built.client().get("/ar/plain?tags=none&x=%22%3E").text
    assert 'dir="rtl"' in text
    assert 'href="/zh/plain?tags=none&amp;x=%22%3E"' in text
    assert "No view of the United Nations." in text
    assert 'href="/ar/about"' in text
    assert 'class="is-demo"' in text


def test_signed_in_pages_are_not_stored(built: Built) -> None:
    response = built.client(forum="alice-secret").get("/en/plain")
    assert "Alice &lt;b&gt;" in response.text
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize(
    "path", ["/en/plain", "/en/nothing", "/api/v1/nothing", "/static/x/y", "/en/fail/fault", "/", "/en/form"]
)
def test_security_headers_are_everywhere(built: Built, path: str) -> None:
    response = built.client().get(path)
    assert response.headers["content-security-policy"] == CSP
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "cache-control" in response.headers
    assert "strict-transport-security" not in response.headers


def test_https_adds_hsts_and_host_cookies(static: Path) -> None:
    secure = Built(static, "https://forum.example")
    response = secure.client().get("/en/form")
    assert response.headers["strict-transport-security"].startswith("max-age=63072000")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-forum-form=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def test_redirect_carries_a_message_once(built: Built) -> None:
    client = built.client()
    entered = client.get("/es/enter")
    assert (entered.status_code, entered.headers["location"]) == (303, "/es/flash")
    shown = client.get("/es/flash")
    assert shown.text == "success:3 characters for &lt;é&gt;"
    assert shown.headers["cache-control"] == "private, no-store"
    assert client.get("/es/flash").text == ""


def test_a_forged_message_is_not_shown(built: Built) -> None:
    client = built.client(**{"forum-flash": "WyJkYW5nZXIiLCJ4Iix7fV0.aaaa.bbbb"})
    assert client.get("/en/flash").text == ""


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("/fr/spaces/x?page=2#c1", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/\t/evil.example", False),
        ("/ /x", False),
        ("/api/v1/spaces", False),
        ("", False),
        (None, False),
        ("/" + "x" * 3000, False),
    ],
)
def test_where_to_go_on(value: str | None, safe: bool) -> None:
    assert respond.safe_next(value) == (value if safe else "/spaces")


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [("/", "fr-CH,en;q=0.5", "/fr/spaces"), ("/", "", "/en/spaces"), ("/ar/", "fr", "/ar/spaces"), ("/zh", "fr", "/zh/spaces")],
)
def test_the_root_leads_to_the_readers_language(built: Built, path: str, accept: str, expected: str) -> None:
    response = built.client().get(path, headers={"accept-language": accept})
    assert response.headers["location"] == expected
    assert ("Accept-Language" in response.headers.get("vary", "")) == (path == "/")


def test_languages_of_the_api(built: Built) -> None:
    client = built.client()
    response = client.get("/api/v1/fail/notfound", headers={"accept-language": "fr"})
    assert "Accept-Language" in response.headers["vary"]
    with client.websocket_connect("/live/ws?lang=ar", headers={"accept-language": "fr"}) as socket:
        assert socket.receive_json() == {"name": "", "lang": "ar"}


def test_static_files(built: Built) -> None:
    client = built.client()
    sheet = client.get(built.assets.url("css/all.css"), headers={"accept-encoding": "gzip"})
    assert sheet.headers["content-encoding"] == "gzip"
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.text.startswith("a{color:red}")
    assert sheet.text.endswith("b{color:blue}")
    module = client.get(built.assets.url("js/lib/x.js"))
    assert module.headers["content-type"] == "text/javascript; charset=utf-8"
    assert client.get(built.assets.url("js/lib/x.js"), headers={"if-none-match": module.headers["etag"]}).status_code == 304
    assert client.get("/static/older/js/app.js").headers["cache-control"] == "no-cache"
    for path in (".hidden", "../secret", "js/none.js", ""):
        assert client.get(built.assets.url(path)).status_code == 404
    assert client.post(built.assets.url("js/app.js")).status_code == 405
    head = client.head(built.assets.url("js/app.js"))
    assert (head.content, head.headers["content-length"]) == (b"", "19")


def test_json_is_compressed_from_one_kilobyte(built: Built) -> None:
    headers = {"accept-encoding": "gzip"}
    client = built.client()
    small = client.post("/api/v1/echo", json={"a": "x"}, headers=headers)
    large = client.post("/api/v1/echo", json={"a": "x" * 2000}, headers=headers)
    assert "content-encoding" not in small.headers
    assert large.headers["content-encoding"] == "gzip"
    assert large.json() == {"a": "x" * 2000}


def test_parts_of_pages_are_told_apart(built: Built) -> None:
    client = built.client()
    client.get("/en/plain")
    part = client.get("/en/plain", headers={"x-requested-with": "forum"})
    assert part.headers["cache-control"] == "private, no-store"
