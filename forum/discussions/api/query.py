"""Read what stands in the address of an API call: identifiers and parameters, strictly."""

import re
from typing import TypeVar, get_args

from pydantic import BaseModel, Field
from starlette.requests import Request

from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import Lang
from forum.search.analyser import MAX_QUERY
from forum.web.forms import parse

_DIGITS = re.compile(r"[0-9]{1,10}")
LARGEST = 2**31 - 1
"""The largest number that the databases' number columns are compared with."""

M = TypeVar("M", bound=BaseModel)


Number = int
"""A number in an address: `read_query` takes digits alone, no sign, space or fraction."""


class Localized(BaseModel):
    """Every call may name the language of its answer; without it `Accept-Language` decides."""

    lang: Lang | None = Field(default=None, description="language of texts and messages; else Accept-Language decides")


class Paging(Localized):
    """How many comments of which question, and after which."""

    question: Number | None = Field(default=None, ge=1, le=1000, description="number of the question; all questions without it")
    limit: Number = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before")


class Since(Localized):
    """From which number of the public record on, and how much."""

    since: Number = Field(default=0, ge=0, le=LARGEST, description="number of the last update known")
    limit: Number = Field(default=200, ge=1, le=200)


class SearchFor(Localized):
    """Which words, and where."""

    q: str = Field(max_length=MAX_QUERY, description="all words must occur, in any of their forms")
    space: str | None = Field(default=None, max_length=60, description="slug of the one space to search")
    text_lang: Lang | None = Field(default=None, description="language of the comments; `lang` is that of the answer")
    limit: Number = Field(default=20, ge=1, le=50)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before")


class Version(Localized):
    """Which version of the comment is meant, where no body can be sent."""

    version: Number | None = Field(default=None, ge=1, description="in place of the body")


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
