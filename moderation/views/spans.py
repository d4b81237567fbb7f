"""Lengths of time and shares, as each language writes them."""

from babel import Locale
from babel.numbers import format_percent
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


def percent(hundredths: int, lang: str) -> str:
    """Return a share: "96%", "96 %"."""
    return format_percent(hundredths / 100, locale=Locale.parse(lang))
