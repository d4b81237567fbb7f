"""The 193 Member States and the two observer States, under their Protocol names, in the alphabet of each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from forum.kernel.locales import DEFAULT_LANG, Lang, is_lang
from forum.objectives.datafiles import read

Standing = Literal["member", "observer"]


@dataclass(frozen=True, slots=True)
class Country:
    """One State.

    `iso2`, `iso3` and `m49` (three digits) are its codes. `region` is the slug of an M49 region and `un_group` that of
    a regional group (both in `taxonomy`); observers have no group, and `un_group_note` tells of a group's special
    cases in English. `article_fr` is the French article (`le`, `la`, `les`, `l’`) or None. `rank` is the place of the
    name in the alphabet of each language among States of the same status, from 1.
    """

    iso2: str
    iso3: str
    m49: str
    status: Standing
    region: str
    un_group: str | None
    un_group_note: str | None
    article_fr: str | None
    names: Mapping[Lang, str]
    formal_names: Mapping[Lang, str]
    rank: Mapping[Lang, int]

    def name(self, lang: Lang) -> str:
        """Return the short Protocol name."""
        return self.names[lang]

    def formal_name(self, lang: Lang) -> str:
        """Return the formal name, with its article where the language has one."""
        return self.formal_names[lang]

    @property
    def is_member(self) -> bool:
        """Whether this is a Member State of the United Nations."""
        return self.status == "member"


def countries() -> tuple[Country, ...]:
    """Return the 195 States in the English order, Members first."""
    return in_order(DEFAULT_LANG)


def country(code: str) -> Country:
    """Return the State with this ISO code, of two or three capital letters; raises KeyError if it is not listed."""
    return _by_code()[code]


@cache
def in_order(lang: Lang) -> tuple[Country, ...]:
    """Return the Members, then the observers, each in the alphabetical order of `lang`."""
    return tuple(sorted(_by_iso3(), key=lambda one: (not one.is_member, one.rank[lang])))


@cache
def _by_code() -> Mapping[str, Country]:
    states = _by_iso3()
    return MappingProxyType({one.iso2: one for one in states} | {one.iso3: one for one in states})


@cache
def _by_iso3() -> tuple[Country, ...]:
    return tuple(_country(raw) for raw in read("countries")["countries"])


def _country(raw: Mapping[str, Any]) -> Country:
    return Country(
        **{key: raw[key] for key in ("iso2", "iso3", "m49", "status", "region", "un_group", "un_group_note")},
        article_fr=raw["article_fr"],
        names=_names(raw["names"]),
        formal_names=_names(raw["formal_names"]),
        rank=MappingProxyType({lang: rank for lang, rank in raw["rank"].items() if is_lang(lang)}),
    )


def _names(raw: Mapping[str, str]) -> Mapping[Lang, str]:
    return MappingProxyType({lang: name for lang, name in raw.items() if is_lang(lang)})
