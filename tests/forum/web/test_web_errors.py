import logging

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tests.forum.web.apps import Built

CASES = {
    "notfound": (404, "not_found"),
    "forbidden": (403, "forbidden"),
    "signin": (401, "signin.needed"),
    "conflict": (409, "case.decided"),
    "toomany": (429, "too_many"),
    "invalid": (422, "form.invalid"),
    "teapot": (418, "unreadable"),
    "database": (503, "unavailable"),
    "disk": (503, "unavailable"),
    "refused": (503, "unavailable"),
    "time-out": (503, "unavailable"),
    "deadlock": (503, "unavailable"),
    "cut": (503, "unavailable"),
    "hangs": (503, "unavailable"),
    "integrity": (500, "internal"),
    "fault": (500, "internal"),
}


@pytest.mark.parametrize(("kind", "status", "key"), [(kind, *found) for kind, found in CASES.items()])
def test_json(built: Built, kind: str, status: int, key: str) -> None:
    response = built.client().get(f"/api/v1/fail/{kind}", headers={"accept-language": "es"})
    assert response.status_code == status
    error = response.json()["error"]
    assert error["key"] == key
    assert error["message"]
    assert "SECRET" not in response.text
    assert response.headers["content-type"] == "application/json"
    assert ("retry-after" in response.headers) == (status in (429, 503))
    assert ("www-authenticate" in response.headers) == (status == 401)


@pytest.mark.parametrize(("kind", "status"), [(kind, found[0]) for kind, found in CASES.items()])
def test_pages(built: Built, kind: str, status: int) -> None:
    response = built.client().post(f"/en/fail/{kind}")
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-store"
    assert "SECRET" not in response.text
    assert "error-page" in response.text


def test_conflicts_say_what_stands_and_fields_what_is_wrong(built: Built) -> None:
    client = built.client()
    conflict = client.get("/api/v1/fail/conflict").json()
    assert conflict["current"] == conflict["error"]["current"] == {"state": "published"}
    assert "Ana" in conflict["error"]["message"]
    invalid = client.get("/api/v1/fail/invalid").json()["error"]
    assert "10" in invalid["fields"]["body"]


def test_unknown_addresses_answer_like_invisible_ones(built: Built) -> None:
    client = built.client()
    one, two = client.get("/api/v1/fail/notfound"), client.get("/api/v1/none")
    assert (one.status_code, one.content) == (two.status_code, two.content)
    # The page of the same address differs only in the address that its links to other languages repeat.
    pages = [client.get(path).text.replace(path[3:], "") for path in ("/en/fail/notfound", "/en/none")]
    assert pages[0] == pages[1]
    assert client.get("/api/v1/echo").json()["error"]["key"] == "method"
    assert client.get("/api/v1/echo").headers["allow"] == "POST"


def test_who_must_sign_in_is_led_there_and_back(built: Built) -> None:
    client = built.client()
    response = client.get("/fr/private?a=1&b=é")
    assert response.status_code == 303
    assert response.headers["location"] == "/fr/signin?next=/fr/private%3Fa%3D1%26b%3D%25C3%25A9"
    posted = client.post("/fr/private")
    assert posted.status_code == 401
    assert "/fr/signin" in posted.text
    script = client.get("/fr/private", headers={"x-requested-with": "forum"})
    assert (script.status_code, script.json()["error"]["key"]) == (401, "signin.needed")


def test_a_bad_token_is_refused_and_a_dead_cookie_is_nobody(built: Built) -> None:
    for value in ("Bearer nonsense", "Bearer ", "bearer x", "Bearer " + "x" * 500):
        response = built.client().get("/en/plain", headers={"authorization": value})
        assert (response.status_code, response.json()["error"]["key"]) == (401, "token.bad")
    assert "Alice" in built.client().get("/en/plain", headers={"authorization": "bearer alice-secret"}).text
    dead = built.client(forum="nonsense").get("/en/plain")
    assert dead.status_code == 200
    assert "set-cookie" not in dead.headers


def test_a_session_that_must_rotate_gets_its_new_secret(built: Built) -> None:
    client = built.client(forum="old-secret")
    response = client.get("/en/private")
    assert response.headers["set-cookie"].startswith("forum=alice-secret;")
    assert "HttpOnly" in response.headers["set-cookie"]
    leaving = built.client(forum="old-secret").get("/en/leave")
    assert leaving.headers.get_list("set-cookie") == [leaving.headers["set-cookie"]]
    assert leaving.headers["set-cookie"].startswith('forum="";')
    with built.client(forum="old-secret").websocket_connect("/live/ws") as socket:
        assert socket.receive_json()["name"] == "Alice <b>"


def test_a_database_that_is_away_while_asking_who_it_is(built: Built, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = built.client(forum="broken").get("/en/plain")
    assert response.status_code == 503
    assert "retry-after" in response.headers
    assert any(record.getMessage() == "the database does not answer" for record in caplog.records)


def test_websockets_are_refused_with_an_answer(built: Built) -> None:
    client = built.client()
    for path, headers, status in (
        ("/live/ws", {"authorization": "Bearer nonsense"}, 401),
        ("/live/ws?refuse=1", {}, 403),
    ):
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(path, headers=headers):
            pass
        assert refused.value.status_code == status
        assert "content-security-policy" in refused.value.headers
    with client.websocket_connect("/live/ws?break=1") as socket, pytest.raises(WebSocketDisconnect) as broken:
        socket.receive_json()
    assert broken.value.code == 1011
