"""A text as the phases read it, in a space with the usual rules or others."""

from forum.text.markup import render
from moderation.screening.reading import Reading, Rules


def reading(source: str, lang: str = "en", rules: Rules | None = None) -> Reading:
    """Return what the phases are given for this text."""
    return Reading(render(source, anchor="x"), lang, rules or Rules())
