"""Times in steps, and in working days."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.figures.durations import DAY, HOUR, MINUTE, MOST_DAYS, STEPS, quantile, step, working_days
from moderation.rules.settings import goal
from moderation.views.spans import percent, span


def test_a_step_is_never_less_than_the_time() -> None:
    assert list(STEPS) == sorted(set(STEPS))
    for seconds in (0, 1, 299, 300, 301, HOUR, HOUR + 1, DAY, 9 * DAY + 7, 60 * DAY):
        assert seconds <= step(seconds)
    assert (step(0), step(300), step(301)) == (300, 300, 600)
    assert step(400 * DAY) == STEPS[-1] == 60 * DAY


def test_quantiles() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({300: 1}, 0.5) == 300
    assert quantile({300: 5, 600: 4, HOUR: 1}, 0.5) == 300
    assert quantile({300: 5, 600: 4, HOUR: 1}, 0.9) == 600
    assert quantile({300: 4, 600: 4, HOUR: 2}, 0.9) == HOUR


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati", "Europe/Paris"])
def test_working_days_are_the_smallest_goal_that_was_met(zone: str) -> None:
    """Over two weeks and the night on which the clocks are put back."""
    begun = datetime(2026, 10, 20, 1, 30, tzinfo=UTC)
    for hours in range(0, 24 * 14, 5):
        opened = begun + timedelta(hours=hours)
        for waited in (0, 3 * HOUR, DAY, DAY + 1, 3 * DAY, 11 * DAY):
            decided = opened + timedelta(seconds=waited)
            days = working_days(decided, waited, zone)
            assert goal(opened, days, zone) >= decided
            assert days == 1 or goal(opened, days - 1, zone) < decided
    assert working_days(begun, 200 * DAY, zone) == MOST_DAYS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "1 minute"), (300, "5 minutes"), (75 * MINUTE, "1 hour 15 minutes"), (30 * HOUR, "1 day 6 hours"), (2 * DAY, "2 days")],
)
def test_words(seconds: int, words: str) -> None:
    assert span(seconds, "en") == words
    assert "ساعة" in span(HOUR, "ar")
    assert "час" in span(5 * HOUR, "ru")
    assert (percent(96, "en"), percent(96, "fr"), percent(7, "zh")) == ("96%", "96\N{NO-BREAK SPACE}%", "7%")
