"""Notices by the API: one's own, newest first, marked by oneself."""

import pytest

from forum.notices.models import Notice
from tests.contracts.client import Api
from tests.contracts.scene import CANARY, Scene


async def test_what_one_was_told(api: Api, filled: Scene) -> None:
    token = filled.tokens["author"]
    answer = (await api.get("/notices?limit=100", token)).json()
    assert answer["unread"] == len(answer["items"]) == await Notice.filter(person_id=filled.people["author"].id).count()
    assert answer["next"] is None
    newest = answer["items"][0]
    assert newest["kind"] == "decision.published"
    assert newest["url"] == f"/en/contributions/{newest['comment']}"
    assert newest["space"] == "closed"
    assert newest["read_at"] is None
    told = {(one["comment"], one["kind"]) for one in answer["items"]}
    assert (filled.comments["removed"], "decision.removed") in told
    assert filled.comments["held"] not in {one for one, _ in told}


async def test_in_the_language_of_the_request(api: Api, filled: Scene) -> None:
    token = filled.tokens["author"]
    in_russian = (await api.get("/notices?limit=1&lang=ru", token)).json()["items"][0]
    in_english = (await api.get("/notices?limit=1&lang=en", token)).json()["items"][0]
    assert in_russian["title"] != in_english["title"]
    assert in_russian["url"].startswith("/ru/")


async def test_pages(api: Api, filled: Scene) -> None:
    token = filled.tokens["author"]
    every = [one["id"] for one in (await api.get("/notices?limit=100", token)).json()["items"]]
    seen: list[str] = []
    after = ""
    while True:
        page = (await api.get(f"/notices?limit=2{after}", token)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == every


async def test_marked_as_read(api: Api, filled: Scene) -> None:
    token, other = filled.tokens["author"], filled.tokens["participant"]
    first, second, third, *rest = [one["id"] for one in (await api.get("/notices?limit=100", token)).json()["items"]]
    total = 3 + len(rest)
    assert (await api.post("/notices/read", other, json={"ids": [first]})).json() == {"marked": 0, "unread": 0}
    assert (await api.post("/notices/read", token, json={"ids": [first, "f" * 32]})).json() == {"marked": 1, "unread": total - 1}
    assert (await api.post("/notices/read", token, json={"before": third})).json() == {"marked": total - 2, "unread": 1}
    left = (await api.get("/notices?unread=true", token)).json()
    assert [one["id"] for one in left["items"]] == [second]
    assert (await api.get("/notices?limit=1", token)).json()["items"][0]["read_at"] is not None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "ids"),
        ({"ids": []}, "ids"),
        ({"ids": "f" * 32}, "ids"),
        ({"ids": ["f" * 33]}, "ids.0"),
        ({"ids": [1]}, "ids.0"),
        ({"ids": ["f" * 32] * 101}, "ids"),
        ({"before": 1}, "before"),
        ({"before": "f" * 33}, "before"),
        ({"ids": ["f" * 32], "before": "f" * 32}, "ids"),
    ],
)
async def test_bad_bodies(api: Api, scene: Scene, body: object, field: str) -> None:
    answer = await api.post("/notices/read", scene.tokens["author"], json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {field}
    assert answer.json()["error"]["fields"][field]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=zz", "unread=maybe", "limit=1&limit=2"])
async def test_bad_queries(api: Api, scene: Scene, query: str) -> None:
    answer = await api.get(f"/notices?{query}", scene.tokens["author"])
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"].keys() == {query.partition("=")[0]}


async def test_hidden_texts_are_in_no_notice(api: Api, filled: Scene) -> None:
    for role, token in filled.tokens.items():
        if token and role != "suspended":
            assert CANARY not in (await api.get("/notices?limit=100", token)).text
