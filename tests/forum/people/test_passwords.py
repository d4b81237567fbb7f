"""Passwords: which are accepted, and that every character of them counts."""

import asyncio

import pytest

from forum.people import passwords

EMAIL, NAME = "awa.diallo@example.org", "Awa Diallo-Ndiaye"


@pytest.mark.parametrize(
    ("password", "key", "why"),
    [
        ("", "password.short", "nothing"),
        ("x7!kPq2", "password.short", "seven characters"),
        ("x7!kPq2z", None, "eight characters"),
        ("密码密码密码密", "password.short", "seven characters of 21 bytes are seven characters"),
        ("密码很长很难猜到", None, "eight Chinese characters"),
        ("كلمةسر٤٧", None, "Arabic letters and figures"),
        ("пароль длинный", None, "Cyrillic with a space"),
        ("👩‍👩‍👧 family tree", None, "joined emoji"),
        ("        spaces", None, "spaces at the beginning"),
        ("x" * 127 + "!", None, "128 characters"),
        ("x" * 128 + "!", "password.long", "129 characters"),
        ("é" * 128, None, "128 characters of 256 bytes"),
        ("password", "password.common", "the most common of all"),
        ("PassWord", "password.common", "letter case does not make it rare"),
        ("12345678", "password.common", "figures in a row"),
        ("qwertyuiop", "password.common", "a row of the keyboard"),
        (EMAIL, "password.personal", "the address"),
        (EMAIL.upper(), "password.personal", "the address in capitals"),
        ("awa.diallo", "password.personal", "what stands before the @"),
        ("AWA DIALLO-NDIAYE", "password.personal", "the name"),
        ("awa diallo-ndiaye 7", None, "the name and more"),
    ],
)
def test_a_new_password(password: str, key: str | None, why: str) -> None:
    found = passwords.problem(password, email=EMAIL, name=NAME)
    assert (found.key if found else None) == key, why


def test_the_common_ones_are_long_enough_to_matter() -> None:
    long_enough = [word for word in passwords.common() if len(word) >= passwords.MIN_LENGTH]
    assert len(long_enough) >= 1000
    assert all(word == word.casefold() for word in passwords.common())


@pytest.mark.parametrize("password", ["x" * 71 + "1", "x" * 127 + "1", "ж" * 40 + "1", "a\x00b-behind-nul-1", " padded  1"])
async def test_nothing_is_cut_off(password: str) -> None:
    stored = await passwords.make_hash(password)
    assert await passwords.matches(stored, password)
    for other in (password[:-1], password[:-1] + "2", password + " ", password.strip() + "!", password.upper()):
        assert not await passwords.matches(stored, other)


async def test_the_hash_is_argon2id_with_a_salt_and_fits_its_column() -> None:
    one, other = await asyncio.gather(passwords.make_hash("the same words"), passwords.make_hash("the same words"))
    assert one != other
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(one) < 200


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken", "$2b$12$abcdefghijklmnopqrstuu"])
async def test_a_hash_that_cannot_be_read_opens_nothing(stored: str) -> None:
    assert not await passwords.matches(stored, "plain")


async def test_no_password_belongs_to_nobody() -> None:
    assert not await passwords.matches(None, "no such person, the same time")


@pytest.mark.parametrize("run", [1, 2])
async def test_many_at_once_wait_for_each_other_in_any_event_loop(run: int) -> None:
    """Each test has its own loop: nothing of the waiting may belong to the first one."""
    made = await asyncio.gather(*(passwords.make_hash(f"run {run} number {number}") for number in range(8)))
    assert len(set(made)) == 8
