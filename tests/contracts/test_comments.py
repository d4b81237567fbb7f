"""Comments: their shape, replies, paging, edits, withdrawal, and posting twice."""

import asyncio
from datetime import datetime
from typing import Any

from forum.discussions.models import Comment, PostKey
from moderation.models import Action
from tests.contracts.client import Api
from tests.contracts.scene import Scene

FIELDS = {"id", "symbol", "question", "parent", "depth", "author", "lang", "body", "html", "state", "version", "seq"}
FIELDS |= {"created_at", "edited_at"}


async def send(api: Api, scene: Scene, text: str = "Words.", key: str | None = None, **more: Any) -> Any:
    body = {"question": 1, "body": text, "lang": "en", **more}
    headers = {"Idempotency-Key": key} if key else {}
    return await api.post("/spaces/here/comments", scene.tokens["author"], json=body, headers=headers)


async def test_ten_thousand_characters_are_taken(api: Api, scene: Scene) -> None:
    assert (await send(api, scene, "ж" * 10_000)).status_code == 201


async def test_what_a_post_answers(api: Api, scene: Scene) -> None:
    response = await send(api, scene, "Some **strong** words.", lang="fr")
    assert response.status_code == 201
    comment = response.json()
    assert comment.keys() >= FIELDS
    assert response.headers["location"] == f"/api/v1/comments/{comment['id']}"
    assert response.headers["cache-control"] == "no-store"
    assert comment["state"] == "held"
    assert comment["symbol"] is None
    assert (comment["question"], comment["parent"], comment["depth"], comment["lang"]) == (1, None, 0, "fr")
    assert comment["body"] == "Some **strong** words."
    assert "<strong>strong</strong>" in comment["html"]
    assert comment["author"] == {"name": "The author", "capacity": "personal", "entity": None}
    assert (await api.get(f"/comments/{comment['id']}", scene.tokens["author"])).json() == comment


async def test_capacity_by_id_and_by_code(api: Api, scene: Scene) -> None:
    assert scene.entity is not None
    for named in (scene.entity.id, "KEN"):
        comment = (await send(api, scene, capacity=named)).json()
        assert comment["author"] == {"name": "The author", "capacity": "state", "entity": "Kenya"}
    refused = await api.post(
        "/spaces/here/comments",
        scene.tokens["delegate"],
        json={"question": 1, "body": "Words.", "lang": "en", "capacity": "KEN"},
    )
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"].keys() == {"capacity"}


async def test_what_is_not_the_author_s_to_set_is_passed_over(api: Api, scene: Scene) -> None:
    comment = (await send(api, scene, state="published", author_id="x", symbol="RT4/Q1/1", version=9)).json()
    assert (comment["state"], comment["symbol"], comment["version"]) == ("held", None, 1)


async def test_same_key_same_comment(api: Api, scene: Scene) -> None:
    first = await send(api, scene, key="key-1")
    again = await send(api, scene, key="key-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_same_key_other_text(api: Api, scene: Scene) -> None:
    await send(api, scene, key="key-1")
    other = await send(api, scene, "Other words.", key="key-1")
    assert other.status_code == 422
    assert other.json()["error"]["key"] == "comment.key_reused"


async def test_same_key_other_space(api: Api, scene: Scene) -> None:
    """The same words elsewhere are another post: they must not be answered with the first one."""
    await send(api, scene, key="key-1")
    body = {"question": 1, "body": "Words.", "lang": "en"}
    there = await api.post("/spaces/elsewhere/comments", scene.tokens["author"], json=body, headers={"Idempotency-Key": "key-1"})
    assert there.status_code == 422


async def test_same_key_other_person(api: Api, scene: Scene) -> None:
    mine = await send(api, scene, key="key-1")
    body = {"question": 1, "body": "Words.", "lang": "en"}
    theirs = await api.post("/spaces/here/comments", scene.tokens["delegate"], json=body, headers={"Idempotency-Key": "key-1"})
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]


async def test_twenty_posts_at_once_with_one_key(api: Api, scene: Scene) -> None:
    answers = await asyncio.gather(*(send(api, scene, key="key-1") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await Comment.all().count() == 1
    assert await PostKey.all().count() == 1


async def test_twenty_posts_at_once_without(api: Api, scene: Scene) -> None:
    answers = await asyncio.gather(*(send(api, scene, f"Words {n}.") for n in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert await Comment.all().count() == 20


async def test_replies_nest_to_depth_eight(api: Api, scene: Scene) -> None:
    ids = [await scene.publish("level 0")]
    for level in range(1, 13):
        answered = await send(api, scene, f"level {level}", parent=ids[-1])
        comment = answered.json()
        assert answered.status_code == 201
        assert comment["reply_to"] == ids[-1]
        assert comment["depth"] == min(level, 8)
        assert comment["parent"] == (ids[-1] if level <= 8 else ids[7])
        await scene.decide(comment["id"], Action.PUBLISH)
        ids.append(comment["id"])
    listed = (await api.get("/spaces/here/comments?question=1")).json()["items"]
    assert [one["id"] for one in listed] == ids


async def test_what_cannot_be_answered(api: Api, filled: Scene) -> None:
    """A comment that waits, is gone, is elsewhere or never was: refused alike, word for word."""
    other = await filled.publish("elsewhere", "elsewhere")
    second = await filled.publish("second question", question=2)
    unknown = "0" * 32
    parents = [filled.comments[state] for state in ("held", "returned", "rejected", "retracted", "removed", "withdrawn")]
    answers = [await send(api, filled, parent=parent) for parent in (*parents, other, second, unknown)]
    assert {answer.status_code for answer in answers} == {422}
    assert {answer.content for answer in answers} == {answers[-1].content}
    assert answers[-1].json()["error"]["fields"].keys() == {"parent"}


async def test_paging_through_a_thread(api: Api, scene: Scene) -> None:
    """120 comments, a third of them replies: in thread order, each once, whatever the size of the page."""
    roots: list[str] = []
    for number in range(120):
        parent = roots[number // 6] if number % 3 == 2 else None
        made = await scene.publish(f"comment {number}", parent=parent)
        if parent is None:
            roots.append(made)
    await scene.post("held in between")
    whole = [one.id for one in await Comment.filter(state="published").order_by("path")]
    assert len(whole) == 120
    for limit in (7, 50, 120, 200):
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            page = (await api.get("/spaces/here/comments", params={"question": 1, "limit": limit, "after": after})).json()
            assert len(page["items"]) <= limit
            found += [one["id"] for one in page["items"]]
            after = page["next"]
        assert found == whole


async def test_all_questions_one_after_the_other(api: Api, scene: Scene) -> None:
    for number in (3, 1, 2, 1, 3):
        await scene.publish("words", question=number)
    found: list[int] = []
    after: str | None = ""
    while after is not None:
        page = (await api.get("/spaces/here/comments", params={"limit": 2, "after": after})).json()
        found += [one["question"] for one in page["items"]]
        after = page["next"]
    assert found == [1, 1, 2, 3, 3]


async def test_edit_of_what_is_held(api: Api, scene: Scene) -> None:
    comment = (await send(api, scene)).json()
    body = {"body": "Better words.", "version": comment["version"]}
    edited = await api.patch(f"/comments/{comment['id']}", scene.tokens["author"], json=body)
    assert edited.status_code == 200
    assert edited.json()["body"] == "Better words."
    assert edited.json()["version"] > comment["version"]


async def test_edit_of_what_is_published_waits(api: Api, scene: Scene) -> None:
    comment_id = await scene.publish("First words.")
    before = await api.get(f"/comments/{comment_id}")
    version = (await api.get(f"/comments/{comment_id}", scene.tokens["author"])).json()["version"]
    edited = await api.patch(
        f"/comments/{comment_id}", scene.tokens["author"], json={"body": "Second words.", "version": version}
    )
    assert (edited.json()["body"], edited.json()["pending"], edited.json()["state"]) == ("First words.", "held", "published")
    after = await api.get(f"/comments/{comment_id}")
    assert after.content == before.content
    assert after.headers["etag"] == before.headers["etag"]
    await scene.decide(comment_id, Action.PUBLISH)
    public = (await api.get(f"/comments/{comment_id}")).json()
    assert public["body"] == "Second words."
    assert public["edited_at"] is not None
    assert public["seq"] > before.json()["seq"]


async def test_stale_versions(api: Api, scene: Scene) -> None:
    comment = (await send(api, scene)).json()
    path, token, version = f"/comments/{comment['id']}", scene.tokens["author"], comment["version"]
    now = (await api.patch(path, token, json={"body": "Second.", "version": version})).json()
    for stale in (
        await api.patch(path, token, json={"body": "Third.", "version": version}),
        await api.delete(path, token, json={"version": version}),
    ):
        assert stale.status_code == 409
        assert stale.json()["current"] == {"id": comment["id"], "version": now["version"], "state": "held"}
        assert stale.json()["error"]["key"] == "comment.stale"
    assert (await api.get(path, token)).json() == now


async def test_of_edits_at_once_one_wins(api: Api, scene: Scene) -> None:
    comment = (await send(api, scene)).json()
    path, version = f"/comments/{comment['id']}", comment["version"]
    texts = [f"Edit {number}." for number in range(10)]
    answers = await asyncio.gather(
        *(api.patch(path, scene.tokens["author"], json={"body": text, "version": version}) for text in texts)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9


async def test_withdrawal_leaves_a_stub_and_the_replies(api: Api, scene: Scene) -> None:
    root = await scene.publish("Root.")
    reply = await scene.publish("Reply.", parent=root)
    version = (await api.get(f"/comments/{root}", scene.tokens["author"])).json()["version"]
    answer = await api.delete(f"/comments/{root}", scene.tokens["author"], json={"version": version})
    assert answer.status_code == 200
    listed = (await api.get("/spaces/here/comments?question=1")).json()["items"]
    assert [one["id"] for one in listed] == [root, reply]
    for stub in (answer.json(), listed[0]):
        assert (stub["state"], stub["body"], stub["html"]) == ("withdrawn", "", "")
        assert stub["author"] == {"name": None, "capacity": None, "entity": None}
        assert stub["symbol"] == "RT4/Q1/1"
    assert listed[1]["parent"] == root


async def test_withdrawal_with_the_version_in_the_address(api: Api, scene: Scene) -> None:
    comment = (await send(api, scene)).json()
    path = f"/comments/{comment['id']}"
    assert (await api.delete(f"{path}?version=99", scene.tokens["author"])).status_code == 409
    assert (await api.delete(f"{path}?version={comment['version']}", scene.tokens["author"])).status_code == 200


async def test_times(api: Api, scene: Scene) -> None:
    """Readers get the minute of publication, the author and moderators the moment of receipt."""
    comment_id = await scene.publish("Words.")
    row = await Comment.get(id=comment_id)
    for role in ("author", "moderator", "secretariat"):
        seen = (await api.get(f"/comments/{comment_id}", scene.tokens[role])).json()
        assert datetime.fromisoformat(seen["created_at"]) == row.received_at
    assert row.published_at is not None
    for role in ("anonymous", "participant", "delegate", "elsewhere"):
        seen = (await api.get(f"/comments/{comment_id}", scene.tokens[role])).json()
        assert datetime.fromisoformat(seen["created_at"]) == row.published_at.replace(second=0, microsecond=0)
