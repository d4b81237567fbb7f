"""The queue: order, whose cases, and who hears of them."""

import asyncio

import pytest

from forum.kernel.events import Fact
from forum.live.bus import MODERATION, Message
from forum.live.memory import MemoryBus
from moderation import queries
from moderation.live import announce
from moderation.models import Action
from moderation.queue.filters import QueueFilter
from moderation.queue.queries import desk_of, queue
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, case_of, settle
from tests.support.world import post


async def test_oldest_first_page_by_page(scene: Scene) -> None:
    ids = [await post(scene.asma, scene.hall, f"Text {number}") for number in range(5)]
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await queue(scene.mona, QueueFilter(after=after), "en", 2)
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
        assert [one.comment_id for one in (await queue(actor, wanted, "en")).items] == expected
    assert [space.slug for space in (await desk_of(scene.omar)).spaces] == ["annex"]
    assert (await desk_of(scene.asma)).spaces == ()


@pytest.mark.parametrize(("state", "expected"), [("open", 1), ("decided", 1), ("closed", 1), ("", 3)])
async def test_by_state(scene: Scene, state: str, expected: int) -> None:
    for situation in (scenes.held, scenes.published, scenes.retracted):
        await situation(scene)
    assert len((await queue(scene.mona, QueueFilter(state=state), "en")).items) == expected


async def test_the_author_reads_reasons_without_names(scene: Scene) -> None:
    """What the author is told of a decision has neither the moderators' note nor the name of who decided."""
    comment_id = await scenes.held(scene)
    await settle(scene.mona, comment_id, Action.RETURN, "hate", text="Words.", note="CANARY")
    assert scene.asma.person_id
    found = await queries.last_decisions_for(scene.asma, [comment_id])
    told = found[comment_id]
    assert (told.reason, told.text, told.note, told.by) == ("hate", "Words.", "", "")
    assert await queries.last_decisions_for(scene.omar, [comment_id]) == {}


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
    newest = {"case": (await case_of(comment_id)).id, "space": scene.hall.id, "lang": "en"}
    assert [message for _, message in heard] == [newest, {"space": scene.hall.id}, newest]
    assert {topic for topic, _ in heard} == {MODERATION}
    await bus.stop()
