"""`python -m tests.faults.moderators SPACE NUMBER`: add moderators to a space beside its server; prints a token of each."""

import asyncio
import sys

from forum.cli_support import database, settings_or_fail
from forum.discussions.models import Space
from forum.people.models import SessionKind
from forum.people.sessions import open_session
from tests.support.world import give_role, person


async def add(slug: str, number: int) -> list[str]:
    """Add them and return their tokens."""
    where = await Space.get(slug=slug)
    made = [await person(f"Hand {one + 1} of {number}") for one in range(number)]
    for who in made:
        await give_role(who, where)
    return [await open_session(who, SessionKind.API) for who in made]


async def main() -> None:
    """Add them to the database of the settings."""
    async with database(settings_or_fail()):
        sys.stdout.write("\n".join(await add(sys.argv[1], int(sys.argv[2]))))


if __name__ == "__main__":
    asyncio.run(main())
