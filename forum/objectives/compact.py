"""The 23 objectives of the Global Compact for Migration, and the facet “General” (number 0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from forum.objectives.datafiles import read
from forum.objectives.wording import Wording, Wordings, plain_wordings, wordings

GENERAL: Final = 0
"""The number of the facet “General”, which is no objective of the Compact."""

_ARABIC_LETTERS: Final = ("أ", "ب", "ج", "د", "هـ", "و", "ز", "ح", "ط", "ي", "ك", "ل")


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective: its short label and full title, its paragraph in A/RES/73/195, and its round table, 1 to 4.

    “General” has number 0 and neither paragraph nor round table.
    """

    number: int
    slug: str
    paragraph: int | None
    round_table: int | None
    labels: Wordings
    titles: Wordings

    def label(self, lang: str) -> Wording:
        """Return the short label, as on a badge or in a filter."""
        return self.labels(lang)

    def title(self, lang: str) -> Wording:
        """Return the full title; look at its status before calling it the title in the resolution."""
        return self.titles(lang)

    @property
    def is_general(self) -> bool:
        """Whether this is the facet “General”."""
        return self.number == GENERAL


@dataclass(frozen=True, slots=True)
class Action:
    """One action of an objective, lettered a to l."""

    letter: str
    texts: Wordings

    def text(self, lang: str) -> Wording:
        """Return the text of the action, in English where there is no other."""
        return self.texts(lang)

    def letter_in(self, lang: str) -> str:
        """Return the letter as United Nations documents print it: Arabic has its own row, the others keep a to l."""
        return _ARABIC_LETTERS[ord(self.letter) - ord("a")] if lang == "ar" else self.letter


@dataclass(frozen=True, slots=True)
class Commitment:
    """The full text of one objective: what States commit to, and the actions they draw from.

    `narrative` is the explanation the Hub prints around it; it is no part of the resolution.
    """

    number: int
    paragraph: int
    texts: Wordings
    lead_in: Wordings
    actions: tuple[Action, ...]
    narrative: tuple[Wordings, ...]
    reference: str

    def text(self, lang: str) -> Wording:
        """Return the commitment itself."""
        return self.texts(lang)

    def action(self, letter: str) -> Action:
        """Return the action with this Latin letter; raises KeyError if there is none."""
        for action in self.actions:
            if action.letter == letter:
                return action
        raise KeyError(letter)


def objectives() -> tuple[Objective, ...]:
    """Return the 23 objectives by number, then “General”."""
    numbered = _by_number()
    return (*(numbered[number] for number in sorted(numbered) if number != GENERAL), numbered[GENERAL])


def objective(number: int) -> Objective:
    """Return objective 1 to 23, or “General” for 0; raises KeyError for any other number."""
    return _by_number()[number]


def commitment(number: int) -> Commitment | None:
    """Return the full text of an objective, or None where it does not ship: so far only that of objective 7 does."""
    return _commitment_7() if number == 7 else None


@cache
def _by_number() -> Mapping[int, Objective]:
    found = [_objective(raw) for raw in read("objectives")["objectives"]]
    return MappingProxyType({one.number: one for one in found})


def _objective(raw: Mapping[str, Any]) -> Objective:
    return Objective(
        number=raw["number"],
        slug=raw["slug"],
        paragraph=raw["paragraph"],
        round_table=raw["round_table"],
        labels=wordings(raw["labels"]),
        titles=wordings(raw["titles"]),
    )


@cache
def _commitment_7() -> Commitment:
    raw = read("objective_7")
    return Commitment(
        number=raw["number"],
        paragraph=raw["paragraph"],
        texts=plain_wordings(raw["commitment"], "official"),
        lead_in=plain_wordings(raw["lead_in"], "official"),
        actions=tuple(Action(item["letter"], plain_wordings(item["texts"], "official")) for item in raw["actions"]),
        narrative=tuple(plain_wordings(item, "official") for item in raw["narrative"]),
        reference=raw["reference"],
    )
