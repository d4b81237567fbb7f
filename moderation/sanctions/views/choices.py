"""What the forms of sanctions offer, and how their fields become what the verbs take."""

from collections.abc import Mapping

from starlette.requests import Request

from forum.kernel.locales import ENDONYM, LANGS
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.forms import TEXT_LIMIT
from moderation.reasons import REASONS
from moderation.sanctions.policy import POWERS, Office
from moderation.sanctions.views.shown import KIND_WORDS, every_text

EVERY = (300, 900, 3600, 4 * 3600, 24 * 3600)
"""Seconds between two posts that the form offers."""
USUAL_DAYS = 7


def number(text: str) -> int | str | None:
    """Return a number that was typed; None for nothing, and what is no number as it is, to be refused by name."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None


def numbered(values: Mapping[str, str], *names: str) -> dict[str, object]:
    """Return the fields of a form with those of these names as numbers."""
    return {**values, **{name: number(values.get(name, "")) for name in names}}


def usual_language(request: Request) -> str:
    """Return in which language somebody is expected to write: their own, else that of the page."""
    return actor_of(request).lang or lang_of(request)


def writing() -> dict[str, object]:
    """Return what every form with words needs: the languages and the greatest length."""
    languages = [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS]
    return {"languages": languages, "limit": TEXT_LIMIT}


def imposing(office: Office) -> dict[str, object]:
    """Return what the form of a new sanction offers."""
    powers = POWERS[office]
    kinds = [
        {"value": kind.value, "text": gettext(KIND_WORDS[kind.value][0]), "hint": gettext(KIND_WORDS[kind.value][1])}
        for kind in powers.kinds
    ]
    order = list(KIND_WORDS)
    return {
        "kinds": sorted(kinds, key=lambda one: order.index(str(one["value"]))),
        "every": [("", gettext("Choose…")), *((seconds, every_text(seconds)) for seconds in EVERY)],
        "reasons": [{"value": one.code, "text": gettext(one.name)} for one in REASONS],
        "most_days": powers.days,
        "without_end": powers.without_end,
        **writing(),
    }
