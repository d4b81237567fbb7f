"""What stands in the address of an API call about discussions."""

from pydantic import Field

from forum.kernel.locales import Lang
from forum.search.analyser import MAX_QUERY
from forum.web.query import Localized, Number, read_query
from forum.web.shapes import place

__all__ = ["LARGEST", "Localized", "Number", "Paging", "SearchFor", "Since", "Version", "read_query"]

LARGEST = 2**31 - 1
"""The largest number that the databases' number columns are compared with."""


class Paging(Localized):
    """How many comments of which question, and after which."""

    question: Number | None = Field(default=None, ge=1, le=1000, description="number of the question; all questions without it")
    limit: Number = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before", json_schema_extra=place())


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
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before", json_schema_extra=place())


class Version(Localized):
    """Which version of the comment is meant, where no body can be sent."""

    version: Number | None = Field(default=None, ge=1, description="in place of the body")
