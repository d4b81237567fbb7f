"""What moderators send."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator
from pydantic.config import JsonDict

from forum.kernel.locales import Lang
from forum.web.shapes import SAID, WHOLE, or_empty, or_null, when
from moderation.models import REASONED, Action
from moderation.reasons import OTHER

TEXT_LIMIT = 4000
UNDO_LIMIT = 60
"""Seconds for which a decision can wait to be undone, at most."""


GIVEN: JsonDict = {"required": ["reason"], "properties": {"reason": SAID}}


def _worded(*names: str) -> JsonDict:
    """Return what describes a reason that only words can give: in one of these fields."""
    return {"anyOf": [{"required": [name], "properties": {name: SAID}} for name in names]}


def reasoned(*words: str, also: Sequence[JsonDict] = ()) -> JsonDict:
    """Return what describes which decisions need what: a reason, and words in one of these fields, if any, where it is the other one."""
    other = [when("action", sorted(REASONED), when("reason", [OTHER], _worded(*words)))] if words else []
    return {"allOf": [when("action", sorted(REASONED), GIVEN), *other, *also]}


_PLACES = [
    when("action", [Action.MOVE.value], {"required": ["question"], "properties": {"question": {"type": "integer"}}}),
    when("action", [Action.MERGE.value], {"required": ["parent"], "properties": {"parent": SAID}}),
]


class DecisionForm(BaseModel):
    """A decision on a case, compare-and-set on `version`.

    `reason` is a code of the reasons of the space, or free words; `reason_text` words it for this one text, in place of the usual
    wording in every language; `facts` say what in the text it rests on, `text` is written to the
    author, all in `text_lang` (without it in the moderator's own language); `note` stays among moderators. `question` and `parent` say
    where a text is moved to, or below which comment it is merged. `undo` is for how many seconds the decision can be taken back before it
    is carried out; without it, it is carried out at once.
    """

    model_config = ConfigDict(json_schema_extra=reasoned("reason_text", "text", also=_PLACES))

    action: Action
    reason: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    reason_text: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    text: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    text_lang: Lang | None = Field(default=None, json_schema_extra=or_empty)
    note: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    facts: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    question: Annotated[StrictInt, Field(ge=1, le=1000), WHOLE] | None = None
    parent: str | None = Field(default=None, max_length=32)
    undo: Annotated[StrictInt, Field(ge=0, le=UNDO_LIMIT), WHOLE] | None = None
    version: Annotated[StrictInt, Field(ge=1), WHOLE]

    @field_validator("reason", "reason_text", "text", "note", "facts", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("text_lang", "parent", mode="before")
    @classmethod
    def _no_language(cls, value: object) -> object:
        return None if value == "" else value
