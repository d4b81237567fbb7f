"""The form of a space: its fields as they are shown and typed, and what is made of them."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from forum.discussions import queries
from forum.discussions.forms import QuestionForm, SpaceForm
from forum.discussions.models import Space, SpaceState
from forum.kernel.errors import Problem, Refusal, Unreadable, invalid
from forum.kernel.locales import ENDONYM, LANGS
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import form_list, parse

Values = dict[str, str | list[str]]

TEXTS = {"title": N_("Title"), "note": N_("Background note"), "policy": N_("Moderation policy")}
SETTINGS = {
    "slug": N_("Address"),
    "symbol": N_("Symbol for citations"),
    "edition": N_("Year of the forum"),
    "round_table": N_("Round table"),
    "premoderation": N_("Pre-moderation"),
    "visibility": N_("Who can read"),
    "zone": N_("Time zone"),
    "opens_at": N_("Opens"),
    "closes_at": N_("Closes"),
}
LISTS = {
    "objectives": N_("Objectives"),
    "principles": N_("Guiding principles"),
    "languages": N_("Languages accepted"),
    "entities": N_("Moderated by"),
}
FIXED = ("slug", "symbol", "premoderation", "zone", "opens_at", "closes_at")
"""What stays as it is once a space has been announced."""
TEXT_FIELDS = tuple(f"{name}_{lang}" for name in TEXTS for lang in LANGS)
SINGLE = (*TEXT_FIELDS, *SETTINGS, "version")
ZONES = (
    "America/New_York",
    "Europe/Zurich",
    "Africa/Addis_Ababa",
    "Africa/Cairo",
    "Africa/Dakar",
    "Africa/Nairobi",
    "America/Bogota",
    "America/Mexico_City",
    "America/Santiago",
    "Asia/Amman",
    "Asia/Bangkok",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Shanghai",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Paris",
    "Europe/Vienna",
    "Pacific/Fiji",
    "UTC",
)
"""Zones offered while typing: seats of the United Nations and its regional commissions first of all; any other can be typed."""


def local_time(moment: datetime | None, zone: str) -> str:
    """Return a time as `<input type=datetime-local>` has it, in the zone of the space."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def is_fixed(space: Space | None) -> bool:
    """Tell whether the space has been announced, so that readers rely on what FIXED names."""
    return space is not None and space.state != SpaceState.DRAFT.value


def blank() -> Values:
    """Return the form of a space that is not there yet."""
    empty: Values = dict.fromkeys(SINGLE, "")
    return empty | {name: [] for name in LISTS} | {"zone": ZONES[0], "visibility": "public", "languages": list(LANGS)}


async def values_of(space: Space) -> Values:
    """Return the form filled with a space."""
    texts = {f"{name}_{lang}": getattr(space, name).get(lang, "") for name in TEXTS for lang in LANGS}
    return {
        **texts,
        "slug": space.slug,
        "symbol": space.symbol,
        "edition": str(space.edition or ""),
        "round_table": str(space.round_table or ""),
        "premoderation": space.premoderation or "",
        "visibility": space.visibility,
        "zone": space.zone,
        "opens_at": local_time(space.opens_at, space.zone),
        "closes_at": local_time(space.closes_at, space.zone),
        "version": str(space.version),
        "objectives": [str(number) for number in (await queries.objectives_of([space.id]))[space.id]],
        "principles": [str(order) for order in space.principles],
        "languages": list(space.languages),
        "entities": await queries.moderating_entities(space.id),
    }


def typed(lists: Mapping[str, list[str]]) -> Values:
    """Return what was typed; raises Refusal for a field that was sent twice."""
    doubled = [name for name in SINGLE if len(lists.get(name, ())) > 1]
    if doubled:
        raise invalid(**{name: Problem("field.duplicate") for name in doubled})
    single: Values = {name: lists.get(name, [""])[0] for name in SINGLE}
    return single | {name: form_list(lists, name) for name in LISTS}


def to_form(values: Values, space: Space | None) -> SpaceForm:
    """Return the typed values, checked, for a new space or for `space`; raises Refusal naming the fields."""
    data: dict[str, object] = {name: values[name] for name in (*SETTINGS, *LISTS)}
    data |= {name: {lang: values[f"{name}_{lang}"] for lang in LANGS} for name in TEXTS}
    data |= {name: values[name] or None for name in ("edition", "round_table", "premoderation")}
    if space is not None:
        version = str(values["version"])
        # Without a version a form could overwrite what its sender has never seen.
        if not version.isascii() or not version.isdigit() or not 0 < len(version) < 10 or int(version) < 1:
            raise Unreadable("unreadable")
        data["version"] = int(version)
    else:
        data["version"] = 0
    if space is not None and is_fixed(space):
        # These fields are not on the form any more.
        data |= {"slug": space.slug, "symbol": "", "zone": space.zone, "opens_at": "", "closes_at": "", "premoderation": None}
    return parse(SpaceForm, data)


def question_form(number: int, values: Mapping[str, str]) -> QuestionForm:
    """Return a question as it was typed, in all its languages; raises Refusal."""
    return parse(QuestionForm, {"number": number, "text": {lang: values.get(f"text_{lang}", "") for lang in LANGS}})


def labels() -> dict[str, str]:
    """Return the label of every field in the current language, for the summary of errors."""
    texts = {f"{name}_{lang}": f"{gettext(label)} – {ENDONYM[lang]}" for name, label in TEXTS.items() for lang in LANGS}
    return texts | {name: gettext(label) for name, label in {**SETTINGS, **LISTS}.items()}


def errors_of(refusal: Refusal, lang: str) -> dict[str, str]:
    """Return what is wrong by the name of the field on the form: "title.fr" is "title_fr", and "title" its field in `lang`."""
    errors: dict[str, str] = {}
    for name, text in field_errors(refusal).items():
        head, _, rest = name.partition(".")
        if head in (*TEXTS, "text"):
            name = f"{head}_{rest or lang}"
        elif head in LISTS:
            name = head
        errors.setdefault(name, text)
    return errors


def changed(mine: Values, theirs: Values) -> list[str]:
    """Return the labels of the fields in which what was typed differs from what stands now."""
    return [label for name, label in labels().items() if mine[name] != theirs[name]]
