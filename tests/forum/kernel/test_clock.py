"""The one clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from forum.kernel import clock
from forum.kernel.clock import rfc3339, to_minute

NOON = datetime(2026, 5, 6, 12, 0, 0, tzinfo=UTC)


def test_it_tells_the_time_of_the_system_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_another_source_counts_within_its_block_only() -> None:
    with clock.running(lambda: NOON):
        assert clock.now() == NOON
        with clock.running(lambda: NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_the_source_is_put_back_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.running(lambda: NOON):
        raise RuntimeError
    assert clock.now() != NOON


def test_public_times_are_cut_to_the_minute_never_rounded_up() -> None:
    assert to_minute(NOON.replace(minute=59, second=59, microsecond=999_999)) == NOON.replace(minute=59)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "2026-05-06T12:00:00Z"),
        (NOON.replace(microsecond=500), "2026-05-06T12:00:00.000500Z"),
        (NOON.astimezone(timezone(timedelta(hours=-4))), "2026-05-06T12:00:00Z"),
        (datetime(2026, 5, 6, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2026-05-05T19:15:00Z"),
    ],
)
def test_rfc_3339_is_always_in_utc(moment: datetime, text: str) -> None:
    assert rfc3339(moment) == text
