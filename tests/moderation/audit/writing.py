"""Very long records, written straight into the tables: what as many acts would leave, without their hashes."""

from datetime import UTC, datetime, timedelta

from forum.discussions.models import Space
from tests.support.statements import insert

AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
_COLUMNS = "log_id seq public_seq kind at actor_id capacity subject data prev hash"


async def write_record(space: Space, actor_id: str, count: int, first: int = 1000) -> None:
    """Write `count` entries of a space, a second apart, from the number `first` on; every tenth is an act of `actor_id`."""
    rows = []
    for number in range(first, first + count):
        at = AT + timedelta(seconds=number)
        acted = [actor_id, "moderator"] if number % 10 == 0 else [f"{number % 500:032x}", "member"]
        case = f'{{"case":"{number:032x}"}}'
        rows.append([space.id, number, None, "case.claimed", at, *acted, f"{number // 8:032x}", case, "0" * 64, f"{number:064x}"])
    await insert("record_entries", _COLUMNS.split(), rows)
