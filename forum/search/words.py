"""The words of a text in any script, each with its place, in one normal form for texts and for what is searched."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MAX_WORD = 40
"""Characters of a word that count; what follows is not compared."""

# Written without spaces: pairs of neighbours stand for words.
_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
    "\u3005-\u3007\u3041-\u3096\u3099\u309a\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# Inside a word and of no weight: joiners, direction marks, soft hyphen, Arabic tatweel, variation selectors.
_WEIGHTLESS = "\u00ad\u0640\u061c\u200c-\u200f\u2060\ufe00-\ufe0f"
_APOSTROPHES = "'\u2019\u02bc\uff07"
_ELIDED = frozenset(
    ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all", "nell", "sull"]
)
"""What French and Italian put before an apostrophe: the word begins behind it, in a text of any language."""


def _marks() -> str:
    """Return all combining marks as ranges for a character class."""
    marks = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"]
    known = set(marks)
    starts = [code for code in marks if code - 1 not in known]
    ends = [code for code in marks if code + 1 not in known]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))


_LETTER = rf"[^\W_{_UNSPACED}]"
_INSIDE = f"[{_marks()}{_WEIGHTLESS}]"
_WORD = re.compile(f"[{_UNSPACED}]+|{_LETTER}+(?:{_INSIDE}+{_LETTER}*|[{_APOSTROPHES}](?=[^\\W_]){_LETTER}*)*")
_RUN = re.compile(f"[{_UNSPACED}]")
_SILENT = re.compile(f"[{_WEIGHTLESS}{_APOSTROPHES}]")
_APART = re.compile(f"[{_APOSTROPHES}]")
# Letters that the normal form keeps whole, though people write them as two or without their sign.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ё": "е"})


class Word(NamedTuple):
    """A word as it is compared, and where it stands: `text[start:end]`.

    `gram` tells that it is a letter, or a pair of neighbours, of a script without spaces; `inner` that it is a letter with neighbours.
    """

    text: str
    start: int
    end: int
    gram: bool = False
    inner: bool = False


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` in their order. In scripts without spaces every letter and every pair of neighbours is one."""
    for found in _WORD.finditer(text):
        raw, start = found[0], found.start()
        if raw.isascii() and "'" not in raw:
            yield Word(raw.lower()[:MAX_WORD], start, found.end())
        elif _RUN.match(raw):
            yield from _grams(raw, start)
        else:
            for word in _spelled(raw) if len(raw) <= MAX_WORD else _spelled.__wrapped__(raw):  # long ones would fill the cache
                yield word._replace(start=start + word.start, end=start + word.end)


def _grams(run: str, start: int, end: int = 0) -> Iterator[Word]:
    """Yield letters and pairs of a run; with `end` all of them stand for the whole of `start` to `end`."""
    # A letter of Thai or Lao may be two in the normal form, as others type it.
    letters = [(letter, at) for at, written in enumerate(run) for letter in unicodedata.normalize("NFKC", written)]
    many = len(letters) > 1
    for (letter, at), after in zip(letters, [*letters[1:], None], strict=True):
        here = start if end else start + at
        yield Word(letter, here, end or here + 1, True, many)
        if after:
            yield Word(letter + after[0], here, end or start + after[1] + 1, True)


@lru_cache(maxsize=20_000)
def _spelled(raw: str) -> tuple[Word, ...]:
    """Return what a run of letters stands for, its places counted from its beginning."""
    parts, start, end = _APART.split(raw), 0, len(raw)
    while len(parts) > 1 and parts[0].casefold() in _ELIDED:
        start += len(parts.pop(0)) + 1
    if len(parts) > 1 and parts[-1] in {"s", "S"}:
        end -= len(parts.pop()) + 1
    found: list[Word] = []
    for piece in _WORD.findall(normal("".join(parts))):
        found += _grams(piece, start, end) if _RUN.match(piece) else [Word(piece[:MAX_WORD], start, end)]
    return tuple(found)


def normal(word: str) -> str:
    """Return the one form of a word's spellings: compatible forms, case, digits, joiners and ligatures made alike."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    plain = _SILENT.sub("", folded).translate(_LETTERS)
    return plain if plain.isascii() else "".join(_digit(char) for char in plain)


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char
