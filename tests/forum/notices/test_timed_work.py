"""The outbox as it runs in a server: by who holds the lease, and on after a failure."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from forum.db.lease import Lease
from forum.kernel.tasks import end
from forum.notices.models import Notice
from forum.notices.sending import Outbox, run
from forum.notices.sweeping import KEPT
from tests.forum.notices.conftest import Hall
from tests.forum.notices.test_sending import outbox
from tests.support import backends
from tests.support.mail import Mail


@asynccontextmanager
async def running(lease: Lease, work: Outbox) -> AsyncIterator[None]:
    task = asyncio.create_task(run(lease, work))
    try:
        yield
    finally:
        await end(task, again=1)


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so, and fail when it never is."""
    async with asyncio.timeout(30):
        while not await what():  # noqa: ASYNC110 - it happens in the database, or in a server
            await asyncio.sleep(0.02)


async def none_waits() -> bool:
    return not await Notice.filter(mail_state="queued").exists()


async def old_is_gone() -> bool:
    return not await Notice.filter(ref="old").exists()


async def test_who_holds_the_lease_sends_and_sweeps(hall: Hall, mail: Mail) -> None:
    await hall.tell(hall.told("old"))
    await Notice.filter(ref="old").update(mail_state="sent")
    hall.watch.on(seconds=KEPT.total_seconds() + 1)
    await hall.tell(hall.told())
    lease = Lease("timed work")
    assert await lease.hold()
    async with running(lease, outbox(mail)):
        await until(none_waits)
        await until(old_is_gone)
    assert len(mail.letters) == 1


async def test_who_does_not_hold_it_does_not(hall: Hall, mail: Mail) -> None:
    if backends.present() == backends.SQLITE:
        lease = Lease("timed work")  # never asked for: on SQLite whoever asks has it
    else:
        assert await Lease("timed work").hold()
        lease = Lease("timed work")
        assert not await lease.hold()
    await hall.tell(hall.told())
    async with running(lease, outbox(mail)):
        await asyncio.sleep(0.3)
    assert not mail.letters
    assert await Notice.filter(mail_state="queued", attempts=0).count() == 1


async def test_a_server_that_is_away_is_said_once_and_found_again(
    hall: Hall, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    await hall.tell(hall.told())
    mail.stop()

    async def is_said() -> bool:
        return "mail cannot be sent" in caplog.text

    lease = Lease("timed work")
    assert await lease.hold()
    with caplog.at_level(logging.INFO, logger="forum.notices.sending"):
        async with running(lease, outbox(mail)):
            await until(is_said)
            mail.start()
            await lease.hold()
            await until(none_waits)
    [said] = [one for one in caplog.records if one.name == "forum.notices.sending"]
    assert (said.levelno, said.getMessage()) == (logging.ERROR, "mail cannot be sent: SMTPConnectError")
    assert len(mail.letters) == 1
