"""One analyser for both engines: a text becomes tokens, what is searched becomes terms, and both are made of the same forms.

A form is the stem of a word in one language. A text is analysed in its own language; a word that is searched in every language of its
script, so that it finds texts in all of them: a term is one word, its alternatives are its forms.

Letters of Latin, Cyrillic and Arabic script are stemmed (Snowball) and lose their accents, Chinese and other scripts without spaces are
compared by pairs of neighbours, and words in all other scripts as they are.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from forum.search.words import Word, words

MAX_QUERY = 200
"""Characters that can be searched for at once."""

_SNOWBALL = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
# Stems of different languages in one script are told apart: French "pays" is not English "pay".
_LATIN = {"en": "e", "es": "s", "fr": "f"}
_ACCENTS = re.compile("[\u0300-\u036f]")
# Plural and feminine: the French stemmer goes by accents and is lost without them.
_FRENCH_END = re.compile("(?<=..)e{0,2}[sx]?$")
_STRESS = re.compile("[\u0300\u0301]")
_VOWELS = re.compile("[\u064b-\u065f\u0670\u06d6-\u06ed]")
# The article with "and", "so", "with", "as" or "for" before it.
_ARTICLE = re.compile("^[وف]?(?:[بك]?ال|لل)(?=.{3})")
# The sound feminine plural, which the stemmer leaves half of.
_PLURAL = re.compile("(?<=...)ات$")
_ARABIC_LETTERS = str.maketrans("أإآٱىئیؤةک", "اااايييوهك")

_LITTLE_WORDS = """
a an and are as at be by for from in is it of on or that the this to with
au aux avec ce ces dans de des du en est et la le les ou par pour que qui sur un une
al con del el es las los por se su una y o e
в во и к на не о об от по с со что это для из у за
و في من على إلى الى عن أن ان أو او ما لا هذا هذه
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
"""Words that say too little to be asked for beside others."""

_own = threading.local()


def _stem(word: str, lang: str) -> str:
    # A stemmer of the library serves one thread at a time.
    kept: dict[str, Stemmer.Stemmer] = _own.__dict__.setdefault("stemmers", {})
    if lang not in kept:
        kept[lang] = Stemmer.Stemmer(_SNOWBALL[lang])
    return str(kept[lang].stemWord(word))


def _plain(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


@lru_cache(maxsize=50_000)
def forms(word: str, lang: str) -> tuple[str, ...]:
    """Return the forms of a word (see `words`) in a text of the language `lang`: one, or two where accents change the stem."""
    first = word[0]
    if not word.isalpha() and any(char.isdigit() for char in word):
        return (_plain(word),)
    if first < "\u0250" or "\u1e00" <= first <= "\u1eff":
        spoken = lang if lang in _LATIN else "en"
        mark = _LATIN[spoken]
        plain = _plain(word)
        # Who searches without accents is answered too: what is left of the bare word is kept beside the bare stem.
        bare = _FRENCH_END.sub("", plain) if spoken == "fr" else _stem(plain, spoken)
        return tuple(dict.fromkeys((mark + _plain(_stem(word, spoken)), mark + bare)))
    if "\u0400" <= first <= "\u052f":
        return (_stem(_STRESS.sub("", word), "ru"),)
    if "\u0600" <= first <= "\u077f":
        return (_arabic(word),)
    return (_plain(word),)


def _arabic(word: str) -> str:
    bare = _PLURAL.sub("ة", _ARTICLE.sub("", _VOWELS.sub("", word)))
    return _stem(bare, "ar").translate(_ARABIC_LETTERS) or word


def tokens(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the tokens of (language, text) pairs, each once, in a stable order."""
    found: set[str] = set()
    for lang, text in texts:
        for word in words(text):
            found.update(_forms(word, lang))
    return sorted(found)


def _forms(word: Word, lang: str) -> tuple[str, ...]:
    return (word.text,) if word.gram else forms(word.text, lang)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: all terms must be found, each in one of its forms. Empty when the text holds no word."""

    terms: tuple[tuple[str, ...], ...]

    def matcher(self, lang: str) -> Callable[[Word], bool]:
        """Return what tells whether a word of a text in `lang` is one of those searched."""
        wanted = frozenset(form for term in self.terms for form in term)
        known: dict[str, bool] = {}

        def matches(word: Word) -> bool:
            if word.text not in known:
                known[word.text] = not wanted.isdisjoint(_forms(word, lang))
            return known[word.text]

        return matches


def parse(text: str) -> Query:
    """Return what `text` asks for. Nothing in it is an operator: signs and quotation marks only separate words."""
    said = [word for word in words(text) if not word.inner]
    weighty = [word for word in said if word.text not in _LITTLE] or said
    return Query(tuple(dict.fromkeys(_alternatives(word) for word in weighty)))


def _alternatives(word: Word) -> tuple[str, ...]:
    if word.gram:
        return (word.text,)
    return tuple(dict.fromkeys(form for lang in _LATIN for form in forms(word.text, lang)))
