"""The six languages of the forum: their order, names and direction, and the choice among them."""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeGuard, get_args

Lang = Literal["ar", "zh", "en", "fr", "ru", "es"]
"""A language of the forum: one of the six official languages of the United Nations."""

Direction = Literal["rtl", "ltr"]

LANGS: Final[tuple[Lang, ...]] = get_args(Lang)
"""The languages in the order of the switcher."""

DEFAULT_LANG: Final[Lang] = "en"

ENDONYM: Final[Mapping[Lang, str]] = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}

# The spaces of the real forum took these three, so they are the ones most likely to be written and read.
_FALLBACK: Final[tuple[Lang, ...]] = ("en", "fr", "es")

_HEADER_CHARACTERS: Final = 1_000
_HEADER_RANGES: Final = 32
_RANGE = re.compile(r"(\*|[a-z]{1,8})(?:[-_][a-z0-9_-]*)?", re.ASCII | re.IGNORECASE)
_QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?|\.[0-9]{1,3}", re.ASCII)


def is_lang(value: object) -> TypeGuard[Lang]:
    """Tell whether `value` is exactly the code of a language of the forum; `"EN"` and `"en-GB"` are not."""
    return isinstance(value, str) and value in LANGS


def direction(lang: str) -> Direction:
    """Return the writing direction of a language; any language but Arabic runs from left to right."""
    return "rtl" if lang == "ar" else "ltr"


def best_language(accept_language: str | None, default: Lang = DEFAULT_LANG) -> Lang:
    """Choose a language of the forum from an `Accept-Language` header.

    The highest quality wins and, among equals, the first named. A regional form counts as its language, `*` stands for
    every language not named, quality 0 rules a language out. Whatever does not parse is passed over, and what lies
    beyond the first 1,000 characters or 32 ranges is not read. Never raises.
    """
    named: dict[Lang, float] = {}
    others: float | None = None
    for part in (accept_language or "")[:_HEADER_CHARACTERS].split(",", _HEADER_RANGES)[:_HEADER_RANGES]:
        parsed = _language_range(part)
        if parsed is None:
            continue
        tag, quality = parsed
        if tag == "*":
            others = max(quality, others or 0.0)
        elif is_lang(tag):
            named[tag] = max(quality, named.get(tag, 0.0))
    if others is not None:
        for lang in _preference(default):
            named.setdefault(lang, others)
    wanted = [lang for lang, quality in named.items() if quality > 0]
    return max(wanted, key=lambda lang: named[lang], default=default)


def pick(texts: Mapping[str, str | None], lang: str) -> tuple[str, Lang]:
    """Return the text in `lang` or, failing that, in en, fr, es or any other language, with the language it is in.

    Missing, empty and blank texts are passed over. With no text at all the answer is `("", "en")`.
    """
    for candidate in (lang, *_preference()):
        text = texts.get(candidate)
        if is_lang(candidate) and text and not text.isspace():
            return text, candidate
    return "", DEFAULT_LANG


def _preference(first: Lang = DEFAULT_LANG) -> tuple[Lang, ...]:
    """Return every language once: `first`, then the common ones, then the rest."""
    return tuple(dict.fromkeys((first, *_FALLBACK, *LANGS)))


def _language_range(part: str) -> tuple[str, float] | None:
    """Read one `fr-CA;q=0.8` as primary tag in lower case and quality 0 to 1; None if it is malformed."""
    tag, *parameters = (piece.strip() for piece in part.split(";"))
    match = _RANGE.fullmatch(tag)
    if match is None:
        return None
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() != "q":
            continue
        if _QUALITY.fullmatch(value.strip()) is None or float(value) > 1:
            return None
        quality = float(value)
    return match[1].lower(), quality
