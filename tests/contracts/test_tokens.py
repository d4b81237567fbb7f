"""Tokens: signing in and out of the API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from forum.app import create_app
from forum.kernel.actors import Actor, Role
from forum.people import accounts, roles
from tests.contracts.client import Api
from tests.contracts.conftest import settings
from tests.contracts.scene import Scene
from tests.support import world


def credentials(scene: Scene, role: str, password: str = world.PASSWORD) -> dict[str, str]:
    return {"email": scene.people[role].email, "password": password}


async def test_a_token(api: Api, scene: Scene) -> None:
    answer = await api.post("/tokens", json=credentials(scene, "moderator"))
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    who = answer.json()["person"]
    assert who == {"id": scene.people["moderator"].id, "name": "The moderator", "roles": ["moderator"]}
    token = answer.json()["token"]
    assert (await api.get("/spaces/draft", token)).status_code == 200
    assert (await api.delete("/tokens", token)).status_code == 204
    assert (await api.get("/spaces", token)).status_code == 401


async def test_the_roles_named(api: Api, scene: Scene) -> None:
    for role, names in (("participant", []), ("author", ["member"]), ("secretariat", ["secretariat"])):
        answer = await api.post("/tokens", json=credentials(scene, role))
        assert answer.json()["person"]["roles"] == names


async def test_wrong_password_and_unknown_address_answer_alike(api: Api, scene: Scene) -> None:
    wrong = await api.post("/tokens", json=credentials(scene, "author", "not the passphrase"))
    unknown = await api.post("/tokens", json={"email": "nobody@example.org", "password": world.PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["error"]["key"] == "signin.failed"


async def test_a_suspended_account(api: Api, scene: Scene) -> None:
    """Only who knows the password learns of the suspension."""
    assert (await api.post("/tokens", json=credentials(scene, "suspended"))).status_code == 403
    assert (await api.post("/tokens", json=credentials(scene, "suspended", "guess"))).status_code == 401


async def test_suspension_ends_tokens_at_once(api: Api, scene: Scene) -> None:
    token = scene.tokens["delegate"]
    assert (await api.get("/spaces", token)).status_code == 200
    await accounts.suspend(scene.people["delegate"].id, Actor())
    assert (await api.get("/spaces", token)).status_code == 401


async def test_a_change_of_role_holds_at_once_and_keeps_the_token(api: Api, scene: Scene) -> None:
    token, person, space = scene.tokens["participant"], scene.people["participant"], scene.spaces["inner"]
    await roles.grant(person.id, space.id, Role.MEMBER, Actor())
    assert [(await api.get("/spaces/inner", token)).status_code for _ in range(2)] == [200, 200]
    await roles.revoke(person.id, space.id, Role.MEMBER, Actor())
    assert [(await api.get("/spaces/inner", token)).status_code for _ in range(2)] == [404, 404]


@pytest.mark.parametrize("token", ["", "x", "x" * 500, "é"])
async def test_bad_tokens(api: Api, scene: Scene, token: str) -> None:
    headers: dict[str, Any] = {"Authorization": b"Bearer " + token.encode()}
    answer = await api.get("/spaces", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("name", ["email", "password"])
@pytest.mark.parametrize("value", [1, [], {}, None, True, "x" * 1001])
async def test_bad_input(api: Api, scene: Scene, name: str, value: object) -> None:
    answer = await api.post("/tokens", json={**credentials(scene, "author"), name: value})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {name}


@pytest.fixture
async def limited(api: Api) -> AsyncIterator[Api]:
    """The same forum with its rate limits on, over the database that is open already."""
    made = Api(create_app(settings("sqlite://open already", rate_limits="on")), api.document)
    async with made.http:
        yield made


async def test_guessing_is_slowed_down(limited: Api, scene: Scene) -> None:
    statuses = [
        (await limited.post("/tokens", json=credentials(scene, "author", f"guess {number}"))).status_code for number in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2
    refused = await limited.post("/tokens", json=credentials(scene, "author"))
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


async def test_signing_in_rightly_is_not_counted_as_guessing(limited: Api, scene: Scene) -> None:
    for _ in range(12):
        assert (await limited.post("/tokens", json=credentials(scene, "author"))).status_code == 201


async def test_posting_is_limited_by_person(limited: Api, scene: Scene) -> None:
    body = {"question": 1, "body": "Words.", "lang": "en"}
    answers = [await limited.post("/spaces/here/comments", scene.tokens["author"], json=body) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [201] * 60 + [429]
    assert (await limited.post("/spaces/here/comments", scene.tokens["delegate"], json=body)).status_code == 201


async def test_a_cookie_from_another_site_opens_nothing(api: Api, scene: Scene) -> None:
    """A browser's session may read here, but writes only from our own pages."""
    token = scene.tokens["author"]
    body = {"question": 1, "body": "Words.", "lang": "en"}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "null"}):
        sent = {"Cookie": f"forum={token}", **headers}
        assert (await api.post("/spaces/here/comments", json=body, headers=sent)).status_code == 403
