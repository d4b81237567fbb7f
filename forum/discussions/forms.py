"""What people send about comments and spaces."""

import re
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt, field_validator
from pydantic_core import PydanticCustomError

from forum.kernel.errors import Problem, Refusal, invalid
from forum.kernel.locales import LANGS
from forum.text.markup import MAX_SOURCE, length
from forum.web.shapes import A_LANG, SOMETHING, WHOLE

RAW_LIMIT = 200_000
"""Longest text that a form is read with: far above what is accepted, so that the refusal can show the text again."""
KEY = re.compile(r"[\x21-\x7e]{1,80}")


class NewComment(BaseModel):
    """A comment to post. `capacity` is "personal", or the id or code of an entity that the author may speak for."""

    question: Annotated[StrictInt, Field(ge=1, le=1000), WHOLE]
    parent: str | None = Field(default=None, max_length=32)
    body: str = Field(max_length=RAW_LIMIT, json_schema_extra=SOMETHING)
    lang: str = Field(max_length=2, json_schema_extra=A_LANG)
    capacity: str | None = Field(default="personal", max_length=40)


class Edit(BaseModel):
    """New text for a comment, and the version it was written against. `lang` stays as it was when absent."""

    body: str = Field(max_length=RAW_LIMIT, json_schema_extra=SOMETHING)
    version: Annotated[StrictInt, Field(ge=1), WHOLE]
    lang: str | None = Field(default=None, max_length=2, json_schema_extra={"enum": [*LANGS, None]})


class Withdrawal(BaseModel):
    """The version of the comment that its author withdraws."""

    version: Annotated[StrictInt, Field(ge=1), WHOLE]


class DraftText(BaseModel):
    """What is typed so far at one place: "q:QUESTION-ID", "r:COMMENT-ID" (a reply) or "e:COMMENT-ID" (an edit)."""

    place: str = Field(pattern="^[qre]:[0-9a-f]{32}$")
    body: str = Field(max_length=RAW_LIMIT)
    lang: str = Field(max_length=2)


def check_body(body: str) -> None:
    """Raise the refusal of an empty or too long comment, naming the field; nothing is parsed before."""
    count = length(body)
    if not body.strip():
        raise invalid(body=Problem("comment.empty"))
    if count > MAX_SOURCE:
        raise invalid(body=Problem("comment.too_long", {"limit": MAX_SOURCE, "length": count}))


def check_key(key: str | None) -> str | None:
    """Return a usable idempotency key, None when there is none; raises Refusal for one that cannot be stored."""
    if not key:
        return None
    if not KEY.fullmatch(key):
        raise Refusal("field.invalid")
    return key


SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]")


class SpaceForm(BaseModel):
    """A space as the secretariat writes it: texts by language, times as ISO 8601 in the space's zone or with an offset."""

    slug: str = Field(max_length=60)
    title: dict[str, str] = Field(default_factory=dict)
    note: dict[str, str] = Field(default_factory=dict)
    policy: dict[str, str] = Field(default_factory=dict)
    edition: int | None = Field(default=None, ge=2018, le=2100)
    round_table: int | None = Field(default=None, ge=1, le=9)
    symbol: str = Field(default="", max_length=12, pattern="^[A-Z0-9-]*$")
    objectives: list[int] = Field(default_factory=list, max_length=24)
    principles: list[int] = Field(default_factory=list, max_length=20)
    languages: list[str] = Field(default_factory=list, max_length=6)
    entities: list[str] = Field(default_factory=list, max_length=20)
    premoderation: str | None = Field(default=None, pattern="^(all|newcomers|none)$")
    visibility: str = Field(default="public", pattern="^(public|members)$")
    zone: str = Field(default="America/New_York", max_length=40)
    opens_at: str = Field(default="", max_length=40)
    closes_at: str = Field(default="", max_length=40)
    version: int = Field(default=0, ge=0)

    @field_validator("slug")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not SLUG.fullmatch(value):
            raise PydanticCustomError("space.slug", "not an address")
        if value == "new":  # the address of the form for a new space
            raise PydanticCustomError("space.slug_taken", "taken")
        return value


class QuestionForm(BaseModel):
    """A guiding question: its text by language."""

    number: int = Field(ge=1, le=1000)
    text: dict[str, str]


class ExtensionForm(BaseModel):
    """A later deadline, and why."""

    closes_at: str = Field(max_length=40)
    reason: str = Field(min_length=1, max_length=1000)
    reason_lang: str = Field(default="en", max_length=2)
