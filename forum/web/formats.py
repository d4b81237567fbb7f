"""Dates and numbers as United Nations documents write them, with Western digits in every language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone_name

from forum.kernel.locales import DEFAULT_LANG, is_lang


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    # Arabic documents give both names of a month, the Levantine and the international one.
    "ar": (
        "كانون الثاني/يناير",
        "شباط/فبراير",
        "آذار/مارس",
        "نيسان/أبريل",
        "أيار/مايو",
        "حزيران/يونيه",
        "تموز/يوليه",
        "آب/أغسطس",
        "أيلول/سبتمبر",
        "تشرين الأول/أكتوبر",
        "تشرين الثاني/نوفمبر",
        "كانون الأول/ديسمبر",
    ),
    "en": _names("January February March April May June July August September October November December"),
    "fr": _names("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "ru": _names("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    "es": _names("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
}
_THOUSANDS: Final[Mapping[str, str]] = {"ar": ",", "zh": ",", "en": ",", "fr": "\u202f", "ru": "\u00a0", "es": "."}


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=2048)
def _zone_name(lang: str, name: str, offset_key: datetime) -> str:
    return "UTC" if _zone(name) is UTC or name == "UTC" else get_timezone_name(offset_key, locale=lang)


def _in_zone(moment: datetime, zone: str | None) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(_zone(zone) if zone else UTC)


class Formats:
    """The forms of one language. `zone` is an IANA name; without one, or with an unknown one, times are in UTC."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if is_lang(lang) else DEFAULT_LANG

    def date(self, day: date | datetime, zone: str | None = None) -> str:
        """Return the day: "17 May 2022", "1er mai 2022", "17 de mayo de 2022", "17 мая 2022 года", "2022年5月17日"."""
        if isinstance(day, datetime):
            day = _in_zone(day, zone)
        if self.lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        month = _MONTHS[self.lang][day.month - 1]
        if self.lang == "es":
            return f"{day.day} de {month} de {day.year}"
        number = "1er" if self.lang == "fr" and day.day == 1 else str(day.day)
        return f"{number} {month} {day.year}" + (" года" if self.lang == "ru" else "")

    def datetime(self, moment: datetime, zone: str | None = None) -> str:
        """Return the day, the time of 24 hours and the zone: "17 May 2022, 09:05 (Central European Summer Time)"."""
        local = _in_zone(moment, zone)
        # Names depend on summer or winter only: the hour is dropped so that the cache holds.
        named = _zone_name(self.lang, zone or "UTC", local.replace(minute=0, second=0, microsecond=0))
        left, right = ("（", "）") if self.lang == "zh" else (" (", ")")
        return f"{self.date(local, zone)}{self.comma}{local:%H:%M}{left}{named}{right}"

    @property
    def comma(self) -> str:
        """Return what stands between two things said one after the other."""
        return {"zh": "，", "ar": "، "}.get(self.lang, ", ")

    def number(self, n: int) -> str:
        """Return a whole number with its thousands apart."""
        if self.lang == "es" and -10_000 < n < 10_000:
            return str(n)
        return f"{n:,}".replace(",", _THOUSANDS[self.lang])


@lru_cache(maxsize=16)
def formats(lang: str) -> Formats:
    """Return the forms of `lang`, made once."""
    return Formats(lang)
