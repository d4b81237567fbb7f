"""The queue: order, filters, pages, counts, and what it costs."""

import asyncio

import pytest

from forum.kernel.events import Fact
from forum.live.bus import MODERATION, Message
from forum.live.memory import MemoryBus
from moderation import queries
from moderation.live import announce
from moderation.models import Action
from moderation.queries import QueueFilter
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, case_of, settle
from tests.support.statements import recorded
from tests.support.world import post


async def read_all(scene: Scene) -> int:
    """Read what the page and the API show, and return how many cases there were."""
    found = await queries.queue(scene.mona, QueueFilter(), "en", 100)
    await queries.last_decisions([one.id for one in found.items])
    await queries.waiting_counts(scene.mona)
    await queries.desk_spaces(scene.mona)
    return len(found.items)


async def test_statements_do_not_grow(scene: Scene) -> None:
    """Sixty cases cost as many statements as one."""
    counts = []
    for cases in (1, 59):
        for number in range(cases):
            await post(scene.asma, scene.hall, f"Text {number}")
        with recorded() as statements:
            shown = await read_all(scene)
        counts.append((shown, len(statements)))
    assert [shown for shown, _ in counts] == [1, 60]
    assert counts[0][1] == counts[1][1] == 4


async def test_oldest_first_page_by_page(scene: Scene) -> None:
    ids = [await post(scene.asma, scene.hall, f"Text {number}") for number in range(5)]
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await queries.queue(scene.mona, QueueFilter(after=after), "en", 2)
        seen += [one.comment_id for one in page.items]
        after = page.next
    assert seen == ids


async def test_only_ones_own_spaces(scene: Scene) -> None:
    """A moderator sees the cases of the spaces moderated, whatever is asked for; the author sees none."""
    there, here = await post(scene.asma, scene.annex, "There"), await post(scene.asma, scene.hall, "Here")
    rows = [
        (scene.mona, QueueFilter(), [here]),
        (scene.omar, QueueFilter(), [there]),
        (scene.omar, QueueFilter(space="hall"), []),
        (scene.omar, QueueFilter(comment=here), []),
        (scene.asma, QueueFilter(), []),
    ]
    for actor, wanted, expected in rows:
        assert [one.comment_id for one in (await queries.queue(actor, wanted, "en")).items] == expected
    assert await queries.waiting_counts(scene.mona) == {"hall": 1}
    assert await queries.waiting_counts(scene.asma) == {}
    assert [slug for slug, _ in await queries.desk_spaces(scene.omar)] == ["annex"]


@pytest.mark.parametrize(("state", "expected"), [("open", 1), ("decided", 1), ("closed", 1), ("", 3)])
async def test_by_state(scene: Scene, state: str, expected: int) -> None:
    for situation in (scenes.held, scenes.published, scenes.retracted):
        await situation(scene)
    assert len((await queries.queue(scene.mona, QueueFilter(state=state), "en")).items) == expected


async def test_the_author_reads_reasons_without_names(scene: Scene) -> None:
    """What the author is told of a decision has neither the moderators' note nor the name of who decided."""
    comment_id = await scenes.held(scene)
    await settle(scene.mona, comment_id, Action.RETURN, "hate", text="Words.", note="CANARY")
    assert scene.asma.person_id
    found = await queries.last_decisions_for(scene.asma.person_id, [comment_id])
    told = found[comment_id]
    assert (told.reason, told.text, told.note, told.by) == ("hate", "Words.", "", "")
    assert await queries.last_decisions_for(str(scene.omar.person_id), [comment_id]) == {}


async def test_other_processes_hear_of_cases(scene: Scene, facts: list[Fact]) -> None:
    """Each fact about a case is announced once, with ids and nothing else."""
    bus, heard = MemoryBus(), list[tuple[str, Message]]()
    bus.subscribe(lambda topic, message: heard.append((topic, message)))
    await bus.start()
    comment_id = await scenes.revised(scene)
    await settle(scene.mona, comment_id, Action.PUBLISH)
    told = [fact for fact in facts if fact.kind.startswith("case.")]
    assert [fact.kind for fact in told] == ["case.opened", "case.moved", "case.decided"]
    tell = announce(bus)
    for fact in told:
        await tell(fact)
    await asyncio.sleep(0)
    newest = {"case": (await case_of(comment_id)).id, "space": scene.hall.id}
    assert len(heard) == 3
    assert heard[-1] == (MODERATION, newest)
    assert {topic for topic, _ in heard} == {MODERATION}
    await bus.stop()
