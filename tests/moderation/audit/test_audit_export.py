"""Files made of the record: they equal it, are streamed, are safe in a spreadsheet, and taking one is told."""

import csv
import json
from io import StringIO
from typing import Any

import pytest

from forum.kernel.actors import Actor
from forum.kernel.canonical import canonical, digest
from forum.kernel.clock import rfc3339
from forum.kernel.errors import Forbidden
from forum.kernel.events import FORUM_LOG
from forum.people.models import Person, SpaceRole
from forum.people.sessions import actor_of_session, session_id
from forum.record.browsing import BATCH, Wanted
from forum.record.chain import verify
from forum.record.models import GENESIS, Entry
from moderation.audit import exporting
from moderation.views.spreadsheet import safe_cell
from tests.moderation.audit.conftest import Worked
from tests.moderation.audit.writing import write_record
from tests.moderation.desk import Browser, browser, desk_app
from tests.support.statements import recorded

PAGE = "/en/moderation/audit"
API = "/api/v1/moderation/audit"
HASHED = ("actor", "at", "capacity", "data", "kind", "log", "public_seq", "seq", "subject")


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.DictReader(StringIO(text[1:], newline="")))


def recomputed(one: dict[str, Any]) -> str:
    """The hash of an exported entry, made from nothing but the export."""
    return digest(one["prev"] + canonical({name: one[name] for name in HASHED}))


async def actor_in(reader: Browser) -> Actor:
    """Who is signed in there, with the session."""
    found = await actor_of_session(session_id(reader.secret))
    assert found is not None
    return found


async def record(**where: object) -> list[Entry]:
    return await Entry.filter(**where).order_by("-at", "-seq", "-log_id")


async def test_json_is_the_record_and_can_be_checked(worked: Worked) -> None:
    mona = await browser(desk_app(), worked.scene.mona)
    answer = await mona.send(PAGE, f"{PAGE}.json")
    assert answer.headers["content-type"] == "application/json"
    entries = answer.json()
    names = {worked.scene.mona.person_id: "Mona", worked.scene.asma.person_id: "Asma"}
    kept = await record(log_id=worked.scene.hall.id)
    assert [one.pop("actor_name") for one in entries] == [names.get(one.actor_id) for one in kept]
    assert {one.pop("space") for one in entries} == {"hall"}
    columns = ("public_seq", "seq", "kind", "capacity", "subject", "data", "prev", "hash")
    assert [[one[name] for name in columns] for one in entries] == [[getattr(one, name) for name in columns] for one in kept]
    assert [(one["log"], one["actor"], one["at"]) for one in entries] == [
        (one.log_id, one.actor_id, rfc3339(one.at)) for one in kept
    ]
    assert [one["seq"] for one in entries] == [5, 4, 3, 2, 1]
    before = GENESIS
    for one in reversed(entries):
        assert (one["prev"], recomputed(one)) == (before, one["hash"])
        before = one["hash"]
    assert (await verify(worked.scene.hall.id)).head == before


async def test_the_table_is_the_same_record(worked: Worked) -> None:
    clara = await browser(desk_app(), worked.clara)
    answer = await clara.send(PAGE, f"{PAGE}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    rows = table(answer.text)
    entries = json.loads((await clara.send(PAGE, f"{PAGE}.json")).text)
    # Taking the second file is the one entry more.
    assert rows == [{name: "" if one[name] is None else str(one[name]) for name in exporting.COLUMNS} for one in entries[1:]]
    assert len(rows) == await Entry.all().count() - 1
    typed = rows[0] | {"actor": rows[0]["actor"] or None, "seq": int(rows[0]["seq"]), "public_seq": None, "subject": None}
    assert recomputed(typed) == rows[0]["hash"]


async def test_filters_hold_for_files_and_api(worked: Worked) -> None:
    mona = await browser(desk_app(), worked.scene.mona)
    answer = await mona.send(PAGE, f"{PAGE}.csv", group="case", capacity="moderator")
    assert [row["kind"] for row in table(answer.text)] == ["case.decided"]
    assert [row["kind"] for row in table((await mona.get(f"{API}.csv?group=case")).text)] == ["case.decided", "case.opened"]
    assert table((await mona.send(PAGE, f"{PAGE}.csv", actor="Nobody")).text) == []
    assert (await mona.send(PAGE, f"{PAGE}.json", actor="Nobody")).json() == []
    assert (await mona.send(PAGE, f"{PAGE}.csv", since="never")).status_code == 422


async def test_the_api_pages_through_the_record(worked: Worked) -> None:
    clara = await browser(desk_app(), worked.clara)
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = (await clara.get(f"{API}?limit=3&after={after}")).json()
        assert len(page["items"]) <= 3
        found += page["items"]
        after = page["next"]
    assert [(one["log"], one["seq"]) for one in found] == [(one.log_id, one.seq) for one in await record()]
    decided = next(one for one in found if one["kind"] == "case.decided")
    assert (decided["space"], decided["actor_name"], decided["capacity"]) == ("hall", "Mona", "moderator")
    assert decided["says"] == json.loads(decided["data"])
    assert all(recomputed(one) == one["hash"] for one in found)


async def test_reading_by_the_api_writes_nothing_taking_a_file_is_told(worked: Worked) -> None:
    scene = worked.scene
    mona, clara = await browser(desk_app(), scene.mona), await browser(desk_app(), worked.clara)
    before = await Entry.all().count()
    for address in (API, f"{API}.csv", PAGE, f"{PAGE}/verify?space=hall"):
        await mona.get(address)
    assert await Entry.all().count() == before
    await mona.send(PAGE, f"{PAGE}.csv", q="a secret word", actor="Asma", comment=worked.here)
    [told] = await record(kind="audit.exported")
    assert (told.log_id, told.subject, told.capacity, told.actor_id) == (
        scene.hall.id,
        scene.hall.id,
        "moderator",
        scene.mona.person_id,
    )
    said = json.loads(told.data)
    assert said["format"] == "csv"
    # Ids and digests: what was typed is a person's text.
    assert said["filters"] == {
        "q": digest("a secret word"),
        "actors": [scene.asma.person_id],
        "comments": [worked.here],
    }
    await clara.send(PAGE, f"{PAGE}.json")
    [latest] = await record(kind="audit.exported", log_id=FORUM_LOG)
    assert (latest.capacity, json.loads(latest.data)) == ("secretariat", {"filters": {}, "format": "json"})
    await clara.send(PAGE, f"{PAGE}.json", space="annex")
    [annex] = await record(kind="audit.exported", log_id=scene.annex.id)
    assert annex.capacity == "secretariat"
    await SpaceRole.create(person_id=scene.omar.person_id, space_id=scene.hall.id, role="moderator", given_at=annex.at)
    omar = await browser(desk_app(), scene.omar)
    await omar.send(PAGE, f"{PAGE}.json", group="case")
    both = (await record(kind="audit.exported", log_id=FORUM_LOG))[0]
    assert (both.capacity, json.loads(both.data)["filters"]) == ("moderator", {"group": "case"})
    assert (await verify(scene.hall.id)).ok


async def test_no_form_no_file(mona: Browser) -> None:
    before = await Entry.all().count()
    assert (await mona.http.post(f"{PAGE}.csv", data={})).status_code == 403
    assert (await mona.http.post(f"{PAGE}.csv", data={"csrf_token": "A" * 43})).status_code == 403
    assert await Entry.all().count() == before


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", '=HYPERLINK("http://a","b")'])
def test_a_cell_that_looks_like_a_formula_is_text(name: str) -> None:
    assert safe_cell(name) == f"'{name}"
    for harmless in ("", "Asma", "a=b", '{"a":1}', "2026-05-17T12:00:00Z", 7, None):
        assert not safe_cell(harmless).startswith("'")


async def test_a_name_that_is_a_formula_comes_as_text(worked: Worked) -> None:
    await Person.filter(id=worked.scene.asma.person_id).update(name='=cmd|"/c calc"!A1')
    mona = await browser(desk_app(), worked.scene.mona)
    rows = table((await mona.send(PAGE, f"{PAGE}.csv")).text)
    assert rows[-1]["actor_name"] == '\'=cmd|"/c calc"!A1'
    assert (await mona.send(PAGE, f"{PAGE}.json")).json()[-1]["actor_name"] == '=cmd|"/c calc"!A1'


async def test_the_name_of_the_file(worked: Worked) -> None:
    clara = await browser(desk_app(), worked.clara)
    for space, of in (("", "all"), ("hall", "hall"), ("-", "forum"), ('"; x="', "all")):
        said = (await clara.send(PAGE, f"{PAGE}.csv", space=space)).headers["content-disposition"]
        assert said.startswith(f'attachment; filename="record-{of}-20')
        assert said.endswith('.csv"')
        assert said.count('"') == 2


async def test_a_long_record_is_sent_in_pieces(worked: Worked) -> None:
    """Never is more than one batch of entries in hand, whatever the length."""
    scene = worked.scene
    await write_record(scene.hall, str(scene.mona.person_id), 4 * BATCH)
    mona = await browser(desk_app(), scene.mona)
    wanted = Wanted(logs=(scene.hall.id,))
    actor = await actor_in(mona)
    for write in (exporting.as_csv, exporting.as_json):
        sizes = [piece.count("case.claimed") async for piece in write(exporting.Taken(actor, wanted, {}))]
        assert sum(sizes) == 4 * BATCH
        assert max(sizes) <= BATCH
    with recorded() as made:
        answer = await mona.send(PAGE, f"{PAGE}.csv")
    assert len(table(answer.text)) == 4 * BATCH + 5
    assert (
        len([one for one in made if "FROM record_entries" in one.sql and "LIMIT" in one.sql and str(BATCH) in str(one.values)])
        == 5
    )


async def test_a_file_is_broken_off_when_the_right_is_taken_back(worked: Worked) -> None:
    scene = worked.scene
    await write_record(scene.hall, str(scene.mona.person_id), 2 * BATCH)
    actor = await actor_in(await browser(desk_app(), scene.mona))
    pieces = exporting.as_json(exporting.Taken(actor, Wanted(logs=(scene.hall.id,)), {}))
    assert await anext(pieces) == "["
    assert "case.claimed" in await anext(pieces)
    await SpaceRole.filter(person_id=scene.mona.person_id).delete()
    with pytest.raises(Forbidden):
        await anext(pieces)
