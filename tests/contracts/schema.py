"""Check a JSON value against a schema of the API's description: the part of JSON Schema 2020-12 that it uses.

A keyword that is not known here is a fault of its own: nothing is passed over in silence.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Schema = Mapping[str, Any]

NOTES = {"title", "description", "default", "examples"}
OF_REQUESTS = {"if", "then", "allOf", "oneOf", "not"}
"""What only bodies of requests are described with, and never an answer: one with such a keyword would be a fault (`Checker.faults`)."""
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
PREFIX = "#/components/schemas/"


class Checker:
    """Knows the named schemas of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.schemas: Mapping[str, Schema] = document["components"]["schemas"]

    def faults(self, value: object, schema: Schema, at: str = "$") -> Iterator[str]:
        """Yield what is wrong with `value`."""
        for keyword, wanted in schema.items():
            if keyword in NOTES:
                continue
            check = getattr(self, f"_{keyword.lstrip('$')}", None)
            assert check is not None, f"{at}: keyword {keyword} is not known to this checker"
            yield from check(value, wanted, at)

    def _ref(self, value: object, name: str, at: str) -> Iterator[str]:
        assert name.startswith(PREFIX), name
        yield from self.faults(value, self.schemas[name.removeprefix(PREFIX)], at)

    def _type(self, value: object, name: str, at: str) -> Iterator[str]:
        wrong = not isinstance(value, TYPES[name]) or (isinstance(value, bool) and name != "boolean")
        if wrong:
            yield f"{at}: {value!r} is no {name}"

    def _properties(self, value: object, properties: Mapping[str, Schema], at: str) -> Iterator[str]:
        if isinstance(value, dict):
            # Answers are held to what is described: a field that nobody described has leaked out.
            yield from (f"{at}: {name} is not described" for name in value.keys() - properties.keys())
            for name in value.keys() & properties.keys():
                yield from self.faults(value[name], properties[name], f"{at}.{name}")

    def _required(self, value: object, names: list[str], at: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (f"{at}: {name} is missing" for name in names if name not in value)

    def _additionalProperties(self, value: object, schema: Schema | bool, at: str) -> Iterator[str]:
        if isinstance(value, dict) and not isinstance(schema, bool):
            for name, item in value.items():
                yield from self.faults(item, schema, f"{at}.{name}")

    def _items(self, value: object, schema: Schema, at: str) -> Iterator[str]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.faults(item, schema, f"{at}[{index}]")

    def _minItems(self, value: object, least: int, at: str) -> Iterator[str]:
        if isinstance(value, list) and len(value) < least:
            yield f"{at}: fewer than {least}"

    def _anyOf(self, value: object, schemas: list[Schema], at: str) -> Iterator[str]:
        if not any(not list(self.faults(value, schema, at)) for schema in schemas):
            yield f"{at}: {value!r} is none of {schemas}"

    def _enum(self, value: object, allowed: list[object], at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at}: {value!r} is not one of {allowed}"

    def _const(self, value: object, allowed: object, at: str) -> Iterator[str]:
        if value != allowed:
            yield f"{at}: {value!r} is not {allowed!r}"

    def _minimum(self, value: object, least: float, at: str) -> Iterator[str]:
        if isinstance(value, int) and value < least:
            yield f"{at}: {value} is less than {least}"

    def _maximum(self, value: object, most: float, at: str) -> Iterator[str]:
        if isinstance(value, int) and value > most:
            yield f"{at}: {value} is more than {most}"

    def _minLength(self, value: object, least: int, at: str) -> Iterator[str]:
        if isinstance(value, str) and len(value) < least:
            yield f"{at}: shorter than {least}"

    def _maxLength(self, value: object, most: int, at: str) -> Iterator[str]:
        if isinstance(value, str) and len(value) > most:
            yield f"{at}: longer than {most}"

    def _maxItems(self, value: object, most: int, at: str) -> Iterator[str]:
        if isinstance(value, list) and len(value) > most:
            yield f"{at}: more than {most} items"

    def _maxProperties(self, value: object, most: int, at: str) -> Iterator[str]:
        if isinstance(value, dict) and len(value) > most:
            yield f"{at}: more than {most} properties"

    def _propertyNames(self, value: object, schema: Schema, at: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name in value:
                yield from self.faults(name, schema, f"{at}.{name}")

    def _pattern(self, value: object, pattern: str, at: str) -> Iterator[str]:
        if isinstance(value, str) and not re.search(pattern, value):
            yield f"{at}: {value!r} does not match {pattern}"

    def _format(self, value: object, name: str, at: str) -> Iterator[str]:
        assert name == "date-time", f"{at}: format {name} is not known to this checker"
        if not isinstance(value, str) or not value.endswith("Z") or "T" not in value:
            yield f"{at}: {value!r} is no time in UTC"
        else:
            datetime.fromisoformat(value)
