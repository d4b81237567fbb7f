"""Texts as they are compared: what a hurried reader overlooks is folded away, in any of the six languages. All of it takes linear time."""

import re
import unicodedata
from collections.abc import Iterator

from forum.text.names import alike

LONGEST = 20_000
"""Characters that are compared: a few letters have compatibility forms eighteen times as long, and those are all alike."""
SLICE = 1_000
"""Characters put into compatibility form at a time: so long the thread keeps the others waiting."""

# Accents and points above, below and through letters, tashkeel, tatweel, joiners, marks of direction, soft hyphens, blank letters.
_OVERLOOKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u20d0-\u20ff\u2800\u3164\ufe00-\ufe0f\ufe20-\ufe2f\uffa0]"
)
# Without the vowel signs of other scripts, which tell words apart: й and ё are put together again by composing.
_ARABIC = str.maketrans("أإآٱىیئةھہکؤ", "اااايييهههكو")
_CYRILLIC = str.maketrans("ё", "е")
_LEET = str.maketrans("34578@$€", "eastbase")
_WORD = re.compile(r"[\w@$€]+")
_LETTER = re.compile(r"[^\W\d_]")
CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SENTENCE = re.compile(r"[.!?;\n。！？；؟؛…]+(?=\s|[^\x00-\x7f]|$)")


def folded(text: str) -> str:
    """Return `text` in small letters without accents, tashkeel, tatweel and invisible characters, full-width forms as the plain ones."""
    wide = "".join(unicodedata.normalize("NFKC", text[at : at + SLICE]) for at in range(0, min(len(text), LONGEST), SLICE))
    wide = wide[:LONGEST].casefold()
    if wide.isascii():
        return wide
    # Cyrillic й is a letter of its own, not an и with an accent.
    parted = unicodedata.normalize("NFD", wide.replace("й", "\ue000"))
    bare = unicodedata.normalize("NFC", _OVERLOOKED.sub("", parted)).replace("\ue000", "й")
    return bare.translate(_ARABIC).translate(_CYRILLIC)


def words(folded_text: str) -> list[str]:
    """Return the words of a folded text; Chinese runs are one word each."""
    return _WORD.findall(folded_text)


def skeleton_of(word: str) -> str:
    """Return a folded word as it looks: one letter for all look-alikes, figures and signs among letters as the letters they stand for."""
    return alike(word.translate(_LEET) if _LETTER.search(word) else word)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, roughly: it is cut at full stops, question and exclamation marks, semicolons and line ends."""
    yield from (part for part in _SENTENCE.split(text) if part.strip())


def is_chinese(text: str) -> bool:
    """Say whether a text is mostly written in Chinese characters: then characters are counted, not words."""
    return len(CHINESE.findall(text)) * 2 > len(_LETTER.findall(text))
