"""Lists of words in data files, and whether a text holds one of them.

A line is a word or a phrase; `stem*` stands for all words that begin so; what stands after "#" is a remark. Lines in Chinese are
looked for anywhere, since Chinese has no spaces between words; an Arabic word is also found behind its article and prepositions.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forum.kernel.locales import LANGS
from moderation.screening.folding import CHINESE, folded, skeleton_of, words

LONGEST_PHRASE = 6
"""Words of a phrase."""
SHORTEST_STEM = 4
LONGEST_STEM = 16
_ARTICLES = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل", "و", "ف", "ب", "ل", "ك", "س")

Look = Callable[[str], str]
"""How words are made comparable after folding."""


def plain(word: str) -> str:
    """Return the word itself."""
    return word


@dataclass(frozen=True, slots=True)
class WordList:
    """Words, stems, phrases and Chinese words, all made comparable by `look`."""

    exact: frozenset[str]
    stems: frozenset[str]
    phrases: frozenset[tuple[str, ...]]
    chinese: tuple[str, ...]
    look: Look

    def holds(self, text: str) -> bool:
        """Say whether the folded text holds anything of the list; steps grow with its length only."""
        found = [self.look(word) for word in words(text)]
        return (
            any(map(self._is_listed, found))
            or any(one in text for one in self.chinese)
            or (bool(self.phrases) and self._has_phrase(found))
        )

    def hits(self, text: str) -> list[str]:
        """Return what of the list the folded text holds, as it stands there, in no particular order."""
        told = words(text)
        found = [self.look(word) for word in told]
        single = [word for word, one in zip(told, found, strict=True) if self._is_listed(one)]
        several = [
            " ".join(told[at : at + size])
            for at in range(len(found))
            for size in range(2, min(LONGEST_PHRASE, len(found) - at) + 1)
            if tuple(found[at : at + size]) in self.phrases
        ]
        return [*single, *(one for one in self.chinese if one in text), *several]

    def _is_listed(self, word: str) -> bool:
        return any(one in self.exact or self._begins(one) for one in bare(word))

    def _begins(self, word: str) -> bool:
        return any(word[:size] in self.stems for size in range(SHORTEST_STEM, min(len(word), LONGEST_STEM) + 1))

    def _has_phrase(self, found: Sequence[str]) -> bool:
        return any(
            tuple(found[at : at + size]) in self.phrases
            for at in range(len(found))
            for size in range(2, min(LONGEST_PHRASE, len(found) - at) + 1)
        )


def bare(word: str) -> tuple[str, ...]:
    """Return a word and, in Arabic, what is left of it without an article or a preposition."""
    if not "\u0600" <= word[:1] <= "\u06ff":
        return (word,)
    return (word, *(word[len(begin) :] for begin in _ARTICLES if word.startswith(begin) and len(word) > len(begin) + 2))


def made_of(lines: Iterable[str], look: Look = plain) -> WordList:
    """Return the list that these lines say."""
    exact, stems, phrases, chinese = set[str](), set[str](), set[tuple[str, ...]](), list[str]()
    for line in lines:
        entry = folded(line.partition("#")[0]).strip()
        found = tuple(look(word) for word in words(entry))
        if not found:
            continue
        if CHINESE.search(entry):
            chinese.append(entry)
        elif len(found) > 1:
            phrases.add(found[:LONGEST_PHRASE])
        elif entry.endswith("*") and len(found[0]) >= SHORTEST_STEM:
            stems.add(found[0][:LONGEST_STEM])
        else:
            exact.add(found[0])
    return WordList(frozenset(exact), frozenset(stems), frozenset(phrases), tuple(chinese), look)


@cache
def shipped(kind: str, look: Look = plain, langs: Sequence[str] = LANGS) -> WordList:
    """Return the lists `data/<kind>_<lang>.txt` of these languages together."""
    folder = files(__package__) / "data"
    lines = [line for lang in langs for line in (folder / f"{kind}_{lang}.txt").read_text(encoding="utf-8").splitlines()]
    return made_of(lines, look)


def disguised(lines: Iterable[str]) -> WordList:
    """Return a list that sees through look-alike letters and figures."""
    return made_of(lines, skeleton_of)
