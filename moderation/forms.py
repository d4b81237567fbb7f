"""What moderators send."""

from pydantic import BaseModel, Field, StrictInt, field_validator

from forum.kernel.locales import Lang
from forum.web.shapes import or_empty, or_null
from moderation.models import Action

TEXT_LIMIT = 4000
UNDO_LIMIT = 60
"""Seconds for which a decision can wait to be undone, at most."""


class DecisionForm(BaseModel):
    """A decision on a case, compare-and-set on `version`.

    `reason` is a code of the reasons of the space, or free words; `reason_text` words it for this one text, in place of the usual
    wording in every language; `facts` say what in the text it rests on, `text` is written to the
    author, all in `text_lang` (without it in the moderator's own language); `note` stays among moderators. `question` and `parent` say
    where a text is moved to, or below which comment it is merged. `undo` is for how many seconds the decision can be taken back before it
    is carried out; without it, it is carried out at once.
    """

    action: Action
    reason: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    reason_text: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    text: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    text_lang: Lang | None = Field(default=None, json_schema_extra=or_empty)
    note: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    facts: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    question: StrictInt | None = Field(default=None, ge=1, le=1000)
    parent: str | None = Field(default=None, max_length=32)
    undo: StrictInt | None = Field(default=None, ge=0, le=UNDO_LIMIT)
    version: StrictInt = Field(ge=1)

    @field_validator("reason", "reason_text", "text", "note", "facts", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("text_lang", "parent", mode="before")
    @classmethod
    def _no_language(cls, value: object) -> object:
        return None if value == "" else value
