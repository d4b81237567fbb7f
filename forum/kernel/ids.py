"""Identifiers: opaque, random, safe in a URL."""

import re
import secrets
import uuid


def new_id() -> str:
    """Return a fresh public identifier: 32 lower-case hexadecimal digits, 122 of its bits random.

    Version 4, not 7: a time-ordered id would tell the minute at which a held comment arrived.
    """
    return uuid.uuid4().hex


_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Tell whether `text` has the form of an id of ours."""
    return _ID.fullmatch(text) is not None


def new_secret(size: int = 32) -> str:
    """Return a URL-safe secret made from `size` random bytes."""
    return secrets.token_urlsafe(size)
