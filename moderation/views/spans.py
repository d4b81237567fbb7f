"""Lengths of time in words."""

from babel import Locale
from babel.units import format_unit

from moderation.figures.durations import DAY, HOUR, MINUTE

_UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))


def span(seconds: int, lang: str) -> str:
    """Return a time in its two largest units, in any of the languages: "1 day 6 hours", "45 minutes"; less than a minute is a minute."""
    rest, said = max(seconds, MINUTE), list[str]()
    for size, unit in _UNITS:
        count, left = divmod(rest, size)
        if count and len(said) < 2:
            said.append(format_unit(count, unit, locale=Locale.parse(lang)))
        rest = left
    return " ".join(said)
