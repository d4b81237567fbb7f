"""The ten guiding principles of the Compact, and the extra facet the Hub lists with them."""

from dataclasses import dataclass
from functools import cache

from forum.objectives.datafiles import read
from forum.objectives.wording import Wording, Wordings, wordings


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle: `paragraph` is its place in A/RES/73/195, such as `15 (a)`.

    `guiding` is False for the extra facet alone, which has no paragraph. “International cooperation” is also the label
    of objective 23: name the facet beside it.
    """

    slug: str
    order: int
    paragraph: str | None
    guiding: bool
    names: Wordings

    def name(self, lang: str) -> Wording:
        """Return the name of the principle."""
        return self.names(lang)


@cache
def principles() -> tuple[Principle, ...]:
    """Return the ten guiding principles in the order of the resolution, then the extra facet."""
    return tuple(
        Principle(raw["slug"], raw["order"], raw["paragraph"], raw["guiding"], wordings(raw["names"]))
        for raw in read("principles")["principles"]
    )


def guiding_principles() -> tuple[Principle, ...]:
    """Return the ten guiding principles only."""
    return tuple(one for one in principles() if one.guiding)


def principle(slug: str) -> Principle:
    """Return one principle or the extra facet; raises KeyError if there is none of this slug."""
    return {one.slug: one for one in principles()}[slug]
