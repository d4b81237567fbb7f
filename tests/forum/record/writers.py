"""Many people who write in one space at once: posts, replies, edits, decisions and withdrawals, each on something of their own.

As a program, for a process of its own beside the test's: python -m tests.forum.record.writers URL SPACE MODERATOR FIRST LAST
"""

import asyncio
import sys
from dataclasses import dataclass

from forum import wiring
from forum.db import work
from forum.db.connect import connect, disconnect
from forum.discussions import screening
from forum.discussions.editing import edit_comment
from forum.discussions.models import Comment, Space
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import Actor
from forum.people.models import Person
from moderation.claims import claim
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseState
from moderation.screening import PHASES
from tests.support import world


@dataclass(frozen=True)
class Ground:
    """A space with a moderator, for writer number N there is the account `writer-N@example.org` and a published comment of theirs."""

    space: Space
    moderator: Actor


async def prepare(count: int) -> Ground:
    """Make the space, and for each writer an account and one published comment."""
    hall = await world.space("hall", moderators=[await world.person("Mona")])
    ground = Ground(hall, await world.actor_for(await Person.get(name="Mona")))
    for number in range(count):
        writer = await world.actor_for(await world.person(f"Writer {number}", email=f"writer-{number}@example.org"))
        await settle(ground, await world.post(writer, hall, f"Standing {number}."), Action.PUBLISH)
    return ground


async def settle(ground: Ground, comment_id: str, action: Action) -> None:
    """Claim the open case of a comment and decide on it."""
    case = await Case.get(comment_id=comment_id, state=CaseState.OPEN.value)
    await claim(ground.moderator, case.id)
    reason = "" if action is Action.PUBLISH else "other"
    await decide(
        ground.moderator, case.id, DecisionForm(action=action, reason=reason, reason_text="Said twice.", version=case.version)
    )


async def write(ground: Ground, number: int) -> None:
    """Do what writer `number` does: five kinds of people, by the remainder."""
    person = await Person.get(email=f"writer-{number}@example.org")
    writer, hall = await world.actor_for(person), ground.space
    standing = await Comment.filter(author_id=person.id).order_by("received_at").first()
    assert standing is not None
    kind = number % 5
    if kind == 0:
        for text in ("One.", "Two.", "Three."):
            await world.post(writer, hall, text)
    elif kind == 1:
        await settle(ground, await world.post(writer, hall, "A reply.", parent=standing.id), Action.PUBLISH)
    elif kind == 2:
        await edit_comment(writer, standing.id, await world.edit_of(standing.id, "Other words."))
        await settle(ground, standing.id, Action.PUBLISH)
    elif kind == 3:
        await settle(ground, await world.post(writer, hall, "Refused.", question=2), Action.REJECT)
    else:
        await withdraw_comment(writer, standing.id, standing.version)
        await world.post(writer, hall, "Again.", question=3)


async def write_all(ground: Ground, first: int, last: int) -> None:
    """Let the writers from `first` up to but not `last` write at once."""
    await asyncio.gather(*(write(ground, number) for number in range(first, last)))


async def main(url: str, space_id: str, moderator_id: str, first: str, last: str) -> None:
    work.install(wiring.INSIDE, ())
    screening.install(PHASES)
    wiring.install_notices()
    await connect(url, wiring.APPS, world.PATIENT)
    try:
        moderator = await world.actor_for(await Person.get(id=moderator_id))
        ground = Ground(await Space.get(id=space_id), moderator)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await write_all(ground, int(first), int(last))
    finally:
        await disconnect()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
