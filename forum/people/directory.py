"""Find accounts: for the secretariat alone."""

from forum.db.reading import Row, rows

MOST = 50


async def search(query: str) -> list[Row]:
    """Return up to MOST accounts whose name or address holds `query`, by name: id, name, email, is_secretariat, suspended_at."""
    escaped = query.strip().casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%{escaped}%"
    return await rows(
        "SELECT id, name, email, is_secretariat, suspended_at FROM persons"
        " WHERE lower(name) LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' ORDER BY name, id LIMIT ?",
        [pattern, pattern, MOST],
    )
