"""Read the parameters of an API call: strictly, and each once."""

import re
from typing import TypeVar, get_args

from pydantic import BaseModel, Field
from starlette.requests import Request

from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import Lang
from forum.web.forms import parse

_DIGITS = re.compile(r"[0-9]{1,10}")

M = TypeVar("M", bound=BaseModel)


Number = int
"""A number in an address: `read_query` takes digits alone, no sign, space or fraction."""


class Localized(BaseModel):
    """Every call may name the language of its answer; without it `Accept-Language` decides."""

    lang: Lang | None = Field(default=None, description="language of texts and messages; else Accept-Language decides")


def read_query(request: Request, model: type[M]) -> M:
    """Return the parameters of the request as a `model`; unknown ones are passed over.

    Raises Refusal naming the parameter that is wrong or given twice.
    """
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in model.model_fields:
            continue
        if name in found:
            raise invalid(**{name: Problem("field.duplicate")})
        if _is_number(model.model_fields[name].annotation) and not _DIGITS.fullmatch(value):
            raise invalid(**{name: Problem("field.number")})
        found[name] = value
    return parse(model, found)


def _is_number(annotation: object) -> bool:
    return annotation is int or int in get_args(annotation)
