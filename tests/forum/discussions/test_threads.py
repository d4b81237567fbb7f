"""Threads: pages in order without gap or double, and at the same cost however long the thread is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from forum.discussions import threads
from forum.discussions.models import Question
from forum.discussions.threads import Seen, Slice, Window
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.errors import Refusal
from forum.kernel.locales import LANGS
from forum.people.models import EntityKind, Person
from moderation.models import Action
from tests.forum.discussions.bulk import write_thread
from tests.forum.discussions.hall import Hall, open_hall
from tests.support import world
from tests.support.backends import on_each_database  # noqa: F401 - a fixture
from tests.support.statements import Statement, effort, plan, recorded


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


async def pages(actor: Actor, hall: Hall, limit: int) -> list[list[str]]:
    """Return the ids of all pages of the first question."""
    found, after = [], ""
    while True:
        page = await threads.thread(actor, hall.space, (await hall.question()).id, "en", Window(after, limit))
        found.append([one.id for one in page.items])
        if page.next is None:
            return found
        after = page.next


async def branching(hall: Hall) -> list[str]:
    """Post a thread of roots and replies with something hidden in between; return what readers see, in order."""
    first = await hall.published("first")
    await hall.held("waits")
    second = await hall.published("second")
    reply = await hall.published("reply", parent=first)
    deep = await hall.published("deep", parent=reply)
    await hall.held("waits too", parent=first)
    gone = await hall.published("gone")
    below = await hall.published("below the gone one", parent=gone)
    await hall.decide(gone, Action.REMOVE)
    return [first, reply, deep, second, gone, below]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7, 100])
async def test_pages_follow_each_other_without_gap_or_double(hall: Hall, limit: int) -> None:
    expected = await branching(hall)
    found = await pages(hall.other, hall, limit)
    assert [one for page in found for one in page] == expected
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1], "no empty page at the end"


async def test_each_actor_gets_what_the_rule_shows(hall: Hall) -> None:
    expected = await branching(hall)
    assert [len(page) for page in await pages(ANONYMOUS, hall, 100)] == [len(expected)]
    assert [len(page) for page in await pages(hall.author, hall, 100)] == [len(expected) + 2]
    assert [len(page) for page in await pages(hall.moderator, hall, 100)] == [len(expected) + 2]


async def test_the_page_before(hall: Hall) -> None:
    expected = await branching(hall)
    question = await hall.question()
    for limit in (1, 2, 3):
        starts = ["", *[page[-1] for page in await pages(ANONYMOUS, hall, limit)][:-1]]
        for earlier, start in pairwise(starts):
            found = await threads.before(ANONYMOUS, hall.space, question.id, start, limit)
            assert (found or "") == earlier
    assert await threads.before(ANONYMOUS, hall.space, question.id, expected[0], 50) is None


async def test_a_cursor_that_one_may_not_see_is_refused_like_one_that_never_was(hall: Hall) -> None:
    held, elsewhere = await hall.held(), await hall.published(question=2)
    question = await hall.question()
    for cursor in (held, elsewhere, "0" * 32, "x' OR 1=1 --"):
        with pytest.raises(Refusal) as refused:
            await threads.thread(ANONYMOUS, hall.space, question.id, "en", Window(cursor))
        assert {field: problem.key for field, problem in refused.value.fields.items()} == {"after": "page.cursor"}
    assert (await threads.thread(hall.author, hall.space, question.id, "en", Window(held))).items == []


async def test_a_whole_space_question_by_question(hall: Hall) -> None:
    expected = [await hall.published(question=number) for number in (2, 1, 3, 1)]
    order = [expected[1], expected[3], expected[0], expected[2]]
    found, after = [], ""
    for _ in range(10):
        page = await threads.all_in_space(ANONYMOUS, hall.space, "en", Window(after, 1))
        found += [one.id for one in page.items]
        if page.next is None:
            break
        after = page.next
    assert found == order


async def test_the_branch_of_a_comment_and_what_hangs_below(hall: Hall) -> None:
    expected = await branching(hall)
    deep = await threads.one(ANONYMOUS, expected[2], "en")
    first = await threads.one(ANONYMOUS, expected[0], "en")
    assert deep is not None
    assert first is not None
    assert [one.id for one in await threads.branch(ANONYMOUS, hall.space, deep, "en")] == expected[:3]
    assert [one.id for one in await threads.replies(ANONYMOUS, hall.space, first, "en")] == expected[1:3]
    assert [one.id for one in await threads.replies(ANONYMOUS, hall.space, first, "en", 1)] == expected[1:2]
    assert len(await threads.replies(hall.moderator, hall.space, first, "en")) == 3


async def test_below_a_comment_is_nothing_of_its_neighbours_at_any_carry(hall: Hall) -> None:
    await Question.filter(space_id=hall.space.id, number=1).update(children=35)
    one, other = await hall.published("0010"), await hall.published("0011")
    for parent in (one, other):
        for _ in range(2):
            await hall.published("reply", parent=parent)
    seen = await threads.one(ANONYMOUS, one, "en")
    assert seen is not None
    assert [reply.parent for reply in await threads.replies(ANONYMOUS, hall.space, seen, "en")] == [one, one]


async def test_what_one_wrote_newest_first_in_every_state(hall: Hall) -> None:
    ids = [await hall.comment(state) for state in ("held", "returned", "published", "removed", "withdrawn", "retracted")]
    await hall.post(by=hall.other)
    assert [one.id for one in await threads.of_author(hall.author, "en")] == list(reversed(ids))
    assert len(await threads.of_author(hall.author, "en", limit=2)) == 2


@pytest.mark.parametrize("lang", LANGS)
async def test_the_entity_is_named_in_the_language_of_the_reader(hall: Hall, lang: str) -> None:
    kenya = await world.entity("Kenya", EntityKind.STATE, "KEN")
    kenya.name_ar, kenya.name_zh, kenya.name_ru = "كينيا", "肯尼亚", "Кения"
    await kenya.save()
    await world.affiliate(await Person.get(id=hall.author.person_id), kenya)
    seen = await threads.one(ANONYMOUS, await hall.published(capacity="KEN"), lang)
    assert seen is not None
    assert (seen.entity_name, seen.speaking_for) == (kenya.name_in(lang), "state")


@dataclass
class Cost:
    """What some reads cost: the statements, and the effort of the database."""

    statements: list[Statement]
    effort: int


async def cost(read: Callable[[], Awaitable[object]]) -> Cost:
    with recorded() as made:
        await read()
    return Cost(made, sum([await effort(one) for one in made]))


SHORT, LONG = 100, 20_000


async def reads(hall: Hall, ids: list[str]) -> dict[str, Callable[[], Awaitable[Slice | list[Seen] | Seen | str | None]]]:
    """What pages read of a thread, near its end where a careless query would have read everything before."""
    question, space = await hall.question(), hall.space
    near_end = ids[-60]
    seen = await threads.one(ANONYMOUS, ids[-1], "en")
    assert seen is not None
    member = hall.other
    return {
        "first page": lambda: threads.thread(ANONYMOUS, space, question.id, "en"),
        "last page": lambda: threads.thread(ANONYMOUS, space, question.id, "en", Window(near_end)),
        "last page, signed in": lambda: threads.thread(member, space, question.id, "en", Window(near_end)),
        "last page, moderator": lambda: threads.thread(hall.moderator, space, question.id, "en", Window(near_end)),
        "page before": lambda: threads.before(ANONYMOUS, space, question.id, near_end),
        "space from the start": lambda: threads.all_in_space(ANONYMOUS, space, "en"),
        "space": lambda: threads.all_in_space(ANONYMOUS, space, "en", Window(near_end)),
        "branch": lambda: threads.branch(ANONYMOUS, space, seen, "en"),
        "replies": lambda: threads.replies(ANONYMOUS, space, seen, "en"),
        "one": lambda: threads.one(ANONYMOUS, near_end, "en"),
    }


async def test_a_page_costs_the_same_at_100_and_at_20_000_comments(hall: Hall) -> None:
    assert hall.author.person_id is not None
    short, long = await hall.question(1), await world.space("long")
    ids = await write_thread(hall.space, short.id, hall.author.person_id, SHORT)
    few = await reads(hall, ids)
    hall.space = long
    question = await hall.question(1)
    ids = await write_thread(long, question.id, hall.author.person_id, LONG)
    many = await reads(hall, ids)
    # Both are measured in the full tables: what is compared is the length of the thread, not of the indexes.
    measured = {name: await cost(read) for name, read in few.items()}
    for name, read in many.items():
        now, before = await cost(read), measured[name]
        assert len(now.statements) == len(before.statements) <= 3, name
        assert now.effort <= 1.3 * before.effort + 5, f"{name} reads more rows in a longer thread"
        for one in now.statements:
            how = await plan(one)
            assert not how.scanned & {"comments", "revisions"}, (name, how.told)
            assert not how.sorts or "c.path IN (" in one.sql, (name, how.told)


@pytest.mark.parametrize("name", ["first page", "last page", "page before"])
async def test_the_public_thread_is_read_by_an_index_of_what_is_public(hall: Hall, name: str) -> None:
    assert hall.author.person_id is not None
    ids = await write_thread(hall.space, (await hall.question()).id, hall.author.person_id, LONG)
    [*_, listing] = (await cost((await reads(hall, ids))[name])).statements
    how = await plan(listing)
    # From the beginning of a thread that is all public, PostgreSQL may find the key, which is in the same order, as cheap.
    as_cheap = {"uid_comments_questio_a3d8f6"} if name == "first page" else set()
    assert how.indexes & ({"comments_thread"} | as_cheap), how.told
    assert not how.sorts, how.told
    assert "comments" not in how.scanned, how.told
    if name == "page before":
        assert "comments_thread" in how.only_index, how.told
