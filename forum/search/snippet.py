"""A short piece of a text around the words that were searched, as plain pieces: what is marked is told, no markup is made."""

from dataclasses import dataclass

from forum.search.analyser import Query
from forum.search.words import words
from forum.text.excerpt import ELLIPSIS, excerpt

LENGTH = 260
"""Characters of a snippet at most."""
_BEFORE = 80
"""Characters before the first word found, at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of plain text: escape it. `found` tells that it is a word that was searched."""

    text: str
    found: bool = False


def places(text: str, lang: str, query: Query) -> list[tuple[int, int]]:
    """Return where in `text` the searched words stand, in order; neighbours that touch are one."""
    merged: list[tuple[int, int]] = []
    for word in filter(query.matcher(lang), words(text)):
        if merged and word.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], word.end))
        else:
            merged.append((word.start, word.end))
    return merged


def marked(text: str, lang: str, query: Query) -> list[Piece]:
    """Return the whole of `text` in pieces."""
    pieces, at = [], 0
    for start, end in places(text, lang, query):
        pieces += [Piece(text[at:start]), Piece(text[start:end], found=True)]
        at = end
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text]


def snippet(text: str, lang: str, query: Query) -> list[Piece]:
    """Return the part of `text` where most different words stand first, or its beginning when none does."""
    line = " ".join(text.split())
    start = _start(line, lang, query)
    cut = excerpt(line[start:], LENGTH)
    return marked((ELLIPSIS if start else "") + cut, lang, query)


def _start(line: str, lang: str, query: Query) -> int:
    found = places(line, lang, query)
    if len(line) <= LENGTH or not found or found[0][1] <= LENGTH - _BEFORE:
        return 0
    # The densest window, the first one of those that are equal.
    first = max(found, key=lambda one: (sum(one[0] <= other[0] < one[0] + LENGTH - _BEFORE for other in found), -one[0]))[0]
    earliest = max(0, first - _BEFORE)
    space = line.find(" ", earliest, first)
    return space + 1 if space >= 0 else earliest
