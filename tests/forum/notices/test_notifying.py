"""Telling and taking back: one act is one notice, with the act or not at all."""

from datetime import timedelta

import pytest

from forum.db.work import begin
from forum.kernel import clock
from forum.notices import queries
from forum.notices.marking import mark
from forum.notices.models import MailState, Notice
from forum.notices.notifying import LONGEST, cancel, notify
from tests.forum.notices.conftest import Hall


async def test_one_act_is_one_notice_for_each_person_and_kind(hall: Hall) -> None:
    await hall.tell(hall.told(), hall.told())
    rows = await hall.tell(hall.told(url="/elsewhere"))
    assert [(one.ref, one.url, one.mail_state) for one in rows] == [("act", "/contributions", "queued")]
    rows = await hall.tell(hall.told("other"), hall.told(kind="decision.rejected"), hall.told(person_id=hall.boris.id))
    assert len(rows) == 4


async def test_it_goes_with_the_transaction(hall: Hall) -> None:
    with pytest.raises(ZeroDivisionError):
        async with begin() as work:
            await notify(work, hall.told())
            raise ZeroDivisionError
    assert await Notice.all().count() == 0


async def test_nothing_to_tell(hall: Hall) -> None:
    assert await hall.tell() == []


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"kind": "decision.unheard"}, "no kind"),
        ({"url": "https://elsewhere.example/"}, "path"),
        ({"url": "//elsewhere.example/"}, "path"),
        ({"params": {"name": "x" * (LONGEST + 1)}}, "not texts"),
        ({"params": {"name": "two\nlines"}}, "not texts"),
    ],
)
def test_what_is_no_notice(hall: Hall, values: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        hall.told(**values)  # type: ignore[arg-type]


async def test_it_is_shown_when_it_is_due(hall: Hall) -> None:
    await hall.tell(hall.told(due_at=clock.now() + timedelta(seconds=15)))
    assert await queries.unread(hall.asma.id) == 0
    hall.watch.on(seconds=15)
    assert await queries.unread(hall.asma.id) == 1


async def test_taken_back_before_it_has_left(hall: Hall) -> None:
    """Undone within its seconds: neither shown nor mailed; what was told of another act stays."""
    await hall.tell(hall.told(due_at=clock.now() + timedelta(seconds=15)), hall.told("other"))
    async with begin() as work:
        assert await cancel(work, "act") == 1
    async with begin() as work:
        assert await cancel(work, "act") == 0
    hall.watch.on(minutes=1)
    page = await queries.page(hall.asma.id, queries.Wanted(), "en")
    assert [one.notice.ref for one in page.items] == ["other"]
    assert (await Notice.get(ref="act")).mail_state == MailState.DROPPED.value


async def test_what_has_been_read_or_mailed_stays(hall: Hall) -> None:
    read, sent = await hall.tell(hall.told("read"), hall.told("sent"))
    await mark(hall.asma.id, [read.id])
    await Notice.filter(id=sent.id).update(mail_state=MailState.SENT.value)
    for ref in ("read", "sent"):
        async with begin() as work:
            assert await cancel(work, ref) == 0
    assert await Notice.filter(cancelled_at=None).count() == 2


async def test_a_taking_back_that_fails_takes_nothing_back(hall: Hall) -> None:
    await hall.tell(hall.told())
    with pytest.raises(ZeroDivisionError):
        async with begin() as work:
            await cancel(work, "act")
            raise ZeroDivisionError
    assert await queries.unread(hall.asma.id) == 1
