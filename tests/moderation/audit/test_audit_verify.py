"""The check of a record on its page and by the command: what is whole, and the first entry that is not."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forum.db.connect import disconnect, writer
from forum.kernel.events import FORUM_LOG
from forum.record import chain
from forum.record.browsing import BATCH
from forum.record.models import Entry, Log
from moderation.audit import words
from tests.moderation.audit.conftest import Worked
from tests.moderation.desk import browser, desk_app, main_of
from tests.moderation.scene import Scene
from tests.support.statements import recorded
from tests.support.world import post

PAGE = "/en/moderation/audit/verify"


async def test_a_whole_record(worked: Worked) -> None:
    mona, clara = await browser(desk_app(), worked.scene.mona), await browser(desk_app(), worked.clara)
    head = await Log.get(id=worked.scene.hall.id)
    html = main_of((await mona.get(f"{PAGE}?space=hall")).text)
    assert "The record is whole" in html
    assert f"{head.seq} entries were read" in html
    assert head.head in html
    own = main_of((await clara.get(f"{PAGE}?space=-")).text)
    assert (await Log.get(id=FORUM_LOG)).head in own
    for query in ("?space=annex", "?space=-", "?space=nowhere"):
        assert (await mona.get(PAGE + query)).status_code == 404
    assert "callout" not in main_of((await mona.get(PAGE)).text)


@pytest.mark.parametrize(
    ("change", "bad", "why"),
    [
        ({"data": '{"case":"x"}'}, 2, "changed"),
        ({"actor_id": "f" * 32}, 2, "changed"),
        ({"hash": "0" * 64}, 2, "changed"),
        ({"public_seq": 9}, 2, "changed"),
        ({"seq": 99}, 2, "missing"),
    ],
)
async def test_a_flipped_byte_is_found(worked: Worked, change: dict[str, object], bad: int, why: str) -> None:
    await Entry.filter(log_id=worked.scene.hall.id, seq=2).update(**change)
    mona = await browser(desk_app(), worked.scene.mona)
    html = main_of((await mona.get(f"{PAGE}?space=hall")).text)
    assert "The record is not whole" in html
    assert f"First bad entry: number {bad}." in html
    assert words.FAULTS[why] in html
    assert "1 entry before it is in order." in html
    omar = await browser(desk_app(), worked.scene.omar)
    assert "The record is whole" in (await omar.get(f"{PAGE}?space=annex")).text


async def test_a_head_that_does_not_fit_is_found(worked: Worked) -> None:
    mona = await browser(desk_app(), worked.scene.mona)
    for change, why in (({"head": "0" * 64}, "the head tells otherwise"), ({"seq": 9}, "cut off"), ({"seq": 1}, "added")):
        await Log.filter(id=worked.scene.hall.id).update(**change)
        assert words.FAULTS[why] in (await mona.get(f"{PAGE}?space=hall")).text


async def test_every_fault_has_words() -> None:
    """What `verify` can say, as it stands in its source, is what the page has words for."""
    source = Path(chain.__file__).read_text(encoding="utf-8")
    assert all(f'"{why}"' in source for why in words.FAULTS)


async def test_others_are_answered_while_a_long_record_is_read(scene: Scene) -> None:
    for number in range(400):
        await post(scene.asma, scene.hall, f"Text {number}")
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    with recorded() as made:
        verdict = await chain.verify(scene.hall.id)
    beside.cancel()
    batches = [one for one in made if "ORDER BY e.seq" in one.sql]
    assert verdict.ok
    assert verdict.entries == 800
    assert len(batches) == 800 // BATCH + 2
    # Hashing happens elsewhere: in each batch the loop turned many times, not once.
    assert turns > 10 * len(batches)


async def test_how_often(worked: Worked) -> None:
    mona = await browser(desk_app(limits=True), worked.scene.mona)
    statuses = [(await mona.get(f"{PAGE}?space=hall")).status_code for _ in range(22)]
    assert statuses.count(200) == 20
    assert statuses[-1] == 429
    assert (await mona.get(PAGE)).status_code == 200


@pytest.mark.parametrize("spoiled", [False, True])
async def test_the_command_names_spaces(worked: Worked, spoiled: bool) -> None:
    """Slugs with the ids behind them, the forum's log by its own name, and the exit status tells."""
    if spoiled:
        await Entry.filter(log_id=worked.scene.annex.id, seq=2).update(data="{}")
    credentials = dict(await place())
    await disconnect()
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "forum", "verify"], env=os.environ | credentials, capture_output=True, text=True
    )
    lines = done.stdout.splitlines()
    assert done.returncode == int(spoiled), done.stderr
    annex = "entry 2: changed" if spoiled else "3 entries, whole"
    assert lines == [
        f"{FORUM_LOG}: 1 entries, whole",
        f"annex ({worked.scene.annex.id}): {annex}",
        f"hall ({worked.scene.hall.id}): 4 entries, whole",
    ]


async def place() -> dict[str, str]:
    """The settings of a command that opens the database of this test."""
    connection = writer()
    if hasattr(connection, "filename"):
        return {"FORUM_DATABASE_URL": f"sqlite://{connection.filename}"}
    return {"FORUM_DATABASE_URL": f"postgres://postgres:@/{connection.database}?host={connection.host}"}  # type: ignore[attr-defined]
