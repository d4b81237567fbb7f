"""Where a comment hangs: thread order is order of arrival in each branch, and only what is published can be answered."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.discussions.models import Comment, Question
from forum.discussions.posting import segment
from forum.kernel.errors import Refusal
from forum.record.models import Entry
from tests.forum.discussions.hall import Hall, open_hall, said
from tests.support import world
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


async def test_thread_order_is_the_order_of_arrival_within_each_branch(hall: Hall) -> None:
    roots = [await hall.published(f"root {number}") for number in range(3)]
    replies = {root: [await hall.published("reply", parent=root) for _ in range(2)] for root in reversed(roots)}
    late = await hall.held("a late root")
    rows = await Comment.filter().order_by("path")
    expected = [one for root in roots for one in (root, *replies[root])] + [late]
    assert [row.id for row in rows] == expected
    assert [row.depth for row in rows] == [0, 1, 1, 0, 1, 1, 0, 1, 1, 0]


async def test_posts_at_once_get_different_places(hall: Hall) -> None:
    posted = await asyncio.gather(*(hall.post(f"Text {number}.") for number in range(20)))
    paths = sorted([(await Comment.get(id=one.comment_id)).path for one in posted])
    assert paths == [segment(number) for number in range(1, 21)]
    # By the record: listeners after a commit may hear of two that were nearly at once in either order.
    arrived = [entry.subject for entry in await Entry.filter(log_id=hall.space.id, kind="comment.received").order_by("seq")]
    assert arrived == [row.id for row in await Comment.filter().order_by("path")]


async def test_answers_nest_to_eight_and_then_hang_beside_whom_they_answer(hall: Hall) -> None:
    chain: list[str] = []
    for level in range(13):
        chain.append(await hall.published(f"level {level}", parent=chain[-1] if chain else None))
    rows = [await Comment.get(id=one) for one in chain]
    assert [row.depth for row in rows] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8]
    assert [row.parent_id for row in rows] == [None, *chain[:8], *[chain[7]] * 4]
    assert [row.reply_to_id for row in rows] == [None, *chain[:-1]]
    assert [row.path for row in rows] == sorted(row.path for row in rows)
    assert max(len(row.path) for row in rows) == 36


@pytest.mark.parametrize("state", ["held", "returned", "rejected", "removed", "withdrawn", "retracted"])
async def test_what_waits_or_is_gone_cannot_be_answered_not_even_by_its_author(hall: Hall, state: str) -> None:
    """All alike, and like an id that never was: the answer must not tell which ids are held."""
    gone = await hall.comment(state)
    unknown = "0" * 32
    answers = []
    for by in (hall.author, hall.other, hall.moderator):
        for parent in (gone, unknown):
            with pytest.raises(Refusal) as refused:
                await hall.post(by=by, parent=parent)
            answers.append((said(refused.value), refused.value.status, refused.value.fields["parent"].params))
    assert set(map(str, answers)) == {str(("parent: comment.parent", 422, {}))}


async def test_an_answer_stays_with_its_question_and_space(hall: Hall) -> None:
    elsewhere = await hall.published(question=2)
    with pytest.raises(Refusal) as refused:
        await hall.post(question=1, parent=elsewhere)
    assert said(refused.value) == "parent: comment.parent"
    yard = await world.space("yard")
    with pytest.raises(Refusal) as refused:
        await world.post(hall.author, yard, "Words.", question=2, parent=elsewhere)
    assert said(refused.value) == "parent: comment.parent"


@pytest.mark.parametrize(
    ("ordinal", "text"),
    [
        (1, "0001"),
        (9, "0009"),
        (10, "000a"),
        (35, "000z"),
        (36, "0010"),
        (1295, "00zz"),
        (1296, "0100"),
        (46_656, "1000"),
        (36**4 - 1, "zzzz"),
    ],
)
def test_places_are_base_36_of_fixed_width(ordinal: int, text: str) -> None:
    assert segment(ordinal) == text
    assert segment(max(ordinal - 1, 0)) < text


def test_there_is_an_end_to_places() -> None:
    with pytest.raises(Refusal):
        segment(36**4)


async def test_the_carry_beyond_two_figures_keeps_the_order(hall: Hall) -> None:
    await Question.filter(space_id=hall.space.id, number=1).update(children=1293)
    posted = [await hall.held(f"Text {number}.") for number in range(5)]
    rows = await Comment.filter().order_by("path")
    assert [row.path for row in rows] == ["00zy", "00zz", "0100", "0101", "0102"]
    assert [row.id for row in rows] == posted
