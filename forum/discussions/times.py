"""Times that people type, in the zone of a space."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from forum.kernel.errors import Problem, invalid


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Return the names of the IANA database."""
    return frozenset(available_timezones())


def check_zone(name: str) -> str:
    """Return `name` if it is a zone of the IANA database; raises Refusal."""
    if name not in zones():
        raise invalid(zone=Problem("space.zone"))
    return name


def parse_time(text: str, zone: str, field: str) -> datetime | None:
    """Return an ISO 8601 time in UTC, None for an empty text; without an offset it is meant in `zone`.

    Of an hour that comes twice (clocks put back) the first is meant. Raises Refusal naming `field` when it is no time, or one that
    clocks put forward leave out.
    """
    if not text.strip():
        return None
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise invalid(**{field: Problem("field.time")}) from error
    local = parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo(zone))
    try:
        moment = local.astimezone(UTC)
        exists = parsed.tzinfo is not None or moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == parsed
    except OverflowError as error:
        raise invalid(**{field: Problem("field.time")}) from error
    if not exists:
        raise invalid(**{field: Problem("field.time_gap")})
    return moment
