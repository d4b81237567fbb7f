"""What is sent to change the rules of a space."""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from forum.kernel.locales import LANGS, Lang
from forum.web.shapes import WHOLE, some_language
from moderation.forms import TEXT_LIMIT, UNDO_LIMIT

NAME_LIMIT = 80
NEW = "new"
"""In an address: a reason or a phrase that is not there yet."""
GOAL_LIMIT = 30
APPEAL_LIMIT = 90


def _trimmed(value: object) -> object:
    """Return texts by language without those that are empty; what is no language stays, to be refused."""
    if not isinstance(value, dict):
        return value
    texts = {lang: text.strip() if isinstance(text, str) else text for lang, text in value.items()}
    return {lang: text for lang, text in texts.items() if text not in ("", None) or lang not in LANGS}


def _limited(limit: int) -> BeforeValidator:
    def check(value: object) -> object:
        kept = _trimmed(value)
        if isinstance(kept, dict) and any(isinstance(text, str) and len(text) > limit for text in kept.values()):
            raise PydanticCustomError("field.too_long", "too long", {"limit": limit})
        return kept

    return BeforeValidator(check)


def _short(limit: int) -> WithJsonSchema:
    """Describe the limit, which is checked above: with a refusal that names it."""
    return WithJsonSchema({"type": "string", "maxLength": limit})


Names = Annotated[dict[Lang, Annotated[str, _short(NAME_LIMIT)]], _limited(NAME_LIMIT)]
Texts = Annotated[dict[Lang, Annotated[str, _short(TEXT_LIMIT)]], _limited(TEXT_LIMIT)]


class SettingsForm(BaseModel):
    """How a space is moderated, compare-and-set on `version`.

    `goal_days` are working days until a case is late, `undo_seconds` for how long a decision of the desk's pages can be undone,
    `appeal_days` for how long an author may appeal.
    """

    goal_days: Annotated[StrictInt, Field(ge=1, le=GOAL_LIMIT), WHOLE]
    four_eyes: StrictBool
    recuse_entity: StrictBool
    recuse_nationality: StrictBool
    undo_seconds: Annotated[StrictInt, Field(ge=0, le=UNDO_LIMIT), WHOLE]
    appeal_days: Annotated[StrictInt, Field(ge=1, le=APPEAL_LIMIT), WHOLE]
    version: Annotated[StrictInt, Field(ge=1), WHOLE]


CODE = re.compile(r"^[a-z][a-z0-9-]{1,23}$")


class ReasonWords(BaseModel):
    """A reason of a space: the clause of its policy, a short name and what it tells the author, by language.

    Without `four_eyes` or `place` these stay as they are; a new reason asks for no second moderator and is the last.
    """

    clause: str = Field(default="", max_length=40)
    name: Names
    text: Texts
    four_eyes: StrictBool | None = None
    place: Annotated[StrictInt, Field(ge=0, le=1000), WHOLE] | None = None


class ReasonForm(ReasonWords):
    """A reason with the code that it has in the space."""

    code: str = Field(min_length=2, max_length=24, pattern=CODE.pattern)

    @field_validator("code")
    @classmethod
    def _free(cls, value: str) -> str:
        if value == NEW:
            raise PydanticCustomError("field.choice", "this word is part of an address")
        return value


class PhraseForm(BaseModel):
    """Words that moderators use again: a title for the list and the words themselves, by language."""

    model_config = ConfigDict(json_schema_extra=some_language("title", "text"))

    title: Names
    text: Texts
    place: Annotated[StrictInt, Field(ge=0, le=1000), WHOLE] = 0


class ScopeForm(BaseModel):
    """What a moderator is given in a space: languages (none: all), and of which State they are a national.

    `nationality` is "" if that is not to be noted; without it, what is noted stays.
    """

    languages: list[Lang] = Field(default_factory=list, max_length=len(LANGS))
    nationality: str | None = Field(default=None, max_length=3)
