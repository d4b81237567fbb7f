import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError
from starlette.testclient import TestClient
from starlette.types import Message

from forum.kernel.errors import Refusal
from forum.web.forms import MAX_BODY, parse
from tests.forum.web.apps import BASE, Built

FORM = "application/x-www-form-urlencoded"
OURS = {"origin": BASE}


def token(client: TestClient) -> str:
    return client.get("/en/form").text.strip("[]")


def send(client: TestClient, body: bytes | str, **headers: str) -> Any:
    return client.post(
        "/en/form", content=body, headers={"content-type": FORM, **OURS, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


@pytest.mark.parametrize("cookies", [{}, {"forum": "alice-secret"}])
def test_a_form_needs_its_token(built: Built, cookies: dict[str, str]) -> None:
    client = built.client(**cookies)
    mine, other = token(client), token(built.client(forum="bob-secret"))
    assert token(client) != mine  # masked afresh
    assert send(client, urlencode({"a": "1", "csrf_token": mine})).json() == {"a": "1"}
    for wrong in ("", "x", other, mine[:-2] + "AA", "é", mine + mine):
        response = send(client, urlencode({"a": "1", "csrf_token": wrong}))
        assert response.status_code == 403
        assert "expired" in response.text
    assert send(client, f"csrf_token={mine}&csrf_token={mine}").status_code == 403


def test_a_token_without_its_nonce_is_worth_nothing(built: Built) -> None:
    stolen = token(built.client())
    assert send(built.client(), urlencode({"csrf_token": stolen})).status_code == 403


def test_a_form_sent_while_the_session_rotates_is_taken(built: Built) -> None:
    # The page was shown before the change of role: its token is bound to the old secret.
    old = built.client(forum="old-secret")
    shown = token(old)
    assert send(built.client(forum="alice-secret"), urlencode({"csrf_token": shown})).status_code == 200
    assert send(built.client(forum="bob-secret"), urlencode({"csrf_token": shown})).status_code == 403


@pytest.mark.parametrize(
    ("headers", "base", "status"),
    [
        ({"origin": BASE}, BASE, 200),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, BASE, 200),
        ({"sec-fetch-site": "none"}, BASE, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, BASE, 403),
        ({"sec-fetch-site": "cross-site"}, BASE, 403),
        ({"sec-fetch-site": "cross-site", "origin": BASE}, BASE, 403),
        ({"sec-fetch-site": "same-site", "origin": BASE}, BASE, 403),
        ({}, BASE, 200),  # a program that keeps cookies: the token decides
        ({"origin": "null"}, BASE, 403),
        ({"origin": "null"}, "http://forum.lan", 200),
        ({"origin": "null"}, "https://forum.lan", 403),
        ({"origin": "https://evil.example"}, BASE, 403),
        ({"origin": BASE + ".evil.example"}, BASE, 403),
        ({"origin": BASE.replace("http://", "http://x@")}, BASE, 403),
        ({"origin": BASE.replace("http:", "https:")}, BASE, 403),
        ({"origin": "http://127.0.0.1"}, BASE, 403),
        ({"referer": BASE + "/en/form"}, BASE, 200),
    ],
)
def test_where_a_form_comes_from(static: Any, headers: dict[str, str], base: str, status: int) -> None:
    client = Built(static, base).client()
    body = urlencode({"csrf_token": token(client)})
    assert client.post("/en/form", content=body, headers={"content-type": FORM, **headers}).status_code == status


def test_programs_need_no_origin_and_browsers_do(built: Built) -> None:
    assert built.client().post("/api/v1/echo", json={}).status_code == 200
    bearer = {"authorization": "Bearer alice-secret"}
    assert built.client().post("/api/v1/echo", json={}, headers=bearer).status_code == 200
    refused = built.client(forum="alice-secret").post("/api/v1/echo", json={})
    assert (refused.status_code, refused.json()["error"]["key"]) == (403, "origin")


def test_fields(built: Built) -> None:
    client = built.client(forum="alice-secret")
    sign = {"csrf_token": token(client)}
    doubled = send(client, urlencode(sign) + "&a=1&a=2", x_requested_with="forum")
    assert doubled.status_code == 422
    assert set(doubled.json()["error"]["fields"]) == {"a"}
    assert send(client, urlencode({"a": "x\r\ny\0z", "empty": "", **sign})).json() == {"a": "x\ny\ufffdz", "empty": ""}
    lists = client.post("/en/lists", data={"x": ["1", "2"], "y": "3", **sign}, headers=OURS).json()
    assert lists == {"all": {"x": ["1", "2"], "y": ["3"]}, "x": ["1", "2"], "none": []}
    parts = client.post("/en/form", files={"a": (None, "é\r\nz"), "csrf_token": (None, sign["csrf_token"])}, headers=OURS)
    assert parts.json() == {"a": "é\nz"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"a=" + b"x" * MAX_BODY, {}, 413),
        ("&".join(f"f{n}=1" for n in range(101)), {}, 400),
        (b"a=%ff", {}, 400),
        (b"\xff=1", {}, 400),
        (b"=1", {}, 400),
        (b"a%00=1", {}, 400),
        (b"x" * 101 + b"=1", {}, 400),
        (b"a=1", {"content_type": "text/plain"}, 400),
        (b"a=1", {"content_encoding": "gzip"}, 415),
        (b"a=1", {"content_type": "multipart/form-data"}, 400),
        (b"--x\r\nnonsense", {"content_type": "multipart/form-data; boundary=x"}, 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nz\r\n--x--',
            {"content_type": "multipart/form-data; boundary=x"},
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
            {"content_type": "multipart/form-data; boundary=x"},
            400,
        ),
    ],
)
def test_what_cannot_be_read(built: Built, body: bytes | str, headers: dict[str, str], status: int) -> None:
    assert send(built.client(forum="alice-secret"), body, **headers).status_code == status


async def test_a_long_body_is_not_read_to_its_end(built: Built) -> None:
    asked, statuses = [], []

    async def receive() -> Message:
        asked.append(1)
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    headers = [(b"content-type", FORM.encode()), (b"authorization", b"Bearer alice-secret")]
    scope = {"type": "http", "method": "POST", "path": "/en/form", "query_string": b"", "headers": headers, "root_path": ""}
    await built.app(scope, receive, send)
    assert statuses[0] == 413
    assert len(asked) * 65536 <= MAX_BODY + 65536


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"a": [1, {"b": "x"}]}', 200),
        ('{"a": "\\u0000\\ud800x", "\\udfff": ["\\u0000"]}', 200),
        ("", 400),
        ("[]", 400),
        ("null", 400),
        ('"x"', 400),
        ("{", 400),
        ('{"a": NaN}', 400),
        ('{"a": 1, "a": 2}', 422),
        ('{"b": {"a": 1, "a": 2}}', 422),
        ('{"a": ' + "9" * 5000 + "}", 400),
        ("[" * 100_000, 400),
        ('{"a": "' + "x" * MAX_BODY + '"}', 413),
        (b'{"a": "\xff"}', 400),
    ],
)
def test_json_bodies(built: Built, body: str | bytes, status: int) -> None:
    response = built.client().post("/api/v1/echo", content=body, headers={"content-type": "application/json; charset=utf-8"})
    assert response.status_code == status
    if status == 200:
        assert "\0" not in json.dumps(response.json(), ensure_ascii=False)


def test_json_needs_its_type(built: Built) -> None:
    assert built.client().post("/api/v1/echo", content="{}").status_code == 400
    assert built.client().post("/api/v1/echo", content="{}", headers={"content-type": "text/plain"}).status_code == 400


@pytest.mark.parametrize("value", ["1", [], {}, None, True, 1.5, "x" * 6, 0])
def test_strict_types(built: Built, value: object) -> None:
    client = built.client()
    for name in ("name", "age"):
        if (name, value) == ("name", "1"):
            continue
        response = client.post("/api/v1/thing", json={"name": "a", name: value})
        assert response.status_code == 422, (name, value)
        assert set(response.json()["error"]["fields"]) == {name}


class Sheet(BaseModel):
    name: str = Field(min_length=2, max_length=5)
    age: int = Field(default=1, ge=1)
    mark: str = Field(default="a", pattern="^[a-z]$")

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        if value == "taken":
            raise PydanticCustomError("name.taken", "taken")
        if value == "wrong":
            raise ValueError("name.invalid")
        return value


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {"name": ("field.required", {})}),
        ({"name": ""}, {"name": ("field.required", {})}),
        ({"name": "x"}, {"name": ("field.too_short", {"limit": 2})}),
        ({"name": "x" * 6}, {"name": ("field.too_long", {"limit": 5})}),
        ({"name": 5}, {"name": ("field.text", {})}),
        ({"name": "taken"}, {"name": ("name.taken", {})}),
        ({"name": "wrong"}, {"name": ("name.invalid", {})}),
        ({"name": "ab", "age": "x", "mark": "9"}, {"age": ("field.number", {}), "mark": ("field.invalid", {})}),
        ({"name": "ab", "age": "0"}, {"age": ("field.least", {"limit": 1})}),
    ],
)
def test_models_refuse_by_field(data: dict[str, object], expected: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        parse(Sheet, data)
    assert refused.value.key == "form.invalid"
    assert {name: (problem.key, dict(problem.params)) for name, problem in refused.value.fields.items()} == expected


TYPES = st.sampled_from(
    [FORM, "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/plain", "", ";;="]
)
PIECES = st.sampled_from(
    [
        b"--x",
        b"\r\n",
        b"\r\n\r\n",
        b"--",
        b"=",
        b"&",
        b"%",
        b"%f",
        b'Content-Disposition: form-data; name="a"',
        b"a",
        b"\0",
        b'";',
        b"{",
        b'"',
    ]
)
BODIES = st.binary(max_size=300) | st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, kind=TYPES)
def test_nothing_that_is_sent_makes_a_fault(built: Built, body: bytes, kind: str) -> None:
    client = built.client()
    for path in ("/en/form", "/en/lists", "/api/v1/echo"):
        response = client.post(path, content=body, headers={"content-type": kind, "authorization": "Bearer alice-secret"})
        assert response.status_code in (200, 400, 422), (path, response.status_code)
