"""What forms accept beyond their types, told in the description of the API: `Field(json_schema_extra=…)`."""

from typing import Any

from pydantic.config import JsonDict

SOMETHING: JsonDict = {"minLength": 1, "pattern": r"\S"}
"""A text that says something."""
ID: JsonDict = {"pattern": "^[0-9a-f]{32}$"}
"""An id as the forum makes them."""


def or_null(schema: dict[str, Any]) -> None:
    """Null stands for an empty text."""
    schema["type"] = [schema["type"], "null"]


def or_empty(schema: dict[str, Any]) -> None:
    """An empty text stands for null."""
    schema["anyOf"] = [*schema["anyOf"], {"const": ""}]
