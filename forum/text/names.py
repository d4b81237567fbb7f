"""Names that people choose: what may be one, and which two would be taken for each other."""

import re
import unicodedata

MIN_NAME = 2
MAX_NAME = 80
MAX_MARKS = 4
"""Most combining marks on one letter of a name."""

INVALID = "name.invalid"
"""The key (of `kernel.messages`) that `clean_name` raises."""

_JOINERS = "\u200c\u200d"
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")

# Letters of other scripts, after case folding and without accents, that look like a Latin letter.
# Lower-case letters without accents that look like a Latin letter or figure. Where capital and small letter resemble
# different ones (Greek "Η"/"η"), the capital counts: it is acronyms such as OHCHR that get imitated.
_CYRILLIC = ("абвгґезкмнопрстухьѕіјһԁԛԝүӏєѵѡ", "a6brre3kmhonpctyxbsijhdqwyievw")
_GREEK = ("αβγεζηικμνορστυχω", "abyezhikmnopctyxw")
_OTHERS = ("օոսհյɑɡɩıøđħłŧðþəʟɴʀ", "onuhjagiiodhltdpelnr")
_ARABIC = ("ىیکةہھ", "ييكههه")
_SIMILAR = ("01i|", "olll")
_FOLDED = str.maketrans(
    {
        char: like
        for chars, likes in (_CYRILLIC, _GREEK, _OTHERS, _ARABIC, _SIMILAR)
        for char, like in zip(chars, likes, strict=True)
    }
    | {"m": "rn", "w": "vv", "æ": "ae", "œ": "oe"}  # letters that look like two
)


def clean_name(name: str) -> str:
    """Return `name` in Unicode form NFC with single spaces, its parts in the person's own order.

    Raises ValueError("name.invalid") for fewer than 2 or more than 80 characters, without a letter, and with control,
    bidirectional or invisible characters, symbols and emoji (they imitate badges), or heaps of combining marks. The joiners
    of Persian and Indic names are allowed between letters of those scripts.
    """
    if len(name) > MAX_NAME * 4:
        raise ValueError(INVALID)
    cleaned = re.sub(" +", " ", _spaced(name)).strip(" ")
    if not MIN_NAME <= len(cleaned) <= MAX_NAME:
        raise ValueError(INVALID)
    kinds = [unicodedata.category(char) for char in cleaned]
    if not any(kind[0] == "L" for kind in kinds) or any(char in _BLANK_LETTERS for char in cleaned):
        raise ValueError(INVALID)
    for at, kind in enumerate(kinds):
        allowed_joiner = cleaned[at] in _JOINERS and _joins(cleaned, at)
        if (kind[0] == "C" and not allowed_joiner) or kind in ("Zl", "Zp", "So"):
            raise ValueError(INVALID)
        if kind in ("Mn", "Me") and (at == 0 or all(k in ("Mn", "Me") for k in kinds[max(0, at - MAX_MARKS) : at])):
            raise ValueError(INVALID)
    return cleaned


def skeleton(name: str) -> str:
    """Return what is left of `name` when everything a hurried reader overlooks is folded away; "" for no letter at all.

    Two names with one skeleton must not both exist: case, accents, spaces, punctuation, invisible characters, letters of
    Cyrillic and Greek that look Latin, figures that look like letters, and Arabic spelling variants do not count. Never shown.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFD", folded) if _counts(char))
    figures = "".join(str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char for char in bare)
    return unicodedata.normalize("NFC", alike(figures))


def alike(folded: str) -> str:
    """Return `folded`, which is in lower case and without accents, with one letter for all those that look like it."""
    # Twice: a look-alike may turn into a letter that is itself folded (Cyrillic "і", Latin "i", "l").
    return folded.translate(_FOLDED).translate(_FOLDED)


def _spaced(name: str) -> str:
    """Return `name` in NFC with every kind of space (not line ends or tabs) as a plain one."""
    text = unicodedata.normalize("NFC", name)
    return "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)


def _joins(text: str, at: int) -> bool:
    """Say whether the joiner at `at` stands between two letters or signs of scripts that use joiners (Arabic to Thai)."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all("\u0620" <= char <= "\u0dff" for char in around)


def _counts(char: str) -> bool:
    """Say whether `char` of a decomposed name tells two names apart: letters, figures, and signs that are vowels."""
    kind = unicodedata.category(char)
    if kind[0] in "LN" or char == "|":
        return char != "\u0640" and char not in _BLANK_LETTERS  # tatweel only stretches
    if kind == "Me" or char == "\u034f" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return False
    # Accents above, below and through a letter, Hebrew and Arabic points; Indic and Thai vowel signs have other classes.
    combining = unicodedata.combining(char)
    return kind[0] == "M" and not (combining == 1 or 10 <= combining <= 36 or combining >= 200)
