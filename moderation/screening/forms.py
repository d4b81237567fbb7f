"""What the moderators of a space send about its screening."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictInt, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from forum.kernel.locales import LANGS, Lang
from forum.web.shapes import WHOLE
from moderation.screening.models import MAX_LINKS, NEWCOMER

MOST_WORDS = 200
LONGEST_WORD = 60
MOST_LINKS, MOST_TEXTS = 50, 20

Turnable = Literal["length", "links", "repeated", "words", "personal", "accusation"]
"""Phases that a space can do without; who is read first is part of the space itself."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=LONGEST_WORD)]


class ScreeningForm(BaseModel):
    """How a space screens: greatest number of links, published texts that end being a newcomer, phases that are off, further words.

    `version` is the one that was read, 0 while the space has the defaults.
    """

    max_links: Annotated[StrictInt, Field(ge=0, le=MOST_LINKS), WHOLE] = MAX_LINKS
    newcomer_texts: Annotated[StrictInt, Field(ge=1, le=MOST_TEXTS), WHOLE] = NEWCOMER
    off: list[Turnable] = Field(default_factory=list, max_length=6)
    words: dict[Lang, list[Word]] = Field(default_factory=dict, max_length=len(LANGS))
    version: Annotated[StrictInt, Field(ge=0), WHOLE] = 0

    @model_validator(mode="after")
    def _few(self) -> "ScreeningForm":
        if any(len(words) > MOST_WORDS for words in self.words.values()):
            raise PydanticCustomError("screening.words", "too many words")
        return self
