"""The one clock: every time in the forum is asked of `now()`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """Return the present moment as an aware datetime in UTC."""
    return _source()


@contextmanager
def running(source: Callable[[], datetime]) -> Iterator[None]:
    """Let `now()` answer from `source` within the block; for rehearsals and tests."""
    global _source  # noqa: PLW0603 - one process has one clock
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def to_minute(moment: datetime) -> datetime:
    """Return `moment` cut to the minute: the precision in which times are made public."""
    return moment.replace(second=0, microsecond=0)


def rfc3339(moment: datetime) -> str:
    """Return `moment` in UTC as RFC 3339 with a trailing Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
