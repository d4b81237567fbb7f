"""How long decisions took: in steps that grow with the time, and in working days."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime, timedelta

from moderation.rules.settings import goal

MINUTE, HOUR, DAY = 60, 3600, 86_400
STEPS: tuple[int, ...] = (
    *range(5 * MINUTE, HOUR, 5 * MINUTE),
    *range(HOUR, 4 * HOUR, 15 * MINUTE),
    *range(4 * HOUR, DAY, HOUR),
    *range(DAY, 10 * DAY, 6 * HOUR),
    *range(10 * DAY, 61 * DAY, DAY),
)
"""Seconds at which a step ends. A time is kept as the end of its step, so what is said of times is "within": never too little."""
MOST_DAYS = 31
"""Working days that are told apart; more are counted as these."""


def step(seconds: int) -> int:
    """Return the end of the step that a time lies in, in seconds; of what is beyond all steps, the last."""
    return STEPS[min(bisect_left(STEPS, seconds), len(STEPS) - 1)]


def working_days(decided_at: datetime, waited: int, zone: str) -> int:
    """Return the smallest service goal, in working days of the zone, that a decision after `waited` seconds has met; 31 for all beyond."""
    opened_at = decided_at - timedelta(seconds=waited)
    if waited < DAY - HOUR:
        return 1  # no working day is shorter, the one on which clocks are put forward included
    for days in range(1, MOST_DAYS):
        if goal(opened_at, days, zone) >= decided_at:
            return days
    return MOST_DAYS


def quantile(steps: Mapping[int, int], share: float) -> int | None:
    """Return within which time, in seconds, this share of the decisions was taken; None without any. `steps` says how many by step."""
    total = sum(steps.values())
    seen = 0
    for seconds in sorted(steps):
        seen += steps[seconds]
        if seen >= share * total:
            return seconds
    return None
