"""What cannot be taken is refused with the name of the field, and nothing is written."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from forum.discussions.models import Comment
from tests.contracts.client import Api, described
from tests.contracts.conftest import Ground, filled_at, running
from tests.contracts.scene import Scene
from tests.support.snapshots import copied

POST = {"question": 1, "parent": None, "body": "Words.", "lang": "en", "capacity": "personal"}
WRONG: dict[str, list[Any]] = {
    "question": ["1", "", [], [1], {}, None, True, 1.5, 0, -1, 1001, 99],
    "parent": [1, [], {}, True, "", "x" * 33, "zz", "\u0000"],
    "body": [1, [], {}, None, True, "", "   \n", "\u200b\n", "x" * 10_001],
    "lang": [1, [], {}, None, True, "", "xx", "EN", "eng"],
    "capacity": [1, [], {}, True, "nobody", "x" * 41],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def on_each_database() -> None:
    """On one kind of database: what is refused here is refused before it comes to any."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """One forum for all: nothing of what is asked here changes it."""
    async with copied(tmp_path_factory.mktemp("bad"), "filled", filled_at) as (url, made):
        yield Ground(url, made)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(ground: Ground) -> AsyncIterator[Api]:
    async with running(ground.url) as forum:
        made = Api(forum, await described(forum))
        async with made.http:
            yield made


@pytest.fixture
def scene(ground: Ground) -> Scene:
    return ground.scene


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def unchanged(api: Api) -> AsyncIterator[None]:
    before = await Comment.all().order_by("id").values()
    yield
    assert await Comment.all().order_by("id").values() == before


@pytest.mark.parametrize(("name", "value"), CASES, ids=[f"{name}={str(value)[:12]!r}" for name, value in CASES])
async def test_post(api: Api, scene: Scene, name: str, value: object) -> None:
    answer = await api.post("/spaces/here/comments", scene.tokens["author"], json={**POST, name: value})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {name}
    assert answer.json()["error"]["fields"][name]


@pytest.mark.parametrize("name", ["question", "body", "lang"])
async def test_post_without(api: Api, scene: Scene, name: str) -> None:
    body = {key: value for key, value in POST.items() if key != name}
    answer = await api.post("/spaces/here/comments", scene.tokens["author"], json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {name}


@pytest.mark.parametrize("value", ["1", "", [], {}, None, True, 1.5, 0, -1])
async def test_versions(api: Api, scene: Scene, value: object) -> None:
    path, token = f"/comments/{scene.comments['held']}", scene.tokens["author"]
    for answer in (
        await api.patch(path, token, json={"body": "New.", "version": value}),
        await api.delete(path, token, json={"version": value}),
    ):
        assert answer.status_code == 422
        assert answer.json()["error"]["fields"].keys() == {"version"}


@pytest.mark.parametrize("value", [1, [], {}, None, "", "x" * 10_001])
async def test_edited_body(api: Api, scene: Scene, value: object) -> None:
    path = f"/comments/{scene.comments['held']}"
    answer = await api.patch(path, scene.tokens["author"], json={"body": value, "version": 1})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {"body"}


RAW = {
    "no JSON": (b"{", "application/json", 400),
    "nothing": (b"", "application/json", 400),
    "a list": (b"[]", "application/json", 400),
    "text": (b'"x"', "application/json", 400),
    "null": (b"null", "application/json", 400),
    "NaN": (b'{"question": NaN}', "application/json", 400),
    "other encoding": ('{"body": "é"}'.encode("latin-1"), "application/json", 400),
    "deep": (b'{"body": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json", 400),
    "a huge number": (b'{"question": ' + b"9" * 5000 + b"}", "application/json", 400),
    "twice the same name": (b'{"question": 1, "body": "a", "body": "b", "lang": "en"}', "application/json", 422),
    "a form": (b"question=1&body=x&lang=en", "application/x-www-form-urlencoded", 400),
    "no type": (json.dumps(POST).encode(), "", 400),
    "plain text": (json.dumps(POST).encode(), "text/plain", 400),
    "too large": (b'{"body": "' + b"x" * (256 * 1024) + b'"}', "application/json", 413),
}


@pytest.mark.parametrize(("body", "kind", "status"), RAW.values(), ids=RAW)
async def test_bodies(api: Api, scene: Scene, body: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await api.post("/spaces/here/comments", scene.tokens["author"], content=body, headers=headers)
    assert answer.status_code == status


async def test_a_compressed_body_is_not_inflated(api: Api, scene: Scene) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await api.post("/spaces/here/comments", scene.tokens["author"], content=b"\x1f\x8b", headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 81, "é".encode()])
async def test_keys(api: Api, scene: Scene, key: str | bytes) -> None:
    headers: dict[str, Any] = {"Idempotency-Key": key}
    answer = await api.post("/spaces/here/comments", scene.tokens["author"], json=POST, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {"Idempotency-Key"}


QUERIES = [
    ("comments", "limit", ["0", "201", "-1", "1.0", "x", "", " 1", "1_0", "١", "9" * 30]),
    ("comments", "question", ["0", "-1", "1001", "x", "", "1.5"]),
    ("comments", "after", ["x", "0" * 32, "' OR 1=1", "\x00", "é", "x" * 65]),
    ("comments", "lang", ["xx", "EN", ""]),
    ("updates", "since", ["-1", "x", "", "1.0", str(2**31), "9" * 30]),
    ("updates", "limit", ["0", "201", "x"]),
]
ASKED = [(place, name, value) for place, name, values in QUERIES for value in values]


@pytest.mark.parametrize(("place", "name", "value"), ASKED, ids=[f"{name}={value[:12]!r}" for _, name, value in ASKED])
async def test_parameters(api: Api, scene: Scene, place: str, name: str, value: str) -> None:
    answer = await api.get(f"/spaces/here/{place}", params={name: value})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {name}


async def test_a_parameter_given_twice(api: Api, scene: Scene) -> None:
    answer = await api.get("/spaces/here/comments?limit=1&limit=2")
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {"limit"}


async def test_unknown_parameters_are_passed_over(api: Api, scene: Scene) -> None:
    assert (await api.get("/spaces/here/comments?question=1&colour=red")).status_code == 200


async def test_an_unknown_question_is_not_found(api: Api, scene: Scene) -> None:
    assert (await api.get("/spaces/here/comments?question=99")).status_code == 404


@pytest.mark.parametrize("slug", ["nowhere", "HERE", "a", "%00", "%27", "é", "x" * 300])
async def test_addresses(api: Api, scene: Scene, slug: str) -> None:
    for path in (f"/api/v1/spaces/{slug}", f"/api/v1/comments/{slug}", f"/api/v1/spaces/{slug}/comments"):
        answer = await api.http.get(path)
        assert answer.status_code == 404
        assert answer.json()["error"]["key"] == "not_found"


async def test_unknown_addresses_and_methods(api: Api, scene: Scene) -> None:
    for path in ("/api/v1/nothing", "/api/v2/spaces", "/api/v1/spaces/here/nothing"):
        answer = await api.http.get(path)
        assert (answer.status_code, answer.json()["error"]["key"]) == (404, "not_found")
    answer = await api.http.put("/api/v1/spaces/here", json={})
    assert (answer.status_code, answer.json()["error"]["key"]) == (405, "method")
    assert answer.headers["allow"]


@pytest.mark.parametrize("lang", ["ar", "en", "es", "fr", "ru", "zh"])
async def test_the_message_is_in_the_language_asked_for(api: Api, scene: Scene, lang: str) -> None:
    by_header = await api.get("/spaces/nowhere", headers={"Accept-Language": lang})
    by_query = await api.get("/spaces/nowhere", params={"lang": lang})
    assert by_header.json() == by_query.json()
    assert by_header.json()["error"]["message"]
