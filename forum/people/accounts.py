"""Accounts: sign up, sign in, suspend, restore."""

from datetime import datetime

from tortoise.exceptions import IntegrityError

from forum.db.work import Work
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Problem, Refusal, invalid
from forum.people import passwords
from forum.people.events import change, tell
from forum.people.forms import Credentials, NewAccount, fold_email
from forum.people.impostors import mistakable
from forum.people.models import Person, Session


async def sign_up(form: NewAccount) -> None:
    """Make an account.

    An address that has one already changes nothing and answers alike: nobody learns from this form who takes part.
    Raises Refusal for a weak password or a name that could be taken for an entity or a member of the team.
    """
    weak = passwords.problem(form.password, email=form.email, name=form.name)
    if weak:
        raise invalid(password=weak)
    if await mistakable(form.name):
        raise invalid(name=Problem("name.taken"))
    hashed = await passwords.make_hash(form.password)
    try:
        async with change() as work:
            person = await Person.create(
                email=form.email, name=form.name, password_hash=hashed, lang=form.lang, created_at=clock.now()
            )
            await tell(work, "person.joined", Actor(person_id=person.id), person.id)
    except IntegrityError:
        return


class Suspended(Refusal):
    """The password is right and the account closed: only whoever knows the password learns of it, and until when."""

    def __init__(self, person: Person) -> None:
        until = person.suspended_until
        super().__init__("signin.suspended_until" if until else "signin.suspended", until=until)
        self.person_id, self.until = person.id, until


async def sign_in(form: Credentials) -> Person:
    """Return whose e-mail address and password these are; raises Refusal `signin.failed`, or Suspended."""
    person = await Person.get_or_none(email=fold_email(form.email))
    if not await passwords.matches(person.password_hash if person else None, form.password) or person is None:
        raise Refusal("signin.failed")
    if person.is_suspended:
        raise Suspended(person)
    return person


async def suspend(person_id: str, by: Actor) -> None:
    """Close a person's account and every session of theirs, at once. Raises NotFound."""
    async with change() as work:
        await suspend_in(work, person_id, by)


async def suspend_in(work: Work, person_id: str, by: Actor, until: datetime | None = None) -> None:
    """Close an account in a unit of work that holds the lock of the forum's log; it opens by itself at `until`. Raises NotFound."""
    person = await Person.filter(id=person_id).using_db(work.connection).select_for_update().first()
    if person is None:
        raise NotFound
    person.suspended_at, person.suspended_until = clock.now(), until
    await person.save(using_db=work.connection, update_fields=["suspended_at", "suspended_until"])
    await Session.filter(person_id=person_id).using_db(work.connection).delete()
    await tell(work, "person.suspended", by, person_id)


async def restore(person_id: str, by: Actor) -> None:
    """Open a suspended account again. Raises NotFound."""
    async with change() as work:
        await restore_in(work, person_id, by)


async def restore_in(work: Work, person_id: str, by: Actor) -> None:
    """Open a suspended account again, in a unit of work that holds the lock of the forum's log. Raises NotFound."""
    opened = Person.filter(id=person_id).using_db(work.connection)
    if not await opened.update(suspended_at=None, suspended_until=None):
        raise NotFound
    await tell(work, "person.restored", by, person_id)


async def set_language(person_id: str, lang: str) -> None:
    """Remember in which language a person reads, for what the forum writes to them."""
    await Person.filter(id=person_id).update(lang=lang)
