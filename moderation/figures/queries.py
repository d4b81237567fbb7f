"""Read the figures of a space: four statements, whatever has happened in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from forum.db.fields import load_json
from forum.db.reading import rows
from forum.discussions.models import Space
from forum.kernel import clock
from moderation.figures.protecting import LEAST
from moderation.figures.tallying import Tick
from moderation.reasons import REASONS
from moderation.rules.grounds import OTHER, Ground, usual
from moderation.rules.settings import GOAL_DAYS


@dataclass(frozen=True, slots=True)
class Tallied:
    """What has happened in a space up to the end of a day, and the rules by which it is read. `until` is None when too little has.

    `reasons` are those of the space, retired ones and "another reason" included.
    """

    until: date | None
    counts: Mapping[Tick, int]
    reasons: list[Ground]
    goal_days: int


async def tallied(space: Space) -> Tallied:
    """Return what is told of a space: what happened up to the end of the day of `settled_day`."""
    until = await settled_day(space)
    counts: dict[Tick, int] = {}
    if until is not None:
        sql = "SELECT name, detail, SUM(n) AS n FROM desk_days WHERE space_id = ? AND day <= ? GROUP BY name, detail"
        found = await rows(sql, [space.id, until.isoformat()])
        counts = {(one["name"], one["detail"]): int(one["n"]) for one in found}
    return Tallied(until, counts, await _reasons(space.id), await _goal_days(space.id))


async def settled_day(space: Space) -> date | None:
    """Return the last day of figures, in the zone of the space: yesterday, or an earlier day when too little has happened since.

    Days follow each other until LEAST texts have been dealt with, and are then told together: between what is told today and what was
    told before there are never fewer. None until that has happened for the first time.
    """
    today = clock.now().astimezone(ZoneInfo(space.zone)).date()
    found = await rows(
        "SELECT day, SUM(n) AS n FROM desk_days WHERE space_id = ? AND name IN ('decided', 'at_once') AND day < ?"
        " GROUP BY day ORDER BY day",
        [space.id, today.isoformat()],
    )
    last, gathered = None, 0
    for one in found:
        gathered += int(one["n"])
        if gathered >= LEAST:
            last, gathered = one["day"], 0
    return date.fromisoformat(last) if last else None


async def _reasons(space_id: str) -> list[Ground]:
    own = await rows(
        "SELECT code, clause, name FROM space_reasons WHERE space_id = ? ORDER BY place, id",
        [space_id],
    )
    other = next(usual(one) for one in REASONS if one.code == OTHER)
    if not own:
        return [usual(one) for one in REASONS]
    found = [Ground(one["code"], one["clause"], _texts(one["name"]), {}) for one in own]
    return found if any(one.code == OTHER for one in found) else [*found, other]


def _texts(column: str | dict[str, str]) -> dict[str, str]:
    """Return a column of texts by language, which the database may hand out as JSON."""
    found: dict[str, str] = load_json(column) if isinstance(column, str) else column
    return found


async def _goal_days(space_id: str) -> int:
    found = await rows("SELECT goal_days FROM desk_settings WHERE space_id = ?", [space_id])
    return int(found[0]["goal_days"]) if found else GOAL_DAYS
