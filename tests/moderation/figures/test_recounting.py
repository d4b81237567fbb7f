"""What is kept equals what the record says, whatever has happened; what differs is mended."""

import pytest

from forum.db.connect import reader
from forum.db.reading import rows
from forum.discussions.models import Premoderation
from forum.record.models import Entry
from moderation.figures.models import DeskDay
from moderation.figures.recounting import recount, uncounted
from moderation.models import Appeal, Case, CaseKind, Decision
from tests.moderation.past import Walk
from tests.moderation.scene import Scene


async def kept() -> dict[tuple[str, str, str, str], int]:
    return {(one.space_id, one.day, one.name, one.detail): one.n for one in await DeskDay.all()}


async def total(name: str, detail: str = "") -> int:
    found = await rows("SELECT detail, SUM(n) AS n FROM desk_days WHERE name = ? GROUP BY detail", [name], reader())
    return sum(int(one["n"]) for one in found if detail in ("", one["detail"]))


@pytest.mark.parametrize("mode", [Premoderation.ALL, Premoderation.NEWCOMERS, Premoderation.NONE])
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_kept_figures_are_those_of_the_record(scene: Scene, seed: int, mode: Premoderation) -> None:
    scene.hall.premoderation = mode.value
    walk = Walk(scene, seed)
    await walk.go(90)
    assert len(set(walk.done)) >= 5, walk.done
    before = await kept()
    assert await recount() == 0
    assert await kept() == before
    assert len({day for _, day, _, _ in before}) > 5


async def test_they_are_those_of_the_tables_too(scene: Scene) -> None:
    """Counted another way, from the rows of decisions, cases and appeals."""
    walk = Walk(scene, 11)
    await walk.go(150)
    for action in ("publish", "return", "reject", "remove", "restore", "keep", "uphold", "overturn"):
        for kind in CaseKind:
            wanted = await Decision.filter(kind=kind.value, action=action).count()
            assert await total("decided", f"{kind.value} {action}") == wanted, (kind, action)
    for action in ("return", "reject", "remove"):
        assert await total(action) == await Decision.filter(action=action).count()
    assert await total("opened") == await Case.all().count()
    assert await total("appealed") == await Appeal.all().count()
    assert await total("appeal") == await Appeal.filter(outcome__in=("upheld", "overturned")).count()
    assert await total("reported") == await Entry.filter(kind="comment.flagged").count()
    timed = await Decision.filter(kind__in=("new", "edit", "resubmission"), action__in=("publish", "return", "reject")).count()
    assert await total("waited") == await total("days") == timed


async def test_what_differs_is_mended_and_counted(scene: Scene) -> None:
    await Walk(scene, 4).go(60)
    right = await kept()
    one, other = (await DeskDay.all().order_by("id"))[:2]
    await DeskDay.filter(id=one.id).update(n=one.n + 7)
    await DeskDay.filter(id=other.id).delete()
    await DeskDay.create(space_id=scene.hall.id, day="2020-01-01", name="decided", detail="new publish", n=3)
    assert await recount() == 3
    assert await kept() == right
    assert await recount() == 0


async def test_after_the_migration_they_are_made_from_the_record(scene: Scene) -> None:
    assert not await uncounted()
    await Walk(scene, 5).go(40)
    right = await kept()
    assert not await uncounted()
    await DeskDay.filter(n__gt=0).delete()
    assert await uncounted()
    assert await recount() == len(right)
    assert await kept() == right


async def test_another_space_is_another_matter(scene: Scene) -> None:
    await Walk(scene, 6).go(30)
    assert {one.space_id for one in await DeskDay.all()} == {scene.hall.id}
