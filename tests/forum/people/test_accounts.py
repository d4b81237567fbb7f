"""Accounts: signing up and in tells nobody who takes part."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

import pytest
from pydantic import ValidationError

from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Refusal
from forum.kernel.events import FORUM_LOG, Fact
from forum.people import accounts, sessions
from forum.people.forms import Credentials, NewAccount
from forum.people.models import EntityKind, Person, Session, SessionKind
from forum.record.chain import verify
from tests.support import world


@pytest.fixture(autouse=True)
async def told(tmp_path: Path) -> AsyncIterator[list[Fact]]:
    async with world.database(tmp_path) as facts:
        yield facts


def form(
    email: str = "awa@example.org", name: str = "Awa Diallo", password: str = "seven hills at dusk", lang: str = "fr"
) -> NewAccount:
    return NewAccount(email=email, name=name, password=password, lang=lang)


async def test_signing_up_makes_an_account(told: list[Fact]) -> None:
    await accounts.sign_up(form(email="  AWA@Example.ORG "))
    person = await Person.get()
    assert (person.email, person.name, person.lang) == ("awa@example.org", "Awa Diallo", "fr")
    assert not person.is_secretariat
    assert "seven hills" not in person.password_hash
    assert [(fact.kind, fact.log, fact.subject, fact.data) for fact in told] == [("person.joined", FORUM_LOG, person.id, {})]
    assert (await verify(FORUM_LOG)).ok


@pytest.mark.parametrize("again", ["awa@example.org", "AWA@EXAMPLE.ORG", " awa@example.org "])
async def test_a_known_address_gets_the_same_answer_and_changes_nothing(again: str, told: list[Fact]) -> None:
    await accounts.sign_up(form())
    before = await Person.get()
    told.clear()
    await accounts.sign_up(form(email=again, name="Somebody Else", password="another good one"))
    after = await Person.get()
    assert (after.name, after.password_hash) == (before.name, before.password_hash)
    assert told == []
    assert (await verify(FORUM_LOG)).entries == 1


@pytest.mark.parametrize("password", ["short", "password1", "awa@example.org"])
@pytest.mark.parametrize("known", [True, False])
async def test_a_refusal_is_the_same_for_known_and_unknown_addresses(password: str, known: bool) -> None:
    if known:
        await accounts.sign_up(form())
    with pytest.raises(Refusal) as refused:
        await accounts.sign_up(form(password=password))
    assert list(refused.value.fields) == ["password"]


async def test_fifty_sign_ups_with_one_address_make_one_account() -> None:
    await asyncio.gather(*(accounts.sign_up(form(name=f"Name {chr(97 + number)}a")) for number in range(20)))
    assert await Person.all().count() == 1
    assert (await verify(FORUM_LOG)).entries == 1


@pytest.mark.parametrize(
    "name",
    [
        "Kenya",
        "KENYA",
        "Kеnуa",
        "K e n y a",
        "肯尼亚",
        "IOM",
        "Moderator",
        "Моderator",
        "Secretariat",
        "United Nations",
        "Mona Chair",
    ],
)
async def test_a_name_that_could_be_taken_for_authority_is_refused(name: str) -> None:
    kenya = await world.entity("Kenya", EntityKind.STATE, "KEN")
    kenya.name_zh = "肯尼亚"
    await kenya.save()
    migration = await world.entity("International Organization for Migration", EntityKind.UN_BODY, "IOM-UN")
    migration.acronym = "IOM"
    await migration.save()
    await world.space("hall", moderators=[await world.person("Mona Chair")])
    with pytest.raises(Refusal) as refused:
        await accounts.sign_up(form(name=name))
    assert refused.value.fields["name"].key == "name.taken"
    await accounts.sign_up(form(name="Awa of Kenya"))


@pytest.mark.parametrize(
    ("email", "fine"),
    [
        ("a@b.org", True),
        ("imène+forum@exämple.org", True),
        ("no-at.example.org", False),
        ("two@@example.org", False),
        ("a@b", False),
        ("a b@example.org", False),
        ("a@example.org\nbcc: x@y.org", False),
        ("<a@example.org>", False),
        ("@example.org", False),
        ("a@example.org,b@example.org", False),
        ("a" * 65 + "@example.org", False),
        ("a@" + "b" * 250 + ".org", False),
        ("", False),
    ],
)
def test_what_an_address_looks_like(email: str, fine: bool) -> None:
    if fine:
        assert form(email=email).email == email
    else:
        with pytest.raises(ValidationError):
            form(email=email)


@pytest.mark.parametrize("values", [{"lang": "de"}, {"name": "A\u202eB"}, {"name": ""}, {"name": "x" * 81}])
def test_what_else_a_form_refuses(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        form(**values)


@pytest.mark.parametrize(
    ("email", "password", "key"),
    [
        ("mona@example.org", world.PASSWORD, None),
        (" MONA@example.org", world.PASSWORD, None),
        ("mona@example.org", world.PASSWORD + " ", "signin.failed"),
        ("mona@example.org", "", "signin.failed"),
        ("nobody@example.org", world.PASSWORD, "signin.failed"),
        ("", "", "signin.failed"),
        ("gone@example.org", world.PASSWORD, "signin.suspended"),
        ("gone@example.org", "wrong", "signin.failed"),
        ("mona@example.org", "x" * 1000, "signin.failed"),
    ],
)
async def test_signing_in(email: str, password: str, key: str | None) -> None:
    mona, gone = await world.person("Mona"), await world.person("Gone")
    await accounts.suspend(gone.id, Actor())
    credentials = Credentials(email=email, password=password)
    if key is None:
        assert (await accounts.sign_in(credentials)).id == mona.id
        return
    with pytest.raises(Refusal) as refused:
        await accounts.sign_in(credentials)
    assert refused.value.key == key


async def effort(email: str) -> float:
    """Return the processor time, in seconds, that a refused sign-in takes; waiting for the machine does not count."""
    taken = []
    for _ in range(7):
        start = time.process_time()
        with pytest.raises(Refusal, match=r"signin\.failed"):
            await accounts.sign_in(Credentials(email=email, password="not the password"))
        taken.append(time.process_time() - start)
    return median(taken)


async def test_an_unknown_address_costs_the_same_effort_as_a_known_one() -> None:
    await world.person("Mona")
    known, unknown = await effort("mona@example.org"), await effort("nobody@example.org")
    assert unknown > 0.5 * known, "there is an early return: no hash was worked out"
    assert known > 0.5 * unknown


async def test_suspending_closes_every_session_at_once(told: list[Fact]) -> None:
    mona, other = await world.person("Mona"), await world.person("Other")
    secretariat = await world.actor_for(await world.person("Sec", secretariat=True))
    secrets = [await sessions.open_session(mona, kind) for kind in (SessionKind.WEB, SessionKind.API, SessionKind.WEB)]
    stays = await sessions.open_session(other, SessionKind.WEB)
    await accounts.suspend(mona.id, secretariat)
    assert [await sessions.resolve(secret) for secret in secrets] == [None, None, None]
    assert await sessions.resolve(stays)
    assert await Session.filter(person_id=mona.id).count() == 0
    assert (told[-1].kind, told[-1].subject, told[-1].capacity) == ("person.suspended", mona.id, "secretariat")
    # One that slipped in between checking the password and suspending opens nothing either.
    late = await sessions.open_session(mona, SessionKind.WEB)
    assert await sessions.resolve(late) is None
    await accounts.restore(mona.id, secretariat)
    assert (await accounts.sign_in(Credentials(email=mona.email, password=world.PASSWORD))).id == mona.id


async def test_nobody_can_be_neither_suspended_nor_restored() -> None:
    for act in (accounts.suspend, accounts.restore):
        with pytest.raises(NotFound):
            await act("0" * 32, Actor())
