"""The search of the API: what is found, what is refused, and that nothing hidden is told in any answer."""

from typing import Any

import pytest

from tests.contracts.client import Api
from tests.contracts.scene import CANARY, HIDDEN, STUBS, Scene

ROLES = ("anonymous", "participant", "delegate", "elsewhere", "author", "moderator", "secretariat")
INSIDE = {"delegate", "author", "moderator", "secretariat"}
UNKNOWN = "f" * 32


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_finds_what_is_hidden(api: Api, filled: Scene, role: str) -> None:
    token = filled.tokens[role]
    answer = await api.get(f"/search?q={CANARY}", token)
    found = answer.json()
    expected = [filled.comments["inner"]] if role in INSIDE else []
    assert [one["comment"]["id"] for one in found["items"]] == [*expected, filled.comments["published"]]
    assert (found["total"], found["more"], found["next"], found["places"]) == (1 + len(expected), False, None, [])
    assert not [state for state in (*HIDDEN, *STUBS, "edited") if filled.comments[state] in answer.text]
    for state in (*HIDDEN, *STUBS, "pending"):
        assert (await api.get(f"/search?q={CANARY}+{state}", token)).json()["items"] == [], state
    assert (await api.get("/search?q=first", token)).json()["items"][0]["comment"]["id"] == filled.comments["edited"]


@pytest.mark.parametrize("role", ROLES)
async def test_hidden_and_unknown_answer_alike(api: Api, filled: Scene, role: str) -> None:
    token = filled.tokens[role]
    cursors = [await api.get(f"/search?q={CANARY}&after={filled.comments[state]}", token) for state in HIDDEN]
    cursors.append(await api.get(f"/search?q={CANARY}&after={UNKNOWN}", token))
    assert {answer.status_code for answer in cursors} == {422}
    assert len({answer.content for answer in cursors}) == 1
    if role not in INSIDE:
        spaces = [await api.get(f"/search?q={CANARY}&space={slug}", token) for slug in ("inner", "draft", "nowhere")]
        assert {answer.status_code for answer in spaces} == {404}
        assert len({answer.content for answer in spaces}) == 1


async def test_what_is_held_changes_no_answer(api: Api, filled: Scene) -> None:
    async def look() -> list[bytes]:
        return [(await api.get(f"/search?q={q}{more}")).content for q in (CANARY, "first", "held") for more in ("", "&limit=1")]

    before = await look()
    for state in HIDDEN:
        await filled.comment(state)
    await filled.edit(filled.comments["published"], f"{CANARY} held pending")
    assert await look() == before


async def test_pages_and_marks(api: Api, scene: Scene) -> None:
    made = [await scene.publish(f"<b>Health</b> of *migrants* {number}") for number in range(5)]
    listed: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        answer = (await api.get(f"/search?q=migrant&space=here&text_lang=en&limit=2{after and f'&after={after}'}")).json()
        assert answer["total"] == 5
        listed += answer["items"]
        after = answer["next"]
    assert [one["comment"]["id"] for one in listed] == made[::-1]
    snippet = listed[0]["snippet"]
    assert [piece["text"] for piece in snippet if piece["found"]] == ["migrants"]
    assert "".join(piece["text"] for piece in snippet) == "<b>Health</b> of migrants 4", "plain text, as it was typed"
    assert (await api.get("/search?q=migrant&text_lang=fr")).json()["items"] == []


WRONG = [
    "",
    "?q=",
    "?q=%3F",
    "?q=a&q=b",
    f"?q={'x' * 201}",
    "?q=a&limit=0",
    "?q=a&limit=51",
    "?q=a&limit=x",
    "?q=a&text_lang=xx",
    "?q=a&after=x",
]


@pytest.mark.parametrize("query", WRONG)
async def test_what_cannot_be_searched_is_refused_by_name(api: Api, scene: Scene, query: str) -> None:
    answer = await api.get(f"/search{query}")
    assert answer.status_code == 422
    assert len(answer.json()["error"]["fields"]) == 1


async def test_nobody_keeps_an_answer(api: Api, scene: Scene) -> None:
    answer = await api.get("/search?q=word")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
