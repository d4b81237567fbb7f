"""Canonical JSON (RFC 8785) for what is hashed: the record of each space."""

import hashlib
import json
from collections.abc import Mapping

type_names = (str, int, bool, type(None))
Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def canonical(value: Mapping[str, Json]) -> str:
    """Return `value` as canonical JSON.

    Numbers are integers within ±2^53 and keys are ASCII, so sorting code points equals the RFC's order by UTF-16 units.
    Raises ValueError for a float, another type, or a key outside ASCII.
    """
    _check(dict(value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _check(value: object) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"key is not ASCII text: {key!r}")
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif not isinstance(value, type_names):
        raise ValueError(f"no canonical form for {type(value).__name__}")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        raise ValueError("number too large")


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8 as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
