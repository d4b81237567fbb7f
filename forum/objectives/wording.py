"""A text in several languages that says, for each, whether the wording is official."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from forum.kernel.locales import LANGS, Direction, Lang, direction, is_lang, pick

Status = Literal["official", "unofficial"]
"""`official`: seen in a text of the United Nations, its Migration Network Hub or IOM. `unofficial`: our own
translation, or a wording recalled and not verified; never to be shown as official."""

_STATUSES: Final[Mapping[str | None, Status | None]] = {
    "official": "official",
    "unofficial": "unofficial",
    None: None,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one language.

    `lang` is the language the text is really in, which may differ from the one asked for. `status` is None for a
    sentence of our own, of which no official wording exists. `source` says in English where the wording was seen.
    """

    text: str
    lang: Lang
    status: Status | None
    source: str = ""

    @property
    def dir(self) -> Direction:
        """The writing direction of the text."""
        return direction(self.lang)

    @property
    def is_unofficial(self) -> bool:
        """Whether the page must mark the text as an unofficial wording."""
        return self.status == "unofficial"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of one text, at most one a language."""

    by_lang: Mapping[Lang, Wording]

    def __call__(self, lang: str) -> Wording:
        """Return the wording in `lang`, else in en, fr, es or any; an empty one without status if there is none."""
        if is_lang(lang) and lang in self.by_lang:
            return self.by_lang[lang]
        text, found = pick({known: wording.text for known, wording in self.by_lang.items()}, lang)
        return self.by_lang[found] if text else Wording("", found, None)

    @property
    def langs(self) -> tuple[Lang, ...]:
        """The languages there is a wording in, in the order of the switcher."""
        return tuple(lang for lang in LANGS if lang in self.by_lang)


def wordings(entry: Mapping[str, Any]) -> Wordings:
    """Read `{lang: {"text", "status", "source"}}` of a data file; ValueError on an unknown language or status."""
    return Wordings(MappingProxyType({wording.lang: wording for wording in _read(entry.items())}))


def plain_wordings(entry: Mapping[str, str], status: Status | None) -> Wordings:
    """Read `{lang: text}` of a data file as wordings that all have the same status."""
    return wordings({lang: {"text": text, "status": status} for lang, text in entry.items()})


def _read(items: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterable[Wording]:
    for lang, item in items:
        if not is_lang(lang) or item["status"] not in _STATUSES:
            raise ValueError(f"unknown language or status: {lang!r}, {item['status']!r}")
        yield Wording(item["text"], lang, _STATUSES[item["status"]], item.get("source", ""))
