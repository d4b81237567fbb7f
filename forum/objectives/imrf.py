"""The International Migration Review Forum: its names, its round tables, its editions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from forum.objectives.compact import Objective, objective
from forum.objectives.datafiles import read
from forum.objectives.wording import Wording, Wordings, plain_wordings, wordings

Certainty = Literal["high", "medium-high", "year-only"]


@dataclass(frozen=True, slots=True)
class RoundTable:
    """One of the four round tables of A/RES/73/326, which numbers them and gives them no titles.

    `themes` are the clusters of the regional reviews, an unofficial help to the reader. `leads_2022` are the bodies
    that wrote the background note of the first edition.
    """

    number: int
    objective_numbers: tuple[int, ...]
    leads_2022: tuple[str, ...]
    names: Wordings
    themes: Wordings

    def name(self, lang: str) -> Wording:
        """Return “Round table 4”; the wording is generic and has no status."""
        return self.names(lang)

    def theme(self, lang: str) -> Wording:
        """Return what the round table is about; always unofficial."""
        return self.themes(lang)

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """The objectives under review, by number."""
        return tuple(objective(number) for number in self.objective_numbers)


@dataclass(frozen=True, slots=True)
class Edition:
    """One meeting of the forum. Both days are included; they are None when only the year is known.

    `certainty` is about the dates. `groups_confirmed` tells whether the round tables are known to have had the groups
    of A/RES/73/326 in this edition. `declaration` is the symbol of the resolution, None if none is known to us.
    """

    year: int
    ordinal: int
    first_day: date | None
    last_day: date | None
    hearing: date | None
    place: str | None
    groups_confirmed: bool
    declaration: str | None
    certainty: Certainty
    note: str


def forum_name(lang: str) -> Wording:
    """Return the name of the forum; unofficial in Russian."""
    return _names()[0](lang)


def compact_name(lang: str) -> Wording:
    """Return the name of the Global Compact for Safe, Orderly and Regular Migration; official in all six languages."""
    return _names()[1](lang)


@cache
def round_tables() -> tuple[RoundTable, ...]:
    """Return the four round tables by number."""
    raw = read("imrf")
    return tuple(_round_table(item, raw["round_table_name"]) for item in raw["round_tables"])


def round_table(number: int) -> RoundTable:
    """Return round table 1 to 4; raises KeyError for any other number."""
    return {one.number: one for one in round_tables()}[number]


@cache
def editions() -> tuple[Edition, ...]:
    """Return the editions by year."""
    return tuple(_edition(item) for item in read("imrf")["editions"])


def edition(year: int) -> Edition:
    """Return the edition of a year; raises KeyError if there is none."""
    return {one.year: one for one in editions()}[year]


@cache
def _names() -> tuple[Wordings, Wordings]:
    raw = read("imrf")
    return wordings(raw["forum_names"]), wordings(raw["compact_names"])


def _round_table(raw: Mapping[str, Any], patterns: Mapping[str, str]) -> RoundTable:
    number: int = raw["number"]
    return RoundTable(
        number=number,
        objective_numbers=tuple(raw["objectives"]),
        leads_2022=tuple(raw["leads_2022"]),
        names=plain_wordings({lang: pattern.format(n=number) for lang, pattern in patterns.items()}, None),
        themes=wordings(raw["themes"]),
    )


def _edition(raw: Mapping[str, Any]) -> Edition:
    return Edition(
        year=raw["year"],
        ordinal=raw["ordinal"],
        first_day=_day(raw["first_day"]),
        last_day=_day(raw["last_day"]),
        hearing=_day(raw["hearing"]),
        place=raw["place"],
        groups_confirmed=raw["round_table_groups"] == "confirmed",
        declaration=raw["declaration"],
        certainty=raw["certainty"],
        note=raw["note"],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
