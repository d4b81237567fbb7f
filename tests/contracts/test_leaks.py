"""Held text appears nowhere: a canary in each hidden text, and every question a reader could ask."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from forum.discussions.models import Space
from tests.contracts.client import Api
from tests.contracts.scene import CANARY, HIDDEN, Scene

READERS = ("anonymous", "participant", "delegate", "elsewhere")
SPACES = ("here", "elsewhere", "inner", "draft", "closed", "nowhere")
UNKNOWN = "f" * 32


async def everything(api: Api, scene: Scene, role: str) -> AsyncIterator[httpx2.Response]:
    """Every GET that the description has, with every identifier there is."""
    token = scene.tokens[role]
    ids = [*scene.comments.values(), UNKNOWN]
    yield await api.get("/spaces", token)
    for slug in SPACES:
        yield await api.get(f"/spaces/{slug}", token)
        for query in ("", "?question=1", "?question=2", "?limit=1", *(f"?after={one}" for one in ids)):
            yield await api.get(f"/spaces/{slug}/comments{query}", token)
        for since in (0, 1, 5, 1000):
            for lang in ("en", "ar"):
                yield await api.get(f"/spaces/{slug}/updates?since={since}&lang={lang}", token)
    for one in ids:
        yield await api.get(f"/comments/{one}", token)
        yield await api.get(f"/moderation/cases?comment={one}", token)
    yield await api.get("/moderation/cases", token)
    yield await api.get(f"/moderation/cases/{scene.case}", token)


@pytest.mark.parametrize("role", READERS)
async def test_no_answer_tells_of_hidden_texts(api: Api, filled: Scene, role: str) -> None:
    hidden = [filled.comments[state] for state in HIDDEN]
    shown = f"{CANARY} published"
    asked = 0
    async for response in everything(api, filled, role):
        asked += 1
        text = response.text.replace(shown, "")
        if role == "delegate":  # a member of the inner space
            text = text.replace(f"{CANARY} inner", "")
        assert CANARY not in text, response.url
        assert not [one for one in hidden if one in text], response.url
        assert "pending" not in text.replace('"pending":null', ""), response.url
    assert asked > 100


@pytest.mark.parametrize("role", READERS)
async def test_hidden_and_unknown_answer_byte_for_byte_alike(api: Api, filled: Scene, role: str) -> None:
    token = filled.tokens[role]
    hidden = [filled.comments[state] for state in HIDDEN]

    async def ask(comment_id: str) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
        answers = [
            await api.get(f"/comments/{comment_id}", token),
            await api.patch(f"/comments/{comment_id}", token, json={"body": "x", "version": 1}),
            await api.delete(f"/comments/{comment_id}", token, json={"version": 1}),
            await api.get(f"/spaces/here/comments?question=1&after={comment_id}", token),
            await api.post("/spaces/here/comments", token, json={"question": 1, "body": "x", "lang": "en", "parent": comment_id}),
        ]
        kept = [[pair for pair in one.headers.multi_items() if pair[0] != "x-request-id"] for one in answers]
        return [(one.status_code, one.content, headers) for one, headers in zip(answers, kept, strict=True)]

    unknown = await ask(UNKNOWN)
    assert unknown[0][0] == 404
    for one in hidden:
        assert await ask(one) == unknown


async def test_hidden_and_unknown_spaces_answer_alike(api: Api, filled: Scene) -> None:
    for path in ("", "/comments", "/comments?question=1", "/updates?since=0"):
        answers = [await api.get(f"/spaces/{slug}{path}") for slug in ("inner", "draft", "nowhere")]
        assert len({answer.content for answer in answers}) == 1
        assert {answer.status_code for answer in answers} == {404}


async def test_a_held_comment_changes_nothing_that_readers_see(api: Api, filled: Scene) -> None:
    """Neither a number, nor a cursor, nor an ETag."""
    paths = ["/spaces", "/spaces/here", "/spaces/here/comments", "/spaces/here/comments?question=1&limit=2"]
    paths += ["/spaces/here/updates?since=0", f"/comments/{filled.comments['published']}"]

    async def look() -> list[tuple[bytes, str]]:
        answers = [await api.get(path) for path in paths]
        return [(answer.content, answer.headers["etag"]) for answer in answers]

    before = await look()
    for state in HIDDEN:
        await filled.comment(state)
    await filled.post("a held reply", parent=filled.comments["published"])
    await filled.edit(filled.comments["published"], f"{CANARY} pending too")
    assert await look() == before


async def test_the_author_and_moderators_do_see_them(api: Api, filled: Scene) -> None:
    """The same questions find the canary where they should: the probe is not blind."""
    for role in ("author", "moderator", "secretariat"):
        for state in ("held", "returned", "rejected"):
            answer = await api.get(f"/comments/{filled.comments[state]}", filled.tokens[role])
            assert answer.json()["body"] == f"{CANARY} {state}"


async def test_counts_are_of_what_is_published(api: Api, filled: Scene) -> None:
    for role in READERS:
        space = (await api.get("/spaces/here", filled.tokens[role])).json()
        assert space["counts"] == {"comments": 3, "by_question": {"1": 3, "2": 0, "3": 0}}


async def test_a_comment_goes_with_its_space(api: Api, filled: Scene) -> None:
    """A published comment of a space that is closed to the reader is not found by its id either."""
    path = f"/comments/{filled.comments['published']}"
    assert (await api.get(path)).status_code == 200
    await Space.filter(id=filled.spaces["here"].id).update(visibility="members")
    assert (await api.get(path)).content == (await api.get(f"/comments/{UNKNOWN}")).content
