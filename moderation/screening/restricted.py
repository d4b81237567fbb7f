"""Hold everything of an author whose texts are read before publication, in this space or in the whole forum."""

from forum.discussions.restraint import READ_FIRST
from forum.discussions.screening import Hold, Submission
from forum.people.models import RestrictionKind
from forum.people.restrictions import active, of_kind


async def restricted(submission: Submission) -> Hold | None:
    """Hold while the author is restricted so."""
    found = await active(submission.actor.person_id, submission.space.id)
    return READ_FIRST if of_kind(found, RestrictionKind.HOLD) else None
