"""Standing: numbers, counters and what readers see stay right, whatever is done in whatever order."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule, run_state_machine_as_test

from forum.db.work import begin
from forum.discussions import standing, threads
from forum.discussions.events import SYSTEM
from forum.discussions.models import Comment, Question, Revision
from forum.discussions.views.shown import stub_text
from forum.kernel.actors import ANONYMOUS
from forum.kernel.errors import Refusal
from forum.record.appending import lock
from forum.record.chain import verify
from forum.record.models import Entry
from forum.record.reading import public_since
from moderation.models import Action, Case
from tests.forum.discussions.hall import Hall, open_hall
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


async def symbol(comment_id: str) -> str:
    return (await Comment.get(id=comment_id)).symbol


async def test_symbols_are_given_at_publication_in_that_order(hall: Hall) -> None:
    first, second, third = [await hall.held() for _ in range(3)]
    for comment_id in (third, first, second):
        await hall.decide(comment_id, Action.PUBLISH)
    assert [await symbol(one) for one in (third, first, second)] == ["RT4/Q1/1", "RT4/Q1/2", "RT4/Q1/3"]
    assert await symbol(await hall.published(question=2)) == "RT4/Q2/1", "each question counts for itself"


@pytest.mark.parametrize("end", ["remove", "withdraw"])
async def test_a_symbol_is_never_given_again(hall: Hall, end: str) -> None:
    gone = await hall.published()
    if end == "remove":
        await hall.decide(gone, Action.REMOVE)
    else:
        await hall.withdraw(gone)
    assert await symbol(gone) == "RT4/Q1/1"
    assert await symbol(await hall.published()) == "RT4/Q1/2"
    question = await hall.question()
    assert (question.published, question.symbols) == (1, 2)


@pytest.mark.parametrize("state", ["held", "returned", "rejected", "retracted"])
async def test_what_was_never_published_has_no_symbol(hall: Hall, state: str) -> None:
    row = await Comment.get(id=await hall.comment(state))
    assert (row.symbol, row.number, row.published_at, row.public_seq) == ("", None, None, 0)


async def test_publishing_at_once_gives_each_its_own_symbol(hall: Hall) -> None:
    ids = [await hall.held() for _ in range(10)]
    await asyncio.gather(*(hall.decide(one, Action.PUBLISH) for one in ids))
    assert {await symbol(one) for one in ids} == {f"RT4/Q1/{number}" for number in range(1, 11)}
    assert (await hall.question()).published == 10
    told = [fact for fact in hall.told if fact.kind == "comment.published"]
    assert [fact.public_seq for fact in told] == list(range(1, 11))
    assert [fact.data["symbol"] for fact in told] == [f"RT4/Q1/{number}" for number in range(1, 11)]


@pytest.mark.parametrize("state", ["held", "returned", "rejected", "published", "removed", "withdrawn", "retracted"])
@pytest.mark.parametrize("verb", ["publish", "return", "reject", "remove"])
async def test_which_change_fits_which_state(hall: Hall, state: str, verb: str) -> None:
    """What does not fit is refused by the forum itself, whatever a moderator's page offers, and leaves nothing."""
    comment_id = await hall.comment(state)
    fits = {"held": {"publish", "return", "reject"}, "published": {"remove"}}

    async def change() -> None:
        async with begin() as work:
            await lock(work, hall.space.id)
            comment = await Comment.get(id=comment_id)
            revision = await Revision.get(id=comment.shown_id)
            if verb == "publish":
                await standing.publish(work, comment, revision, SYSTEM)
            elif verb == "remove":
                await standing.remove(work, comment, SYSTEM, {"en": "another reason"})
            else:
                await standing.refuse(work, comment, revision, SYSTEM, final=verb == "reject")

    before = await Comment.get(id=comment_id)
    if verb in fits.get(state, set()):
        await change()
        assert (await Comment.get(id=comment_id)).version == before.version + 1
    else:
        with pytest.raises(Refusal, match=r"case\.action"):
            await change()
        after = await Comment.get(id=comment_id)
        assert (after.state, after.version) == (before.state, before.version)
        assert hall.told == []


async def test_a_removed_comment_leaves_a_stub_with_the_reason_and_its_replies(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    reply = await hall.published("A reply.", parent=comment_id)
    await hall.edit(comment_id, "Second words.")
    await hall.decide(comment_id, Action.REMOVE)
    stub, answer = await threads.one(ANONYMOUS, comment_id, "en"), await threads.one(hall.other, reply, "en")
    assert stub is not None
    assert answer is not None
    assert (stub.is_stub, stub.source, stub.author_name) == (True, "", "")
    assert stub_text(stub) == "Removed by the moderators: another reason."
    assert (answer.source, answer.reply_to and answer.reply_to.author_name) == ("A reply.", "")
    own = await threads.one(hall.author, comment_id, "en")
    assert own is not None
    assert own.source == "First words."
    assert not await Case.filter(comment_id=comment_id, state="open").exists()
    assert (await hall.question()).published == 1


ROADS = ["publish", "return", "reject", "remove"]


class Forum(RuleBasedStateMachine):
    """Acts in any order on a few comments. What is refused is refused; what remains must add up after every act."""

    comments = Bundle("comments")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = open_hall(Path(self.folder.name))
        self.hall = self.run(self.opened.__aenter__())
        self.count = 0

    def run(self, act: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await act

        return self.runner.run(wait())

    def teardown(self) -> None:
        self.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    def try_to(self, act: Awaitable[Any]) -> None:
        try:
            self.run(act)
        except Refusal:
            pass

    @rule(target=comments, question=st.integers(1, 2), mode=st.sampled_from(["all", "all", "newcomers", "none"]))
    def post(self, question: int, mode: str) -> Any:
        self.count += 1
        self.run(self.hall.change(premoderation=mode))
        comment_id = self.run(self.hall.held(f"Text {self.count}.", question=question))
        self.run(self.hall.change(premoderation="all"))
        return comment_id

    @rule(target=comments, parent=comments)
    def answer(self, parent: str) -> Any:
        self.count += 1
        target = self.run(Comment.get(id=parent))
        number = self.run(Question.get(id=target.question_id)).number
        try:
            return self.run(self.hall.held(f"Text {self.count}.", question=number, parent=parent))
        except Refusal:
            assert target.state != "published"
            return multiple()

    @rule(comment=comments, action=st.sampled_from([Action.PUBLISH, *Action]))
    def decide(self, comment: str, action: Action) -> None:
        self.try_to(self.hall.decide(comment, action))

    @rule(comment=comments)
    def edit(self, comment: str) -> None:
        self.count += 1
        self.try_to(self.hall.edit(comment, f"Text {self.count}."))

    @rule(comment=consumes(comments))
    def withdraw(self, comment: str) -> None:
        self.try_to(self.hall.withdraw(comment))

    @invariant()
    def everything_adds_up(self) -> None:
        self.run(self.check())

    async def check(self) -> None:
        rows = await Comment.filter().order_by("path")
        for question in await Question.filter():
            mine = [row for row in rows if row.question_id == question.id]
            assert question.published == sum(row.state == "published" for row in mine)
            assert question.children == sum(row.depth == 0 for row in mine)
            numbers = sorted(row.number for row in mine if row.number is not None)
            assert numbers == list(range(1, question.symbols + 1)), "dense, and none given twice"
        for row in rows:
            assert row.children == sum(other.parent_id == row.id for other in rows)
            assert (row.published_at is not None) == (row.number is not None) == (row.public_seq > 0)
        await self.check_readers(rows)
        await self.check_record()
        await self.check_cases(rows)

    async def check_readers(self, rows: list[Comment]) -> None:
        shown = (await threads.all_in_space(ANONYMOUS, self.hall.space, "en", threads.Window(limit=500))).items
        public = {row.id for row in rows if row.state in {"published", "removed", "withdrawn"} and row.published_at}
        assert {one.id for one in shown} == public
        states = {one.id: one.state for one in await Revision.filter()}
        for row in rows:
            if row.state == "published":
                assert states[row.shown_id] == "published", "what readers get was decided on"
            if row.pending_id:
                assert row.state == "published"
                assert states[row.pending_id] in {"held", "returned", "rejected"}
        for one in shown:
            assert bool(one.source) == (one.state == "published")
            assert one.pending is None

    async def check_record(self) -> None:
        space_id = self.hall.space.id
        assert (await verify(space_id)).ok or not await Entry.filter(log_id=space_id).exists()
        told = await public_since(space_id, 0, 1000)
        assert [one.seq for one in told] == list(range(1, len(told) + 1))
        for one in told:
            row = await Comment.get(id=one.subject)
            assert row.published_at is not None, "followers were told of something that was never public"
            assert row.public_seq >= one.seq

    async def check_cases(self, rows: list[Comment]) -> None:
        waiting = {case.comment_id: case.revision_id for case in await Case.filter(state="open")}
        held = {one.comment_id: one.id for one in await Revision.filter(state="held")}
        assert waiting == held, "each text that waits has one open case, and no other has"


def test_any_sequence_of_acts_adds_up() -> None:
    run_state_machine_as_test(Forum, settings=settings(max_examples=8, stateful_step_count=16, deadline=None))
