"""A text as the phases read it: all that takes long is worked out once, beside the event loop."""

from dataclasses import dataclass, field
from functools import cached_property

from forum.text.markup import Rendered
from moderation.screening.folding import folded
from moderation.screening.models import MAX_LINKS, NEWCOMER


@dataclass(frozen=True, slots=True)
class Rules:
    """What one space asks of the phases; see `models.ScreeningSettings`."""

    max_links: int = MAX_LINKS
    newcomer_texts: int = NEWCOMER
    off: frozenset[str] = frozenset()
    words: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A text, its language, and the rules of its space."""

    text: Rendered
    lang: str
    rules: Rules

    @cached_property
    def folded(self) -> str:
        """The text as it is compared, with the addresses of its links: what is not shown is read all the same."""
        return folded(self.text.source)
