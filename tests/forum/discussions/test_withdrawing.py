"""Withdrawing: the author takes a text back; a stub stays only where readers had seen it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.discussions import threads
from forum.discussions.models import Comment
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import ANONYMOUS
from forum.kernel.errors import Conflict, NotFound, Refusal
from forum.record.reading import public_since
from moderation.models import Action, Case
from tests.forum.discussions.hall import Hall, open_hall, texts
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


async def test_what_was_published_leaves_a_stub_without_text_and_its_replies(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    reply = await hall.published("A reply.", parent=comment_id)
    await hall.withdraw(comment_id)
    for actor in (ANONYMOUS, hall.other, hall.author):
        stub = await threads.one(actor, comment_id, "en")
        assert stub is not None
        assert stub.is_stub
        assert (stub.html, stub.source, stub.author_name, stub.entity_name) == ("", "", "", "")
        assert stub.symbol == "RT4/Q1/1", "the symbol may have been cited"
        answer = await threads.one(actor, reply, "en")
        assert answer is not None
        assert answer.source == "A reply."
        assert answer.reply_to is not None
        assert (answer.reply_to.id, answer.reply_to.author_name) == (comment_id, "")
    kept = await threads.one(hall.moderator, comment_id, "en")
    assert kept is not None
    assert kept.source == "First words."
    assert [(one.seq, one.kind, one.subject) for one in await public_since(hall.space.id, 2, 10)] == [
        (3, "comment.withdrawn", comment_id)
    ]
    assert (await hall.question()).published == 1


@pytest.mark.parametrize("state", ["held", "returned", "rejected"])
async def test_what_was_never_published_leaves_nothing(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    await hall.withdraw(comment_id)
    for actor in (ANONYMOUS, hall.other):
        assert await threads.one(actor, comment_id, "en") is None
        assert (await threads.thread(actor, hall.space, (await hall.question()).id, "en")).items == []
    assert await public_since(hall.space.id, 0, 10) == [], "followers are told nothing"
    assert hall.kinds() == ["comment.retracted"]
    assert (await hall.question()).published == 0
    assert [one[1] for one in await texts(comment_id)] == ["dropped"]
    assert {case.state for case in await Case.filter(comment_id=comment_id)} <= {"closed", "decided"}
    own = await threads.one(hall.author, comment_id, "en")
    assert own is not None
    assert own.is_stub


async def test_a_waiting_edit_goes_with_its_comment(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    await hall.edit(comment_id, "Second words.")
    await hall.withdraw(comment_id)
    assert await texts(comment_id) == [(1, "published", "First words."), (2, "dropped", "Second words.")]
    assert (await Comment.get(id=comment_id)).pending_id is None
    assert not await Case.filter(comment_id=comment_id, state="open").exists()
    with pytest.raises((Conflict, Refusal)):
        await hall.decide(comment_id, Action.PUBLISH)


@pytest.mark.parametrize("state", ["held", "published"])
async def test_it_is_possible_after_the_space_has_closed(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    await hall.change(state="closed")
    await hall.withdraw(comment_id)
    assert (await Comment.get(id=comment_id)).state == "withdrawn"


@pytest.mark.parametrize("state", ["removed", "withdrawn", "retracted"])
async def test_what_is_gone_cannot_go_again(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    with pytest.raises(Refusal, match=r"comment\.final"):
        await hall.withdraw(comment_id)
    assert hall.told == []
    assert (await hall.question()).published == 0


@pytest.mark.parametrize("state", ["held", "published", "withdrawn"])
async def test_nobody_else_withdraws_not_even_a_moderator(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    for actor in (ANONYMOUS, hall.other, hall.moderator):
        with pytest.raises(NotFound):
            await hall.withdraw(comment_id, by=actor)
    with pytest.raises(NotFound):
        await withdraw_comment(hall.author, "0" * 32, 1)
    assert hall.told == []


async def test_another_version_is_a_conflict(hall: Hall) -> None:
    comment_id = await hall.comment("published")
    version = (await Comment.get(id=comment_id)).version
    with pytest.raises(Conflict, match=r"comment\.stale") as refused:
        await withdraw_comment(hall.author, comment_id, version - 1)
    assert refused.value.current == {"id": comment_id, "version": version, "state": "published"}
    assert (await Comment.get(id=comment_id)).state == "published"
