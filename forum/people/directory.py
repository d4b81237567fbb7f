"""Find accounts: for the secretariat alone."""

from dataclasses import dataclass

from forum.db.reading import escaped, moment, rows
from forum.people.models import suspended

MOST = 50


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the secretariat finds it."""

    id: str
    name: str
    email: str
    is_secretariat: bool
    is_suspended: bool


async def search(query: str) -> list[Account]:
    """Return up to MOST accounts whose name or address holds `query`, by name."""
    pattern = f"%{escaped(query.strip().casefold())}%"
    found = await rows(
        "SELECT id, name, email, is_secretariat, suspended_at, suspended_until FROM persons"
        " WHERE lower(name) LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' ORDER BY name, id LIMIT ?",
        [pattern, pattern, MOST],
    )
    return [
        Account(
            one["id"],
            one["name"],
            one["email"],
            bool(one["is_secretariat"]),
            suspended(moment(one["suspended_at"]), moment(one["suspended_until"])),
        )
        for one in found
    ]
