"""The outbox with a real SMTP server: each mail once, to whom it should go at the moment of sending, and nobody waits for it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from forum.db.work import begin
from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.notices.kinds import kind_of
from forum.notices.mail_server import NoServer, parse_server
from forum.notices.models import MailState, Notice
from forum.notices.notifying import cancel
from forum.notices.sending import CLAIM, GIVE_UP, PAUSES, Outbox
from forum.notices.wishes import set_mail
from forum.people import accounts
from forum.web.catalogue import translate
from tests.forum.notices.conftest import Hall
from tests.support.mail import Mail
from tests.support.world import actor_for, give_role, post

BASE = "https://forum.test"
SENDER = "Round Tables <noreply@forum.test>"


def always() -> bool:
    return True


def outbox(mail: Mail) -> Outbox:
    return Outbox(parse_server(mail.url, SENDER), BASE)


async def states() -> dict[str, str]:
    return {row.ref: row.mail_state for row in await Notice.all()}


async def test_each_is_mailed_once_in_the_persons_language(hall: Hall, mail: Mail) -> None:
    await hall.tell(hall.told(), hall.told(person_id=hall.boris.id))
    assert await outbox(mail).turn(always) == 2
    assert await outbox(mail).turn(always) == 0
    assert [str(one["To"]) for one in mail.letters] == [hall.asma.email, hall.boris.email]
    [asma, boris] = mail.letters
    assert asma["Subject"] == kind_of("decision.returned").title
    assert boris["Subject"] == translate("ru", kind_of("decision.returned").title)
    assert "Зал" in boris.get_content()
    assert f"{BASE}/ru/contributions" in boris.get_content()
    for row in await Notice.all():
        assert (row.mail_state, row.attempts, row.mailed_at) == ("sent", 1, clock.now())


async def suspended(hall: Hall) -> None:
    await accounts.suspend(hall.asma.id, Actor(is_secretariat=True))


async def unwilling(hall: Hall) -> None:
    await set_mail(hall.asma.id, True)
    await set_mail(hall.asma.id, False)


async def taken_back(_hall: Hall) -> None:
    async with begin() as work:
        await cancel(work, "act")


async def gone(hall: Hall) -> None:
    await Notice.filter(ref="act").update(person_id="0" * 32)


@pytest.mark.parametrize("meanwhile", [suspended, unwilling, taken_back, gone])
async def test_what_counts_is_the_moment_of_sending(hall: Hall, mail: Mail, meanwhile: Callable[[Hall], object]) -> None:
    await hall.tell(hall.told(), hall.told("other", person_id=hall.boris.id))
    await meanwhile(hall)  # type: ignore[misc]
    await outbox(mail).turn(always)
    assert not mail.to(hall.asma.email)
    assert (await states())["act"] == MailState.DROPPED.value


async def test_who_wants_mail_again_gets_the_next(hall: Hall, mail: Mail) -> None:
    await set_mail(hall.asma.id, False)
    await hall.tell(hall.told())
    await outbox(mail).turn(always)
    await set_mail(hall.asma.id, True)
    await hall.tell(hall.told("next"))
    await outbox(mail).turn(always)
    assert await states() == {"act": "dropped", "next": "sent"}


async def test_nobody_is_told_that_a_comment_is_public_which_is_not(hall: Hall, mail: Mail) -> None:
    comment = await post(await actor_for(hall.asma), hall.space, "Words.")
    await hall.tell(hall.told(kind="decision.published", comment_id=comment), hall.told("other", comment_id=comment))
    await outbox(mail).turn(always)
    assert await states() == {"act": "dropped", "other": "sent"}
    await Comment.filter(id=comment).update(state="published", symbol="RT4/Q1/1")
    await hall.tell(hall.told("again", kind="decision.published", comment_id=comment))
    await outbox(mail).turn(always)
    assert "RT4/Q1/1" in mail.letters[-1].get_content()


async def test_the_desk_writes_to_who_moderates_still(hall: Hall, mail: Mail) -> None:
    await give_role(hall.asma, hall.space)
    await give_role(hall.boris, hall.space, Role.MEMBER)
    waiting = [hall.told(kind="desk.appeal_waiting", person_id=one.id) for one in (hall.asma, hall.boris)]
    await hall.tell(*waiting)
    await outbox(mail).turn(always)
    assert [str(one["To"]) for one in mail.letters] == [hall.asma.email]


async def test_not_before_it_is_due(hall: Hall, mail: Mail) -> None:
    await hall.tell(hall.told(due_at=clock.now() + timedelta(seconds=15)))
    assert await outbox(mail).turn(always) == 0
    hall.watch.on(seconds=15)
    assert await outbox(mail).turn(always) == 1


async def test_while_the_server_is_away_nothing_is_touched(hall: Hall, mail: Mail) -> None:
    await hall.tell(*(hall.told(f"act {number}") for number in range(3)))
    mail.stop()
    with pytest.raises(NoServer):
        await outbox(mail).turn(always)
    assert {(row.mail_state, row.attempts) for row in await Notice.all()} == {("queued", 0)}
    mail.start()
    assert await outbox(mail).turn(always) == 3
    assert len(mail.letters) == 3


async def test_put_off_again_and_again_and_taken_at_last(hall: Hall, mail: Mail) -> None:
    await hall.tell(hall.told(), hall.told("other", person_id=hall.boris.id))
    mail.refuse[hall.asma.email] = "450 4.2.0 try later"
    for attempt in range(6):
        await outbox(mail).turn(always)
        [row] = await Notice.filter(ref="act")
        pause = PAUSES[min(attempt, len(PAUSES) - 1)]
        assert (row.attempts, row.next_try_at - clock.now()) == (attempt + 1, pause)
        hall.watch.on(seconds=pause.total_seconds() - 1)
        assert await outbox(mail).turn(always) == 0
        hall.watch.on(seconds=1)
    mail.refuse.clear()
    await outbox(mail).turn(always)
    assert [str(one["To"]) for one in mail.letters] == [hall.boris.email, hall.asma.email]


async def test_given_up_after_three_days(hall: Hall, mail: Mail) -> None:
    """Also when the server has been away all the time: what comes then is too late to be of use."""
    await hall.tell(hall.told())
    mail.stop()
    hall.watch.on(seconds=GIVE_UP.total_seconds() + 1)
    await outbox(mail).turn(always)
    assert await states() == {"act": "failed"}


async def test_refused_for_good(hall: Hall, mail: Mail, caplog: pytest.LogCaptureFixture) -> None:
    await hall.tell(hall.told(), hall.told("other", person_id=hall.boris.id))
    mail.refuse[hall.asma.email] = f"550 5.1.1 <{hall.asma.email}>: no such user"
    with caplog.at_level(logging.INFO):
        await outbox(mail).turn(always)
    assert await states() == {"act": "failed", "other": "sent"}
    [said] = [record.getMessage() for record in caplog.records if record.name.startswith("forum.")]
    assert said == "a mail was not taken: SMTPRecipientsRefused 550, attempt 1"


async def test_an_address_that_is_none_holds_up_nobody(hall: Hall, mail: Mail) -> None:
    hall.asma.email = "a b@example.org"
    await hall.asma.save()
    await hall.tell(hall.told(), hall.told("other", person_id=hall.boris.id))
    await outbox(mail).turn(always)
    assert await states() == {"act": "failed", "other": "sent"}


async def test_the_server_closes_in_the_middle(hall: Hall, mail: Mail) -> None:
    """The one it was about waits for a minute; the others are not begun and go at the next look."""
    await hall.tell(*(hall.told(f"act {number}") for number in range(3)))
    mail.refuse[hall.asma.email] = "421 4.3.2 closing"
    with pytest.raises(NoServer):
        await outbox(mail).turn(always)
    assert sorted(row.attempts for row in await Notice.all()) == [0, 0, 1]
    mail.refuse.clear()
    assert await outbox(mail).turn(always) == 2
    hall.watch.on(minutes=1)
    assert await outbox(mail).turn(always) == 1


async def test_two_processes_at_once_send_each_once(hall: Hall, mail: Mail) -> None:
    await hall.tell(*(hall.told(f"act {number}") for number in range(20)))
    sent = await asyncio.gather(*(outbox(mail).turn(always) for _ in range(3)))
    assert sum(sent) == 20
    identifiers = [str(one["Message-ID"]) for one in mail.letters]
    assert len(identifiers) == len(set(identifiers)) == 20


async def test_who_dies_before_noting_it_sends_the_same_again(hall: Hall, mail: Mail) -> None:
    """Not at once, for the claim runs on; then under the same identifier, so that it can be known for what it is."""
    [row] = await hall.tell(hall.told())
    await outbox(mail).turn(always)
    await Notice.filter(ref="act").update(mail_state="queued", mailed_at=None, next_try_at=clock.now() + CLAIM)
    assert await outbox(mail).turn(always) == 0
    hall.watch.on(seconds=CLAIM.total_seconds())
    assert await outbox(mail).turn(always) == 1
    [first, second] = mail.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert row.id in first["Message-ID"]


async def test_a_mail_on_its_way_is_finished_when_the_process_stops(hall: Hall, mail: Mail) -> None:
    await hall.tell(*(hall.told(f"act {number}") for number in range(3)))
    loop = asyncio.get_running_loop()
    turn = asyncio.create_task(outbox(mail).turn(always))
    mail.taken = lambda _letter: loop.call_soon_threadsafe(turn.cancel)
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert len(mail.letters) == 1
    assert sorted((await states()).values()) == ["queued", "queued", "sent"]


async def test_taken_back_while_it_leaves_stays_as_the_mail_says(hall: Hall, mail: Mail) -> None:
    await hall.tell(hall.told())
    loop = asyncio.get_running_loop()

    async def back() -> int:
        async with begin() as work:
            return await cancel(work, "act")

    mail.taken = lambda _letter: asyncio.run_coroutine_threadsafe(back(), loop).result(10)
    await outbox(mail).turn(always)
    [row] = await Notice.all()
    assert (row.mail_state, row.cancelled_at) == ("sent", None)


async def test_who_no_longer_leads_sends_nothing(hall: Hall, mail: Mail) -> None:
    await hall.tell(*(hall.told(f"act {number}") for number in range(3)))
    answers = iter([True, False])
    assert await outbox(mail).turn(lambda: next(answers)) == 1
    assert sorted((await states()).values()) == ["queued", "queued", "sent"]


async def test_without_a_server_nothing_waits(hall: Hall, mail: Mail) -> None:
    """A forum that begins to send mail one day does not begin with that of the years before."""
    await hall.tell(hall.told())
    await Outbox(None, BASE).turn(always)
    assert await states() == {"act": "none"}
    assert await outbox(mail).turn(always) == 0


async def test_a_long_queue_is_read_in_batches(hall: Hall, mail: Mail) -> None:
    await hall.tell(*(hall.told(f"act {number}") for number in range(120)))
    assert await outbox(mail).turn(always) == 120
    assert len({str(one["Message-ID"]) for one in mail.letters}) == 120


async def test_whose_account_is_closed_hears_of_that_alone(hall: Hall, mail: Mail) -> None:
    await hall.tell(hall.told(), hall.told("measure", kind="sanction.imposed"))
    await suspended(hall)
    await outbox(mail).turn(always)
    assert await states() == {"act": "dropped", "measure": "sent"}
    [letter] = mail.letters
    assert letter["Subject"] == kind_of("sanction.imposed").title
