"""The catalogues against the sources: what is missing, empty, fuzzy or differs in its placeholders.

`python -m tests.house.catalogue [LANGUAGE …]` prints it for translators, the first faults of each language or all of
the languages named, with exit status 1 when anything is wrong.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.house.sources import ROOT

TRANSLATED = ("ar", "es", "fr", "ru", "zh")
LANGUAGES = ("en", *TRANSLATED)
PLURALS = {"ar": 6, "en": 2, "es": 2, "fr": 2, "ru": 3, "zh": 1}
# `%(name)s` is filled in by the server, `{n}` by the page.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
FIRST = 4
Words = tuple[str, ...]


@cache
def extracted() -> frozenset[Words]:
    """Every message in the sources: (singular,) or (singular, plural). The same mapping as `make messages`."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    keywords = {**DEFAULT_KEYWORDS, "N_": None, "plural_messages": (1, 2)}
    found = extract_from_dir(ROOT, methods, options, keywords=keywords, directory_filter=ours)
    return frozenset(words(message) for _, _, message, _, _ in found if message)


def ours(folder: object) -> bool:
    """Only the sources are looked through: not the environment, not builds."""
    inside = str(folder).removeprefix(f"{ROOT}/").split("/")[0]
    return inside in ("forum", "moderation", "templates")


def words(message: str | tuple[str, ...] | list[str]) -> Words:
    return (message,) if isinstance(message, str) else tuple(message)


@cache
def catalogue(language: str) -> Catalog:
    """One of the six, as the forum reads it."""
    path = ROOT / "forum" / "locale" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def missing(language: str) -> set[Words]:
    """Messages of the sources that the catalogue does not know. Run `make messages`."""
    return set(extracted()) - {words(message.id) for message in catalogue(language) if message.id}


def gone(language: str) -> set[Words]:
    """Messages of the catalogue that no source uses any more. Run `make messages`."""
    return {words(message.id) for message in catalogue(language) if message.id} - set(extracted())


def faults(language: str) -> Iterator[str]:
    """What is wrong with the translations themselves, one line each."""
    for message in catalogue(language):
        if message.id and (wrong := fault(language, message)):
            yield f"{language}: {words(message.id)[0]!r}: {wrong}"


def fault(language: str, message: Message) -> str:
    """What is wrong with one translation, or ''."""
    given, meant = words(message.string or ""), words(message.id)
    if not all(given):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    if len(meant) == 2 and len(given) != PLURALS[language]:
        return f"{len(given)} plural forms, {PLURALS[language]} wanted"
    # A form for one or two may leave the number out ("one comment"); none may invent a name.
    wanted = {name for form in meant for name in PLACEHOLDER.findall(form)}
    optional = {"%(num)s"} if len(meant) == 2 else set()
    for form in given:
        has = set(PLACEHOLDER.findall(form))
        if has - wanted or wanted - has - optional:
            return f"placeholders {sorted(has)}, {sorted(wanted)} wanted"
        # A stray % breaks formatting only where there is something to format.
        if "%(" in meant[0] and re.search(r"%(?!\(\w+\)[sd]|%)", form):
            return "a % that is no placeholder"
    return ""


def main(named: Sequence[str]) -> int:
    """Print the state of the six catalogues, or of the named ones in full."""
    wrong = 0
    for language in named or LANGUAGES:
        try:
            lines = [f"{language}: {one[0]!r}: not in the catalogue (make messages)" for one in sorted(missing(language))]
            lines += [f"{language}: {one[0]!r}: used nowhere (make messages)" for one in sorted(gone(language))]
            lines += faults(language) if language in TRANSLATED else []
        except FileNotFoundError:
            lines = [f"{language}: no catalogue (make messages)"]
        wrong += len(lines)
        shown = lines if named or len(lines) <= FIRST else [*lines[:FIRST], f"… and {len(lines) - FIRST} more"]
        print(f"{language}: {len(extracted())} messages, {len(lines)} faults", *shown, sep="\n  ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
