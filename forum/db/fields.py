"""Fields of our own: text in several languages, lists of words."""

import json
from typing import Any

from tortoise import fields


def dump_json(value: Any) -> str:
    """Return `value` as compact JSON text, not escaped: what stands in the database is readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_json(text: str | bytes) -> Any:
    """Return what the JSON text holds."""
    return json.loads(text)


def json_value(column: Any) -> Any:
    """Return what a JSON column of a raw row holds: the database may hand out the text or the value."""
    return load_json(column) if isinstance(column, str) else column


def texts() -> Any:
    """Return a field for one text in several languages: {language: text}."""
    return fields.JSONField(encoder=dump_json, decoder=load_json, default=dict)


def words() -> Any:
    """Return a field for a list of codes or numbers."""
    return fields.JSONField(encoder=dump_json, decoder=load_json, default=list)
