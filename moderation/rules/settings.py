"""How a space is moderated: read where a decision is made, with the defaults for a space that has set nothing."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from moderation.rules.models import DeskSettings

LEASE = timedelta(minutes=15)
"""How long a claim lasts from the last sign of its holder."""
SATURDAY = 5
GOAL_DAYS = 1
"""Working days until a case is late, where a space has set nothing."""


async def settings_of(space_id: str) -> DeskSettings:
    """Return the settings of a space; unsaved defaults when it has none."""
    return await DeskSettings.get_or_none(space_id=space_id) or DeskSettings(space_id=space_id)


def goal(opened_at: datetime, days: int, zone: str) -> datetime:
    """Return when a case that was opened at `opened_at` is late: the same hour `days` working days on, in the zone of the space.

    What comes on a Saturday or Sunday counts from Monday's first hour.
    """
    local = opened_at.astimezone(ZoneInfo(zone))
    if local.weekday() >= SATURDAY:
        local = datetime.combine(local.date(), time(), local.tzinfo)
        while local.weekday() >= SATURDAY:
            local += timedelta(days=1)
    for _ in range(days):
        local += timedelta(days=1)
        while local.weekday() >= SATURDAY:
            local += timedelta(days=1)
    return local.astimezone(opened_at.tzinfo)
