"""Read the figures of a space: four statements, whatever has happened in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from forum.db.fields import json_value
from forum.db.reading import rows
from forum.discussions.models import Space
from forum.kernel import clock
from moderation.figures.protecting import LEAST
from moderation.figures.tallying import ON_TEXTS, Tick
from moderation.models import TEXTS, Action, CaseKind
from moderation.reasons import OTHER, REASONS
from moderation.rules.grounds import Ground, usual
from moderation.rules.settings import GOAL_DAYS


class Family(StrEnum):
    """Figures that are told together: of texts that were dealt with, of what was published, and of appeals."""

    TEXTS = "texts"
    AFTER = "after"
    APPEALS = "appeals"


_ON_TEXTS = ", ".join(f"'{kind.value} {action.value}'" for kind in sorted(TEXTS) for action in sorted(ON_TEXTS))
_AFTER = f"'{CaseKind.REPORT.value} {Action.KEEP.value}'"
EVENTS = {
    Family.TEXTS: f"name = 'at_once' OR (name = 'decided' AND detail IN ({_ON_TEXTS}))",
    Family.AFTER: f"name = 'decided' AND (detail = {_AFTER} OR detail LIKE '% {Action.REMOVE.value}')",
    Family.APPEALS: "name = 'appeal'",
}
"""What has to happen LEAST times before a family of figures is told anew."""
WITH = {Family.TEXTS: f"name IN ('waited', 'days', '{Action.REJECT.value}')"}
"""What else is told with it: nothing but another way to count the same."""


@dataclass(frozen=True, slots=True)
class Tallied:
    """What has happened in a space, each family up to the end of a day, and the rules by which it is read.

    `until` is None for a family when too little has happened. `reasons` are those of the space, retired ones and "another reason" included.
    """

    until: Mapping[Family, date | None]
    counts: Mapping[Tick, int]
    reasons: list[Ground]
    goal_days: int


async def tallied(space: Space) -> Tallied:
    """Return what is told of a space: what happened up to the end of the days of `settled_days`."""
    until = await settled_days(space)
    parts, values = [], list[object]()
    for family, day in until.items():
        if day is not None:
            parts.append(f"(({' OR '.join(one for one in (EVENTS[family], WITH.get(family)) if one)}) AND day <= ?)")
            values.append(day.isoformat())
    counts: dict[Tick, int] = {}
    if parts:
        sql = (
            f"SELECT name, detail, SUM(n) AS n FROM desk_days WHERE space_id = ? AND ({' OR '.join(parts)}) GROUP BY name, detail"
        )
        counts = {(one["name"], one["detail"]): int(one["n"]) for one in await rows(sql, [space.id, *values])}
    return Tallied(until, counts, await _reasons(space.id), await _goal_days(space.id))


async def settled_days(space: Space) -> dict[Family, date | None]:
    """Return the last day of each family, in the zone of the space: yesterday, or an earlier day when too little has happened since.

    Days follow each other until LEAST events of the family have come together, and are then told together: between what is told today and
    what was told before there are never fewer. None until that has happened for the first time.
    """
    today = clock.now().astimezone(ZoneInfo(space.zone)).date()
    family = " ".join(f"WHEN {which} THEN '{one.value}'" for one, which in EVENTS.items())
    found = await rows(
        f"SELECT day, family, SUM(n) AS n FROM (SELECT day, n, CASE {family} END AS family FROM desk_days"
        " WHERE space_id = ? AND name IN ('decided', 'at_once', 'appeal') AND day < ?) d WHERE family IS NOT NULL"
        " GROUP BY day, family ORDER BY day",
        [space.id, today.isoformat()],
    )
    last: dict[Family, date | None] = dict.fromkeys(Family)
    gathered = dict.fromkeys(Family, 0)
    for one in found:
        told = Family(one["family"])
        gathered[told] += int(one["n"])
        if gathered[told] >= LEAST:
            last[told], gathered[told] = date.fromisoformat(one["day"]), 0
    return last


async def _reasons(space_id: str) -> list[Ground]:
    own = await rows(
        "SELECT code, clause, name FROM space_reasons WHERE space_id = ? ORDER BY place, id",
        [space_id],
    )
    other = next(usual(one) for one in REASONS if one.code == OTHER)
    if not own:
        return [usual(one) for one in REASONS]
    found = [Ground(one["code"], one["clause"], json_value(one["name"]), {}) for one in own]
    return found if any(one.code == OTHER for one in found) else [*found, other]


async def _goal_days(space_id: str) -> int:
    found = await rows("SELECT goal_days FROM desk_settings WHERE space_id = ?", [space_id])
    return int(found[0]["goal_days"]) if found else GOAL_DAYS
