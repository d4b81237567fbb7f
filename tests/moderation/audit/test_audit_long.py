"""A hundred thousand entries cost what sixty cost: as many statements, each by an index."""

import re
from datetime import UTC, datetime

from forum.kernel import clock
from forum.people.models import SpaceRole
from forum.record.browsing import Place
from moderation.audit.asked import cursor
from moderation.models import Case
from tests.moderation.audit.conftest import Worked
from tests.moderation.audit.writing import AT, write_record
from tests.moderation.desk import Browser, browser, desk_app
from tests.support.statements import Statement, effort, plan, recorded

PAGE = "/en/moderation/audit"
LONG = 100_000
ENTRIES = "FROM record_entries"


async def asked(reader: Browser, query: str) -> list[Statement]:
    with recorded() as made:
        answer = await reader.get(PAGE + query)
    assert answer.status_code == 200
    assert answer.text.count('class="audit-kind"') > 0, query
    return [one for one in made if one.sql.startswith("SELECT") and "sessions" not in one.sql]


async def test_a_long_record_costs_what_a_short_one_does(worked: Worked) -> None:
    scene = worked.scene
    mona, omar, clara = [await browser(desk_app(), who) for who in (scene.mona, scene.omar, worked.clara)]
    # Omar moderates both spaces from now on.
    await SpaceRole.create(person_id=scene.omar.person_id, space_id=scene.hall.id, role="moderator", given_at=clock.now())
    mona_id = str(scene.mona.person_id)
    case = await Case.get(comment_id=worked.here)
    middle = cursor(Place(datetime(AT.year, 5, 7, tzinfo=UTC), 1, scene.hall.id))
    rows = {
        # what, who asks, query, indexes that the entries may be found by, whether they come sorted by the index
        "one space": (mona, "?", {"record_entries_time"}, True),
        "from the middle on": (mona, f"?after={middle}", {"record_entries_time"}, True),
        "some days": (mona, "?since=2026-05-06&until=2026-05-06", {"record_entries_time"}, True),
        "one person": (mona, f"?actor={mona_id}", {"record_entries_actor"}, True),
        "by name": (mona, "?actor=Mona", {"record_entries_actor"}, True),
        "one comment": (mona, f"?comment={worked.here}", {"record_entries_subject"}, False),
        "one case": (mona, f"?case={case.id}", {"record_entries_subject"}, False),
        "two spaces": (omar, "?", {"record_entries_time"}, False),
        "every log": (clara, "?", {"record_entries_recent"}, True),
        "every log from the middle on": (clara, f"?after={middle}", {"record_entries_recent"}, True),
        "one person anywhere": (clara, f"?actor={mona_id}", {"record_entries_actor"}, True),
    }
    await write_record(scene.hall, mona_id, 60)
    short = {}
    for what, (reader, query, _, _) in rows.items():
        if "middle" not in what:
            short[what] = await asked(reader, query)
    for space in (scene.hall, scene.annex):
        await write_record(space, mona_id, LONG // 2, first=2000)
    for what, (reader, query, indexes, sorted_by_index) in rows.items():
        made = await asked(reader, query)
        assert len(made) <= 10, what
        if what in short:
            assert len(made) == len(short[what]), what
        [entries] = [one for one in made if ENTRIES in one.sql]
        found = await plan(entries)
        # In the order of an index, a scan ends where the page does: the effort below tells.
        assert sorted_by_index or "record_entries" not in found.scanned, (what, found.told)
        assert found.indexes & indexes, (what, found.told)
        assert not (sorted_by_index and found.sorts), (what, found.told)
        # SQLite counts hundreds of steps, PostgreSQL pages: a scan of all would be thousands of either.
        assert await effort(entries) < 600, (what, await effort(entries))


async def test_the_api_too(worked: Worked) -> None:
    mona = await browser(desk_app(), worked.scene.mona)
    counts = []
    for first, count in ((1000, 60), (2000, 3000)):
        await write_record(worked.scene.hall, str(worked.scene.mona.person_id), count, first)
        with recorded() as made:
            answer = await mona.get("/api/v1/moderation/audit?limit=200")
        counts.append(len([one for one in made if re.match("SELECT", one.sql)]))
        assert answer.status_code == 200
    assert counts[0] == counts[1]
