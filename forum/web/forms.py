"""Read what people send: forms and JSON, bounded while they arrive, cleaned, and checked against a model.

Everything refused here is refused with the name of the field, in the reader's language, and nothing is guessed: a field
sent twice, a body in another encoding or a number where text belongs is no input.
"""

import json
import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from forum.kernel.errors import Problem, Refusal, TooLarge, Unreadable, invalid
from forum.kernel.messages import REFUSALS
from forum.web import csrf

MAX_BODY = 256 * 1024
"""Bytes of a request body that are read at all."""
MAX_FIELDS = 100
_MAX_NAME = 100
_SURROGATES = re.compile("[\x00\ud800-\udfff]")

M = TypeVar("M", bound=BaseModel)
Pairs = list[tuple[str, str]]


class Unsupported(Unreadable):
    """The request body is compressed (415): none is inflated here."""

    status = 415


async def read_body(request: Request) -> bytes:
    """Return the request body; raises TooLarge as soon as it is longer than MAX_BODY, Unsupported when it is compressed."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Unsupported("unreadable")
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and (len(announced) > 12 or int(announced) > MAX_BODY):
        raise TooLarge("too_large")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise TooLarge("too_large")
    except ClientDisconnect as error:
        raise Unreadable("unreadable") from error
    return bytes(body)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def clean(text: str) -> str:
    """Return `text` without what no database and no page can hold: NUL and lone surrogates become U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def _clean_value(text: str) -> str:
    # Forms send CRLF for the one line break that the reader's counter counted.
    return clean(text).replace("\r\n", "\n")


def _urlencoded(body: bytes) -> Pairs:
    return parse_qsl(
        body.decode("utf-8"),
        keep_blank_values=True,
        strict_parsing=False,
        encoding="utf-8",
        errors="strict",
        max_num_fields=MAX_FIELDS,
    )


async def _multipart(headers: Headers, body: bytes) -> Pairs:
    body.decode("utf-8")  # no files, so all of it is text; the parser would fall back to Latin-1
    if not body.rstrip(b"\r\n").endswith(b"--"):
        raise ValueError("cut short")  # the parser would drop the last field

    async def once() -> AsyncGenerator[bytes, None]:
        yield body

    plain = Headers({"content-type": re.sub(r";\s*charset=[^;]*", "", headers["content-type"], flags=re.IGNORECASE)})
    parser = MultiPartParser(plain, once(), max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_BODY)
    return [(name, value) for name, value in (await parser.parse()).multi_items() if isinstance(value, str)]


async def _pairs(request: Request) -> Pairs:
    state = request.scope.setdefault("state", {})
    if "form_pairs" not in state:
        kind = _media_type(request)
        body = await read_body(request)
        try:
            if kind == "application/x-www-form-urlencoded":
                found = _urlencoded(body)
            elif kind == "multipart/form-data":
                found = await _multipart(request.headers, body)
            elif not body:
                found = []
            else:
                raise Unreadable("unreadable")
        except (ValueError, KeyError, MultiPartException, FormParserError) as error:
            raise Unreadable("unreadable") from error
        if any(not name or len(name) > _MAX_NAME or _SURROGATES.search(name) for name, _ in found):
            raise Unreadable("unreadable")
        state["form_pairs"] = [(name, _clean_value(value)) for name, value in found]
    pairs: Pairs = state["form_pairs"]
    return pairs


async def read_form_lists(request: Request) -> dict[str, list[str]]:
    """Return the values of each field in their order, the CSRF token checked and taken out.

    Raises Unreadable, TooLarge and Forbidden("csrf").
    """
    values: dict[str, list[str]] = {}
    for name, value in await _pairs(request):
        values.setdefault(name, []).append(value)
    tokens = values.pop(csrf.FIELD, [])
    csrf.check(request, tokens[0] if len(tokens) == 1 else "")
    return values


def form_list(lists: Mapping[str, list[str]], name: str) -> list[str]:
    """Return the values of the field `name`, none when it was not sent."""
    return list(lists.get(name, ()))


async def read_form(request: Request) -> dict[str, str]:
    """Return each field's one value, the CSRF token checked and taken out; a field sent twice is refused (422)."""
    lists = await read_form_lists(request)
    doubled = [name for name, values in lists.items() if len(values) > 1]
    if doubled:
        raise invalid(**{name: Problem("field.duplicate") for name in doubled})
    return {name: values[0] for name, values in lists.items()}


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise invalid(**{clean(name)[:_MAX_NAME]: Problem("field.duplicate")})
        found[clean(name)] = clean(value) if isinstance(value, str) else _clean_list(value)
    return found


def _clean_list(value: Any) -> Any:
    if isinstance(value, list):
        return [clean(item) if isinstance(item, str) else _clean_list(item) for item in value]
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


async def read_json(request: Request) -> dict[str, Any]:
    """Return the JSON object in the body; raises Unreadable when there is none, TooLarge, and Refusal for a name given twice."""
    body = await read_body(request)
    if _media_type(request) != "application/json":
        raise Unreadable("unreadable")
    try:
        data = json.loads(body.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable("unreadable") from error
    if not isinstance(data, dict):
        raise Unreadable("unreadable")
    return data


async def sent_values(request: Request) -> dict[str, str]:
    """Return the fields as they were sent, the first of each, the token neither checked nor contained.

    For nothing but showing somebody again what they typed, when their form cannot be accepted.
    """
    values: dict[str, str] = {}
    for name, value in await _pairs(request):
        values.setdefault(name, value)
    values.pop(csrf.FIELD, None)
    return values


_BY_TYPE = {
    "missing": "field.required",
    "string_type": "field.text",
    "string_too_long": "field.too_long",
    "string_too_short": "field.too_short",
    "literal_error": "field.choice",
    "enum": "field.choice",
    "finite_number": "field.number",
    "multiple_of": "field.number",
    "greater_than_equal": "field.least",
    "less_than_equal": "field.most",
}
_BY_BEGINNING = {
    "int_": "field.number",
    "float_": "field.number",
    "decimal_": "field.number",
    "greater_than": "field.number",
    "less_than": "field.number",
    "date": "field.time",
    "time": "field.time",
    "bool_": "field.choice",
}


def _problem(error: ErrorDetails) -> Problem:
    context = error.get("ctx", {})
    kind = error["type"]
    if kind in REFUSALS:
        return Problem(kind, context)
    if kind == "value_error" and str(context.get("error", "")) in REFUSALS:
        return Problem(str(context["error"]))
    if kind == "string_too_short" and (error.get("input") == "" or context.get("min_length") == 1):
        return Problem("field.required")
    key = _BY_TYPE.get(kind)
    if key is None:
        key = next((found for start, found in _BY_BEGINNING.items() if kind.startswith(start)), "field.invalid")
    limit = next((context[name] for name in ("max_length", "min_length", "ge", "le") if name in context), None)
    return Problem(key, {} if limit is None else {"limit": limit})


def parse(model: type[M], data: Mapping[str, Any], *, strict: bool | None = None) -> M:
    """Return `data` as a `model`; raises Refusal("form.invalid") with a problem for each wrong field.

    A validator names a refusal by `PydanticCustomError("name.taken", "…")` or `ValueError("name.taken")`; a key of REFUSALS. What
    is wrong with the whole form has the field "". `strict` refuses numbers in text and the like, for JSON.
    """
    try:
        return model.model_validate(dict(data), strict=strict)
    except ValidationError as error:
        fields: dict[str, Problem] = {}
        for details in error.errors(include_url=False):
            fields.setdefault(".".join(str(step) for step in details["loc"]), _problem(details))
        raise Refusal("form.invalid", fields=fields) from error
