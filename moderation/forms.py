"""What moderators send."""

from pydantic import BaseModel, Field, StrictInt, field_validator

from forum.kernel.locales import Lang
from moderation.models import Action

TEXT_LIMIT = 4000


class DecisionForm(BaseModel):
    """A decision on a case, compare-and-set on `version`.

    `reason` is a code of `reasons.REASONS`, or free words; `text` is written to the author in `text_lang` (without it in the
    moderator's own language); `note` stays among moderators.
    """

    action: Action
    reason: str = Field(default="", max_length=TEXT_LIMIT)
    text: str = Field(default="", max_length=TEXT_LIMIT)
    text_lang: Lang | None = None
    note: str = Field(default="", max_length=TEXT_LIMIT)
    version: StrictInt = Field(ge=1)

    @field_validator("reason", "text", "note", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("text_lang", mode="before")
    @classmethod
    def _no_language(cls, value: object) -> object:
        return None if value == "" else value
