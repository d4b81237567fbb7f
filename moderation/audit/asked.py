"""What somebody asks of the record: the filters of the page, of the exports and of the API, as texts, checked."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from forum.discussions.addresses import is_id
from forum.kernel.actors import Capacity
from forum.kernel.errors import Problem, invalid
from forum.kernel.events import FORUM_LOG
from forum.record.browsing import Place
from forum.web.forms import clean

FORUM = "-"
"""The value of the space filter that means the forum's own log: no space can have this address."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "comment": ("comment.",),
    "case": ("case.",),
    "sanction": ("sanction.",),
    "space": ("space.", "question.", "summary."),
    "desk": ("desk.", "audit."),
    "role": ("role.",),
    "person": ("person.", "affiliation.", "entity."),
}
"""Groups of kinds, with the beginnings of the kinds in them. The last two are of the forum's own log alone."""
MOST = {"space": 60, "actor": 80, "capacity": 20, "group": 20, "case": 64, "comment": 64, "since": 10, "until": 10, "q": 100}
"""Characters of each filter that are read."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PLACE = rf"^([0-9]{{1,16}})-([0-9]{{1,9}})-([0-9a-f]{{32}}|{FORUM_LOG})$"
"""A place in the record: the microseconds since 1970, the number in its log, and the log."""
_PLACE = re.compile(PLACE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters as they were sent; empty ones mean any. Days are those of UTC, `until` included."""

    space: str = ""
    actor: str = ""
    capacity: str = ""
    group: str = ""
    case: str = ""
    comment: str = ""
    since: str = ""
    until: str = ""
    q: str = ""

    def given(self) -> dict[str, str]:
        """Return the filters that narrow anything."""
        return {name: value for name, value in asdict(self).items() if value}


def read(values: Mapping[str, str]) -> Asked:
    """Return the filters in the parameters of an address or the fields of a form."""
    return Asked(**{name: clean(values.get(name, "")).strip()[:most] for name, most in MOST.items()})


def address(path: str, asked: Asked, **more: str) -> str:
    """Return `path` with the filters; empty values are left out."""
    text = urlencode(asked.given() | {name: value for name, value in more.items() if value})
    return path + (f"?{text}" if text else "")


def check(asked: Asked) -> None:
    """Raise Refusal naming each filter whose value is none of those offered."""
    wrong = {}
    if asked.capacity and asked.capacity not in list(Capacity):
        wrong["capacity"] = Problem("field.choice")
    if asked.group and asked.group not in GROUPS:
        wrong["group"] = Problem("field.choice")
    if asked.case and not is_id(asked.case):
        wrong["case"] = Problem("field.invalid")
    for name, text in (("since", asked.since), ("until", asked.until)):
        if text and _day(text) is None:
            wrong[name] = Problem("field.date")
    if wrong:
        raise invalid(**wrong)


def _day(text: str) -> datetime | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def days(asked: Asked) -> tuple[datetime | None, datetime | None]:
    """Return from when, and before when, of filters that `check` has let through."""
    until = _day(asked.until) if asked.until else None
    if until and until.date() == date.max:
        until = None  # no day comes after it
    return (_day(asked.since) if asked.since else None), (until + timedelta(days=1) if until else None)


def cursor(place: Place) -> str:
    """Return the place of an entry as a parameter of an address."""
    return f"{(place.at - _EPOCH) // timedelta(microseconds=1)}-{place.seq}-{place.log_id}"


def place_of(text: str) -> Place | None:
    """Return the place that `cursor` made a parameter of, None for an empty one. Raises Refusal."""
    if not text:
        return None
    found = _PLACE.fullmatch(text)  # of digits, each of which there is: the year 2286 is the last
    if found is None:
        raise invalid(after=Problem("page.cursor"))
    return Place(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]), found[3])
