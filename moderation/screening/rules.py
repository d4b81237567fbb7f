"""Read what a space asks of the phases: one statement for a text, however many phases ask."""

from contextvars import ContextVar

from forum.db.fields import json_value
from forum.db.reading import Row, keyed
from forum.discussions.screening import Submission
from moderation.screening.reading import Rules

DEFAULT = Rules()
_READ = "SELECT max_links, newcomer_texts, off, words FROM screening_settings WHERE space_id = ?"
_known: ContextVar[tuple[Submission, Rules] | None] = ContextVar("screening rules", default=None)


def _rules(found: Row) -> Rules:
    return Rules(
        int(found["max_links"]),
        int(found["newcomer_texts"]),
        frozenset(json_value(found["off"])),
        dict(json_value(found["words"])),
    )


async def of_space(space_id: str) -> Rules:
    """Return the rules of a space, the defaults where it has not set any."""
    found = await keyed(_READ, [space_id])
    return _rules(found[0]) if found else DEFAULT


async def rules_for(submission: Submission) -> Rules:
    """Return the rules of the space that a text is for; the phases of one text are asked in one task, which remembers them."""
    known = _known.get()
    if known is not None and known[0] is submission:
        return known[1]
    found = await of_space(submission.space.id)
    _known.set((submission, found))
    return found
