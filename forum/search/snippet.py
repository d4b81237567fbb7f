"""A short piece of a text around the words that were searched, as plain pieces: what is marked is told, no markup is made."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from forum.search.analyser import Query
from forum.search.words import words
from forum.text.excerpt import ELLIPSIS, excerpt

LENGTH = 260
"""Characters of a snippet at most; Chinese says as much in half of them."""


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
    """Return the part of `text` where most of the words searched stand close together, or its beginning when none does."""
    line = " ".join(text.split())
    length = LENGTH // 2 if lang == "zh" else LENGTH
    start = _start(line, places(line, lang, query), length) if len(line) > length else 0
    return marked((ELLIPSIS if start else "") + excerpt(line[start:], length), lang, query)


def _start(line: str, found: Sequence[tuple[int, int]], length: int) -> int:
    before, starts = length // 3, [start for start, _ in found]
    if not starts or starts[0] <= length - before:
        return 0
    # Where most words stand close together; the first such place of equal ones. Both lists are in order: no pair is looked at twice.
    close = [bisect_left(starts, start + length - before) - place for place, start in enumerate(starts)]
    first = starts[close.index(max(close))]
    earliest = first - before
    space = line.find(" ", earliest, first)
    return space + 1 if space >= 0 else earliest
