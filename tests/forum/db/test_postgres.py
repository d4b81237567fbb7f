"""What is PostgreSQL's own: migrating at once, bytewise order, plans, read-only pages, and an end to every wait."""

import asyncio
import contextlib
import contextvars
import subprocess
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError

from forum import wiring
from forum.db.connect import Limits, config, connect, disconnect, reader, writer
from forum.db.migrating import migrate
from forum.db.reading import execute
from forum.db.work import begin
from forum.discussions.models import Space
from forum.kernel import clock
from forum.people.models import Person
from forum.record.appending import lock
from forum.record.reading import public_since
from forum.web.errors import unreachable
from moderation.models import Case
from moderation.queue import queries
from moderation.queue.facets import facets
from moderation.queue.filters import LATE, QueueFilter
from tests.forum.db.test_migrating import MIGRATE
from tests.forum.discussions.bulk import write_thread
from tests.support import postgres, world
from tests.support.statements import insert, plan, recorded

pytestmark = pytest.mark.server
HASTY = Limits(pool=3, statement_timeout=0.4)
"""One connection to write, two to read."""


@contextlib.asynccontextmanager
async def opened(limits: Limits = world.PATIENT) -> AsyncIterator[str]:
    """Open an empty forum and give its address."""
    async with postgres.lent_database() as url:
        with world.listening():
            await connect(url, wiring.APPS, limits)
            try:
                yield url
            finally:
                await disconnect()


async def test_migrators_take_turns() -> None:
    server = postgres.shared()
    await server.execute("CREATE DATABASE fresh TEMPLATE template0")
    for _ in range(2):
        command = [sys.executable, "-c", MIGRATE, server.url("fresh")]
        migrators = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
        for one in migrators:
            with one:
                _, error = await asyncio.to_thread(one.communicate, None, 60)
                assert one.returncode == 0, error.decode()
    await server.execute("DROP DATABASE fresh")


SHAPE = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
COLLATED = (
    "SELECT table_name || '.' || column_name AS name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND collation_name = 'C' ORDER BY 1"
)


async def test_what_orders_anything_is_compared_byte_by_byte_and_migrating_again_changes_nothing() -> None:
    async with opened() as url:
        await world.space("hall", moderators=[await world.person("Mona")])
        before = await reader().execute_query_dict(SHAPE)
        assert {one["indexname"] for one in before} >= {"comments_thread", "cases_open", "cases_queue", "record_entries_subject"}
        names = [one["name"] for one in await reader().execute_query_dict(COLLATED)]
        assert names == [
            "appeals.case_id",
            "appeals.decision_id",
            "appeals.id",
            "case_notes.case_id",
            "case_notes.id",
            "cases.id",
            "comments.path",
            "decisions.case_id",
            "decisions.id",
            "desk_days.day",
            "notices.id",
            "phrases.id",
            "proposals.case_id",
            "sanctions.id",
            "saved_filters.id",
            "space_reasons.id",
        ]
        await disconnect()
        await migrate(url, wiring.APPS)
        await connect(url, wiring.APPS)
        assert await reader().execute_query_dict(SHAPE) == before
        assert await Space.all().count() == 1


CASES = 20_000


async def fill_queue(hall: Space, author: Person) -> None:
    """Decided cases by the thousand, and every fourth still open."""
    ids = await write_thread(hall, (await hall.questions.all().first()).id, author.id, CASES)  # type: ignore[attr-defined]
    columns = "id space_id question_number comment_id revision_id kind state version lang holds opened_at"
    now = clock.now()
    cases = [
        (f"{n:032x}", hall.id, 1, one, f"{n:032x}", "new", "decided" if n % 4 else "open", 1, "en", "[]", now)
        for n, one in enumerate(ids)
    ]
    await insert("cases", columns.split(), cases)
    counted = [(hall.id, 1, "en", "", "new", CASES // 4)]
    await insert("case_counts", ["space_id", "question_number", "lang", "region", "kind", "n"], counted)
    entries = [
        (hall.id, n + 1, n // 2 if n % 2 == 0 else None, "comment.published", now, "member", one, "{}", "", "")
        for n, one in enumerate(ids)
    ]
    await insert("record_entries", "log_id seq public_seq kind at capacity subject data prev hash".split(), entries)  # noqa: SIM905


async def test_hot_reads_go_by_their_indexes() -> None:
    async with opened():
        hall = await world.space("hall", moderators=[await world.person("Mona")])
        mona = await world.actor_for(await Person.get(name="Mona"))
        await fill_queue(hall, await world.person("Asma"))
        await execute("ANALYZE", [], writer())  # as the database does by itself after so many rows
        desk = await queries.desk_of(mona)
        slots = await queries.slots_of(desk)
        wanted = {
            "queue": (lambda: queries.queue(mona, QueueFilter(), "en"), {"cases_open", "cases_queue", "cases_open_slot"}),
            "late": (lambda: queries.queue(mona, QueueFilter(due=LATE), "en"), {"cases_open_due"}),
            "counts": (lambda: facets(desk, QueueFilter(), slots), {"cases_open_due", "cases_open_claimed"}),
            "catching up": (lambda: public_since(hall.id, 4_000, 200), {"uid_record_entr_log_id_ebc0b6"}),
        }
        for name, (read, index) in wanted.items():
            with recorded() as made:
                await read()  # type: ignore[no-untyped-call]
            hows = [await plan(one) for one in made]
            assert any(how.indexes & index for how in hows), (name, [how.indexes for how in hows])
            for how in hows:
                assert not how.scanned & {"cases", "comments", "record_entries"}, (name, how.told)
                assert not how.sorts or name == "counts" or not how.indexes & index, (name, how.told)


async def test_what_reads_cannot_write() -> None:
    async with opened():
        await world.person("Before")
        with pytest.raises((OperationalError, TransactionManagementError)):
            await execute("UPDATE persons SET name = ?", ["After"], reader())


async def test_a_statement_has_an_end_and_the_lock_it_waited_for_does_not_break_anything() -> None:
    async with opened(HASTY) as url:
        hall = await world.space("hall")
        author = await world.actor_for(await world.person("Asma"))
        await world.post(author, hall, "First.")
        other = await asyncpg.connect(url)
        try:
            async with other.transaction():
                await other.execute("SELECT * FROM record_logs FOR UPDATE")
                with pytest.raises(asyncpg.PostgresError) as ended:
                    await world.post(author, hall, "Second.")
                assert unreachable(ended.value), "the reader is told to come again"
            await world.post(author, hall, "Third.")
        finally:
            await other.close()


async def test_who_waits_for_a_connection_is_told_so_in_the_end() -> None:
    async with opened(HASTY):
        async with begin() as work:
            await lock(work, "log")
            # Another request: not a part of this transaction.
            other = asyncio.create_task(stay_a_moment(), context=contextvars.Context())
            with pytest.raises(DBConnectionError):
                await other
        await stay_a_moment()


async def stay_a_moment() -> None:
    async with begin() as work:
        await lock(work, "log")


async def test_a_beginning_that_fails_gives_its_connection_back() -> None:
    """Twice as often as there are connections: none is lost."""
    async with opened(HASTY) as url:
        for _ in range(4):
            await stay_a_moment()
            other = await asyncpg.connect(url)
            await other.execute(postgres.CUT_OFF)
            await other.close()
            [error] = await asyncio.gather(stay_a_moment(), return_exceptions=True)
            assert error is None or unreachable(error), repr(error)
        await stay_a_moment()


async def test_of_two_who_block_each_other_one_is_told_to_come_again() -> None:
    """No two verbs of ours do that; an operator's statement beside them might."""
    async with opened():
        names = [(await world.person(name)).id for name in ("Ana", "Bo")]
        both = asyncio.Barrier(2)

        async def change(first: str, then: str) -> None:
            async with begin():
                await Person.filter(id=first).update(lang="fr")
                await both.wait()
                await Person.filter(id=then).update(lang="fr")

        told = await asyncio.gather(change(*names), change(*reversed(names)), return_exceptions=True)
        [error] = [one for one in told if one is not None]
        assert isinstance(error, asyncpg.DeadlockDetectedError)
        assert unreachable(error)
        assert await Person.filter(lang="fr").count() == 2


def test_the_pools_share_what_a_process_may_open() -> None:
    for size in (2, 3, 10, 100):
        made = config("postgres://u@h/d", {}, limits=Limits(pool=size))["connections"]
        sizes = [made[name]["credentials"]["maxsize"] for name in ("default", "read")]
        assert sum(sizes) == size
        assert min(sizes) >= 1
    settings = made["default"]["credentials"]["server_settings"]
    assert settings["statement_timeout"] == settings["lock_timeout"] == "1500"


async def test_migrating_may_take_its_time() -> None:
    made = config("postgres://u@h/d", {}, migrating=True)["connections"]["default"]["credentials"]
    assert "server_settings" not in made
    assert "command_timeout" not in made
    async with opened():
        assert (await writer().execute_query_dict("SHOW statement_timeout"))[0] == {"statement_timeout": "20s"}
        assert await Case.all().count() == 0
