"""Whether a sentence names one of the 195 States, by its formal, Protocol or everyday name, in any of the six languages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forum.kernel.locales import LANGS
from forum.objectives.countries import countries
from moderation.screening.folding import CHINESE, folded, words
from moderation.screening.lists import bare

LONGEST_NAME = 8
"""Words of a name that are compared."""
_ENDINGS = (
    "",
    "а",
    "у",
    "е",
    "ы",
    "и",
    "я",
    "ю",
    "ь",
    "й",
    "ой",
    "ом",
    "ою",
    "ей",
    "ем",
    "ии",
    "ию",
    "ия",
    "ией",
    "ам",
    "ах",
    "ами",
)
"""Endings of Russian names in their cases."""
_ARTICLES = frozenset({"the", "le", "la", "les", "el", "los", "las", "l", "of", "de", "du", "des", "del", "d", "et", "and", "y"})


@dataclass(frozen=True, slots=True)
class Names:
    """Names by their first word; `careful` are names that are words of the language too: they count only with a capital letter."""

    by_first: Mapping[str, tuple[tuple[str, ...], ...]]
    chinese: Mapping[str, tuple[str, ...]]
    careful: frozenset[str]


def names_a_state(sentence: str, plain: str) -> bool:
    """Say whether a sentence names a State; `plain` is the same sentence folded. Steps grow with its length only."""
    known = _names()
    if any(plain.startswith(name, at) for at in range(len(plain)) for name in known.chinese.get(plain[at : at + 2], ())):
        return True
    found = [_stem(word) for word in words(plain)]
    for at, forms in enumerate(found):
        for form in forms:
            for name in known.by_first.get(form, ()):
                if _follows(found, at, name) and (form not in known.careful or len(name) > 1 or _capital(sentence, form)):
                    return True
    return False


def _follows(found: list[tuple[str, ...]], at: int, name: tuple[str, ...]) -> bool:
    """Say whether the words from `at` on are those of the name."""
    return len(found) >= at + len(name) and all(
        word in forms for word, forms in zip(name, found[at : at + len(name)], strict=True)
    )


def _capital(sentence: str, stem: str) -> bool:
    """Say whether a word that begins so stands in the sentence with a capital letter."""
    return any(word[:1].isupper() and folded(word).startswith(stem) for word in words(sentence))


def _stem(word: str) -> tuple[str, ...]:
    """Return the forms by which a word is looked for: itself, in Arabic without its article, in Russian without each ending it has."""
    if "\u0400" <= word[:1] <= "\u04ff":
        return tuple(word[: len(word) - len(end)] for end in _ENDINGS if word.endswith(end) and len(word) - len(end) > 2) or (
            word,
        )
    return bare(word)


def _shortest(word: str) -> str:
    """Return the form of a name's word that all its cases have."""
    return min(_stem(word), key=len) if "\u0400" <= word[:1] <= "\u04ff" else word


@cache
def _names() -> Names:
    everyday = json.loads((files(__package__) / "data" / "state_names.json").read_text(encoding="utf-8"))
    left_out = {folded(one) for one in everyday["left_out"]}
    by_first: dict[str, set[tuple[str, ...]]] = {}
    chinese: dict[str, set[str]] = {}
    for name in {folded(name) for name in _all_names(everyday["names"])} - left_out:
        if CHINESE.search(name):
            chinese.setdefault(name[:2], set()).add(name)
        elif found := tuple(_shortest(word) for word in words(name))[:LONGEST_NAME]:
            by_first.setdefault(found[0], set()).add(found)
    return Names(
        {first: tuple(names) for first, names in by_first.items()},
        {first: tuple(names) for first, names in chinese.items()},
        frozenset(_shortest(folded(one)) for one in everyday["careful"]),
    )


def _all_names(everyday: list[str]) -> Iterator[str]:
    for state in countries():
        for lang in LANGS:
            # "Bolivia (Plurinational State of)" is called Bolivia, too.
            for name in (state.name(lang), state.formal_name(lang), state.name(lang).partition("(")[0]):
                yield _without_article(name.strip())
    yield from everyday


def _without_article(name: str) -> str:
    first, _, rest = name.replace("’", " ").replace("'", " ").partition(" ")
    return rest if rest and folded(first) in _ARTICLES else name
