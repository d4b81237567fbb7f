"""Passwords: argon2id, off the event loop, and the rules a new one must meet (OWASP ASVS 5.0, V6.2)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.kernel.errors import Problem

MIN_LENGTH = 8
MAX_LENGTH = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Two at a time: each takes 19 MiB and a core for 17 ms; a flood of sign-ins must not starve the pages. Threads of their own, not a
# semaphore: that would belong to the first event loop that has to wait.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
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
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Return whether `password` belongs to the stored hash; with None it takes as long and answers False."""
    if len(password) > MAX_LENGTH:
        return False
    same = await asyncio.get_running_loop().run_in_executor(_threads, _verify, stored or _NOBODY, password)
    return same and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
