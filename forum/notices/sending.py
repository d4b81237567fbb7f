"""The outbox: notices leave by mail, one by one, from the process that does timed work, and nobody waits for it.

A row is claimed by compare-and-set on its attempts before anything is sent, so of two processes one sends. A claim runs out: a process
that dies between sending and noting it lets another send again, under the same Message-ID. While the server cannot be reached no row is
touched; a mail that the server puts off is tried again after longer and longer pauses, and given up after GIVE_UP.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tortoise.queryset import QuerySet

from forum.db.lease import SECONDS, Lease
from forum.kernel import clock
from forum.notices import sources
from forum.notices.kinds import kind_of
from forum.notices.letter import compose
from forum.notices.mail_server import MailServer, NoServer, Refused, connection, hand_over
from forum.notices.models import MailState, Notice
from forum.notices.queries import subjects_of
from forum.notices.sources import Recipient, Subject
from forum.notices.sweeping import sweep
from forum.notices.wishes import wants_mail

if TYPE_CHECKING:
    from aiosmtplib import SMTP

log = logging.getLogger(__name__)

EVERY: Final = SECONDS / 3
"""Seconds between two looks at the outbox."""
SLOWEST: Final = 60.0
"""Seconds between two attempts to reach a server that has not answered for long."""
BATCH: Final = 50
"""Notices that are read at once; the queue may be of any length."""
CLAIM: Final = timedelta(minutes=5)
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
GIVE_UP: Final = timedelta(days=3)
SWEEP_EVERY: Final = 3600.0
GRACE: Final = 3.0
"""Seconds for which the end of a process waits for a mail that is on its way, so that it is not sent again."""


class Outbox:
    """Mail that waits. Without a `server` there is none, and what waits is no longer waited for."""

    def __init__(self, server: MailServer | None, base_url: str) -> None:
        self.server = server
        self.base_url = base_url
        self.host = urlsplit(base_url).hostname or ""

    async def turn(self, may: Callable[[], bool]) -> int:
        """Send what is due while `may` says so, and return how many have left. Raises NoServer when the server cannot be used."""
        due = waiting()
        if self.server is None:
            await due.update(mail_state=MailState.NONE.value)
            return 0
        if given_up := await due.filter(due_at__lt=clock.now() - GIVE_UP).update(mail_state=MailState.FAILED.value):
            log.error("mail given up: %d", given_up)
        if not await due.exists():
            return 0
        sent = 0
        async with connection(self.server, self.host) as client:
            while rows := await waiting().order_by("next_try_at", "id").limit(BATCH):
                for row in rows:
                    if not may():
                        return sent
                    sent += await _to_its_end(self._one(client, row))
        return sent

    async def _one(self, client: "SMTP", row: Notice) -> bool:
        """Claim a notice and send it; return whether it has left. Raises NoServer when the server is gone."""
        claimed = await _of(row).filter(cancelled_at=None).update(attempts=row.attempts + 1, next_try_at=clock.now() + CLAIM)
        if not claimed:
            return False
        row.attempts += 1
        return await self._send(client, row)

    async def _send(self, client: "SMTP", row: Notice) -> bool:
        assert self.server is not None
        recipient = await sources.recipient(row.person_id)
        subject = (await subjects_of([row])).get(row.id)
        if recipient is None or not _holds(row, recipient, subject) or not await wants_mail(row.person_id):
            await _of(row).update(mail_state=MailState.DROPPED.value)
            return False
        try:
            mail = compose(row, recipient, subject, self.server.sender, self.base_url)
            await hand_over(client, mail, self.server.sender.addr_spec, recipient.address)
        except ValueError as error:
            await _refused(row, Refused(type(error).__name__, final=True))
            return False
        except Refused as refused:
            await _refused(row, refused)
            return False
        # It has left: whoever takes it back now is too late, and the page says what the mail says.
        mine = Notice.filter(id=row.id, attempts=row.attempts)
        await mine.update(mail_state=MailState.SENT.value, mailed_at=clock.now(), cancelled_at=None)
        return True


def waiting() -> QuerySet[Notice]:
    """Return the notices whose mail may be sent, or tried again, by now."""
    return Notice.filter(mail_state=MailState.QUEUED.value, cancelled_at=None, next_try_at__lte=clock.now())


def _holds(row: Notice, recipient: Recipient, subject: Subject | None) -> bool:
    """Tell whether what the notice says is still so, and still this recipient's to know."""
    kind = kind_of(row.kind)
    if recipient.is_suspended and not kind.to_suspended:
        return False
    if kind.says_public and (subject is None or not subject.is_public):
        return False
    return not kind.to_moderators or row.space_id in recipient.moderates


def _of(row: Notice) -> QuerySet[Notice]:
    """The row as long as nobody else has claimed it since."""
    return Notice.filter(id=row.id, attempts=row.attempts, mail_state=MailState.QUEUED.value)


async def _refused(row: Notice, refused: Refused) -> None:
    """Note that a mail was not taken: for good, or to be tried again later. Raises NoServer when no other would be taken either."""
    # Of the refusal its name and number alone: what the server says may hold the address.
    log.warning("a mail was not taken: %s, attempt %d", refused, row.attempts)
    if refused.final:
        await _of(row).update(mail_state=MailState.FAILED.value)
    else:
        pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
        await _of(row).update(next_try_at=clock.now() + pause)
    if refused.all_alike:
        raise NoServer(str(refused))


async def _to_its_end(sending: Coroutine[None, None, bool]) -> bool:
    """Await a mail that is being sent; when we are cancelled meanwhile it has GRACE to get through, so that it is not sent again."""
    task = asyncio.ensure_future(sending)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=GRACE)
        task.cancel()
        raise


async def run(lease: Lease, outbox: Outbox) -> None:
    """Look at the outbox every few seconds until cancelled, while the lease is ours, and let old notices go once an hour."""
    swept, failures, us = -SWEEP_EVERY, 0, asyncio.current_task()
    while True:
        try:
            if lease.held:
                await outbox.turn(lambda: lease.held)
                failures = 0
                if time.monotonic() - swept > SWEEP_EVERY:
                    swept = time.monotonic()
                    await sweep()
        except NoServer as error:
            failures += 1
            log.log(logging.ERROR if failures == 1 else logging.INFO, "mail cannot be sent: %s", error)
        except Exception:
            log.exception("the outbox stumbled")
        if us is not None and us.cancelling():
            raise asyncio.CancelledError  # swallowed on the way, see forum.kernel.tasks
        await asyncio.sleep(min(SLOWEST, EVERY * 2 ** max(0, min(failures, 6) - 1)))
