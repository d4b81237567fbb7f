"""Reading one's notices, marking them as read, letting old ones go."""

from forum.kernel import clock
from forum.notices import kinds, queries
from forum.notices.marking import mark, mark_until
from forum.notices.models import Notice
from forum.notices.queries import Wanted
from forum.notices.sending import waiting
from forum.notices.sweeping import BATCH, sweep
from forum.web.catalogue import use
from tests.forum.notices.conftest import Hall
from tests.support.statements import insert, plan, recorded


async def many(hall: Hall, count: int) -> list[Notice]:
    return await hall.tell(*(hall.told(f"act {number}") for number in range(count)))


async def test_pages_newest_first(hall: Hall) -> None:
    rows = await many(hall, 7)
    await hall.tell(hall.told("not mine", person_id=hall.boris.id))
    seen: list[str] = []
    after = ""
    while True:
        page = await queries.page(hall.asma.id, Wanted(after, limit=3), "en")
        seen += [one.notice.id for one in page.items]
        if page.next is None:
            break
        after = page.next
    assert seen == [row.id for row in reversed(rows)]


async def test_a_page_costs_two_statements_whatever_its_length(hall: Hall) -> None:
    await many(hall, 40)
    for limit in (1, 40):
        with recorded() as made:
            page = await queries.page(hall.asma.id, Wanted(limit=limit), "en")
        assert (len(page.items), len(made)) == (limit, 2)


async def test_the_words_are_those_of_the_reader(hall: Hall) -> None:
    await hall.tell(hall.told(person_id=hall.boris.id))
    with use("ru"):
        [shown] = (await queries.page(hall.boris.id, Wanted(), "ru")).items
    assert (shown.space_title, shown.space_lang) == ("Зал", "ru")
    assert shown.title != kinds.kind_of("decision.returned").title
    [shown] = (await queries.page(hall.boris.id, Wanted(), "fr")).items
    assert (shown.space_title, shown.space_lang) == ("The hall", "en")


async def test_a_kind_of_another_version_is_still_a_notice(hall: Hall) -> None:
    [row] = await hall.tell(hall.told())
    await Notice.filter(id=row.id).update(kind="decision.of_the_future")
    [shown] = (await queries.page(hall.asma.id, Wanted(), "en")).items
    assert shown.title == kinds.UNKNOWN.title


async def test_what_it_is_about_may_be_gone(hall: Hall) -> None:
    await hall.tell(hall.told(comment_id="0" * 32), hall.told("nothing", space_id=None))
    shown = (await queries.page(hall.asma.id, Wanted(), "en")).items
    assert [(one.space_title, one.symbol) for one in shown] == [("", ""), ("", "")]


async def test_only_ones_own_are_marked(hall: Hall) -> None:
    mine, other = await hall.tell(hall.told(), hall.told(person_id=hall.boris.id))
    assert await mark(hall.asma.id, [mine.id, other.id, "0" * 32]) == 1
    assert await mark(hall.asma.id, [mine.id]) == 0
    assert await queries.unread(hall.boris.id) == 1
    assert (await Notice.get(id=mine.id)).read_at == clock.now()


async def test_marking_up_to_one_leaves_what_has_come_since(hall: Hall) -> None:
    rows = await many(hall, 3)
    assert await mark_until(hall.asma.id, rows[1].id) == 2
    [left] = (await queries.page(hall.asma.id, Wanted(unread=True), "en")).items
    assert left.notice.id == rows[2].id


async def test_old_ones_go(hall: Hall) -> None:
    """Read ones after three months, all after a year, however many there are."""
    rows = await many(hall, BATCH + 3)
    await mark(hall.asma.id, [rows[0].id, rows[1].id])
    hall.watch.on(days=89)
    assert await sweep() == 0
    hall.watch.on(days=2)
    assert await sweep() == 2
    await hall.tell(hall.told("new"))
    hall.watch.on(days=275)
    assert await sweep() == BATCH + 1
    assert [one.ref for one in await Notice.all()] == ["new"]


async def test_hot_reads_go_by_their_indexes(hall: Hall) -> None:
    """However many notices there are: neither a page, nor the count, nor a look at the outbox reads them all, and nothing is sorted."""
    now = clock.now()
    columns = "id person_id kind ref params url created_at due_at mail_state attempts next_try_at read_at"
    people = [hall.asma.id, hall.boris.id, *(f"{number:032x}" for number in range(400))]
    rows = [
        (f"{n:032x}", people[n % len(people)], "decision.returned", f"act {n}", "{}", "/", now, now, "sent", 1, now, now)
        for n in range(20_000)
    ]
    await insert("notices", columns.split(), rows)
    await hall.tell(hall.told())
    with recorded() as made:
        await queries.page(hall.asma.id, Wanted(after="f" * 32), "en")
        await queries.unread(hall.asma.id)
        assert not await waiting().filter(due_at__lt=now).exists()
        await waiting().order_by("next_try_at", "id").limit(50)
    found = [await plan(one) for one in made if "notices" in one.sql]
    assert len(found) == 4
    assert not any("notices" in one.scanned for one in found), [one.told for one in found]
    assert found[0].indexes & {"notices_person"}
    assert "notices_outbox" in found[3].indexes
