"""Passwords: argon2id, off the event loop, and the rules a new one must meet (OWASP ASVS 5.0, V6.2)."""

import asyncio
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.kernel.errors import Problem

MIN_LENGTH = 8
MAX_LENGTH = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Two at a time: each takes 19 MiB and a core for 17 ms; a flood of sign-ins must not starve the pages.
_turn = asyncio.Semaphore(2)
# A hash of nothing anybody has: unknown addresses cost as long as known ones.
_NOBODY = _hasher.hash("no such person, the same time")


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Return the most common passwords, in lower case."""
    text = files("forum.people").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def problem(password: str, *, email: str, name: str) -> Problem | None:
    """Return what is wrong with a new password, or None. Any character counts; nothing is cut off."""
    folded = password.casefold()
    if len(password) < MIN_LENGTH:
        return Problem("password.short", {"limit": MIN_LENGTH})
    if len(password) > MAX_LENGTH:
        return Problem("password.long", {"limit": MAX_LENGTH})
    if folded in common():
        return Problem("password.common")
    if folded in {email.casefold(), email.casefold().split("@")[0], name.casefold()}:
        return Problem("password.personal")
    return None


async def make_hash(password: str) -> str:
    """Return the argon2id hash of `password`."""
    async with _turn:
        return await asyncio.to_thread(_hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Return whether `password` belongs to the stored hash; with None it takes as long and answers False."""
    if len(password) > MAX_LENGTH:
        return False
    async with _turn:
        return await asyncio.to_thread(_verify, stored or _NOBODY, password) and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
