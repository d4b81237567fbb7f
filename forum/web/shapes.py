"""What forms accept beyond their types, told in the description of the API: `Field(json_schema_extra=…)`."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BeforeValidator
from pydantic.config import JsonDict, JsonValue

from forum.kernel.locales import LANGS

SOMETHING: JsonDict = {"minLength": 1, "pattern": r"[^\s\u001c-\u001f\u0085]"}
"""A text that says something."""
SAID: JsonDict = {"type": "string", **SOMETHING}
"""The same where null could stand for an empty text."""
A_LANG: JsonDict = {"enum": [*LANGS]}
"""A language of the forum; which ones a space accepts, it says itself."""
_ID = "^[0-9a-f]{32}$"
ID: JsonDict = {"pattern": _ID}
"""An id as the forum makes them."""


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""Last in `Annotated[StrictInt, Field(ge=1), WHOLE]`: a whole number, written as JSON likes. `5.0` is 5; `true` and `"5"` are none."""


def or_null(schema: dict[str, Any]) -> None:
    """Null stands for an empty text."""
    schema["type"] = [schema["type"], "null"]


def or_empty(schema: dict[str, Any]) -> None:
    """An empty text stands for null."""
    schema["anyOf"] = [*schema["anyOf"], {"const": ""}]


def place(pattern: str = _ID) -> Callable[[dict[str, Any]], None]:
    """Return what describes a parameter that is left out, empty, or a text of this form: the place of a page, when nothing is said."""

    def describe(schema: dict[str, Any]) -> None:
        schema["anyOf"] = [{"type": "string", "pattern": pattern}, {"const": ""}]

    return describe


def some_language(*names: str) -> JsonDict:
    """Return what describes texts by language under these names of a form, each with words in one language at least."""
    said: list[JsonValue] = [{"required": [lang], "properties": {lang: dict(SOMETHING)}} for lang in LANGS]
    return {"allOf": [{"properties": {name: {"anyOf": said}}} for name in names]}


def when(name: str, values: Sequence[str], then: JsonDict) -> JsonDict:
    """Return what describes a form of which `then` is true while the field `name` is one of these values."""
    return {"if": {"properties": {name: {"enum": [*values]}}, "required": [name]}, "then": then}
