"""Spaces and updates: shape, languages, caching, and going on where one was."""

from datetime import datetime

from forum.discussions.models import Question, Space
from tests.contracts.client import Api
from tests.contracts.scene import Scene


async def test_a_space(api: Api, scene: Scene) -> None:
    await scene.publish("Words.", question=2)
    space = (await api.get("/spaces/here")).json()
    row = await Space.get(id=scene.spaces["here"].id)
    assert (space["slug"], space["title"], space["state"], space["premoderation"]) == ("here", "Space here", "open", "all")
    assert space["seq"] == 1
    assert datetime.fromisoformat(space["opens_at"]) == row.opens_at
    assert datetime.fromisoformat(space["closes_at"]) == row.closes_at
    assert [one["number"] for one in space["questions"]] == [1, 2, 3]
    assert space["counts"] == {"comments": 1, "by_question": {"1": 0, "2": 1, "3": 0}}
    listed = (await api.get("/spaces")).json()["items"]
    assert space in listed
    assert {one["slug"] for one in listed} == {"here", "elsewhere", "closed"}


async def test_texts_in_the_language_asked_for(api: Api, scene: Scene) -> None:
    await Space.filter(id=scene.spaces["here"].id).update(title={"en": "Hall", "fr": "Salle", "ar": "قاعة"})
    await Question.filter(space_id=scene.spaces["here"].id, number=1).update(text={"en": "Why?", "fr": "Pourquoi ?"})
    for lang, title, title_lang, text, text_lang in (
        ("fr", "Salle", "fr", "Pourquoi ?", "fr"),
        ("ar", "قاعة", "ar", "Why?", "en"),
        ("zh", "Hall", "en", "Why?", "en"),
    ):
        space = (await api.get("/spaces/here", params={"lang": lang})).json()
        assert (space["title"], space["title_lang"]) == (title, title_lang)
        assert (space["questions"][0]["text"], space["questions"][0]["lang"]) == (text, text_lang)


async def test_what_is_public_is_revalidated_and_what_is_personal_is_not_stored(api: Api, filled: Scene) -> None:
    paths = ["/spaces", "/spaces/here", "/spaces/here/comments", "/spaces/here/updates", f"/comments/{filled.comments['reply']}"]
    for path in paths:
        public = await api.get(path)
        assert public.headers["cache-control"] == "no-cache"
        assert {"Authorization", "Cookie", "Accept-Language"} <= {one.strip() for one in public.headers["vary"].split(",")}
        again = await api.http.get(f"/api/v1{path}", headers={"If-None-Match": public.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        personal = await api.get(path, filled.tokens["delegate"])
        assert personal.headers["cache-control"] == "no-store"
        assert "etag" not in personal.headers


async def test_updates_in_order(api: Api, scene: Scene) -> None:
    first = await scene.publish("First.")
    second = await scene.publish("Second.")
    await scene.withdraw(first)
    await scene.post("held")
    answer = (await api.get("/spaces/here/updates?since=0&lang=en")).json()
    assert [(one["seq"], one["kind"], one["id"]) for one in answer["items"]] == [
        (1, "comment.published", first),
        (2, "comment.published", second),
        (3, "comment.withdrawn", first),
    ]
    assert (answer["seq"], answer["head"]) == (3, 3)
    assert f'id="c-{second}"' in answer["items"][1]["html"]
    assert "First." not in str(answer)
    assert (await api.get("/spaces/here/updates?since=3")).json() == {"items": [], "seq": 3, "head": 3}


async def test_going_on_from_seq_misses_nothing(api: Api, scene: Scene) -> None:
    for number in range(11):
        await scene.publish(f"Words {number}.")
    found: list[int] = []
    since = 0
    while True:
        answer = (await api.get(f"/spaces/here/updates?since={since}&limit=3")).json()
        found += [one["seq"] for one in answer["items"]]
        since = answer["seq"]
        if since == answer["head"]:
            break
    assert found == list(range(1, 12))


async def test_following_from_a_page_of_comments(api: Api, scene: Scene) -> None:
    """`seq` of a page is where updates go on: what was published since, and nothing else."""
    await scene.publish("Before.")
    page = (await api.get("/spaces/here/comments?question=1")).json()
    later = await scene.publish("After.")
    updates = (await api.get(f"/spaces/here/updates?since={page['seq']}")).json()["items"]
    assert [one["id"] for one in updates] == [later]
