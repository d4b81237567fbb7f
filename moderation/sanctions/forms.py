"""What is sent about sanctions: by the desk, and by the person concerned."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from forum.kernel.locales import Lang
from forum.web.shapes import SOMETHING, WHOLE, or_empty, or_null, when
from moderation.forms import TEXT_LIMIT
from moderation.reasons import BY_CODE
from moderation.sanctions.models import Outcome, SanctionKind

SHORTEST, LONGEST = 60, 7 * 24 * 3600
"""Seconds between two posts of somebody slowed down: at least and at most."""


class Words(BaseModel):
    """Words to the person in `text_lang`; without it in the writer's own language."""

    text: str = Field(max_length=TEXT_LIMIT, json_schema_extra=SOMETHING)
    text_lang: Lang | None = Field(default=None, json_schema_extra=or_empty)

    @field_validator("text", mode="after")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise PydanticCustomError("sanction.words", "empty")
        return value.strip()

    @field_validator("text_lang", mode="before")
    @classmethod
    def _no_language(cls, value: object) -> object:
        return None if value == "" else value


_EVERY: JsonDict = {"required": ["every"], "properties": {"every": {"type": "integer"}}}


class SanctionForm(Words):
    """A sanction on a person: in the space with the address `space`, or in the whole forum when that is empty.

    `days` is how long it lasts, null for no end; `every` the seconds between two posts, for `slow` alone; `reason` a code of
    `reasons.REASONS`; `case` the case that it follows from; `note` stays at the desk.
    """

    model_config = ConfigDict(json_schema_extra={"allOf": [when("kind", [SanctionKind.SLOW.value], _EVERY)]})

    person: str = Field(max_length=32)
    space: str = Field(default="", max_length=60)
    kind: SanctionKind
    every: Annotated[StrictInt, Field(ge=SHORTEST, le=LONGEST), WHOLE] | None = None
    days: Annotated[StrictInt, Field(ge=1, le=3650), WHOLE] | None = None
    reason: str = Field(max_length=24, json_schema_extra={"enum": [*sorted(BY_CODE)]})
    note: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    case: str | None = Field(default=None, max_length=32)

    @field_validator("reason")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in BY_CODE:
            raise PydanticCustomError("field.choice", "no such reason")
        return value

    @field_validator("note", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("case", mode="before")
    @classmethod
    def _no_case(cls, value: object) -> object:
        return None if value == "" else value


class LiftForm(Words):
    """Why a sanction is lifted, and the version that is meant."""

    version: Annotated[StrictInt, Field(ge=1), WHOLE]


class AnswerForm(Words):
    """What an appeal comes to and why, and the version of the sanction that is meant."""

    outcome: Outcome
    version: Annotated[StrictInt, Field(ge=1), WHOLE]


class MeasureAppealForm(BaseModel):
    """What the person says against a sanction, in `lang`; without it in their own language."""

    text: str = Field(max_length=TEXT_LIMIT, json_schema_extra=SOMETHING)
    lang: Lang | None = Field(default=None, json_schema_extra=or_empty)

    @field_validator("text", mode="after")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise PydanticCustomError("sanction.appeal_words", "empty")
        return value.strip()

    @field_validator("lang", mode="before")
    @classmethod
    def _no_language(cls, value: object) -> object:
        return None if value == "" else value
