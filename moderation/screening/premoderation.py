"""Hold everything in a space whose comments are all read before publication, or that has no mode set."""

from forum.discussions.models import Premoderation
from forum.discussions.screening import Hold, Submission
from forum.kernel.messages import N_


async def premoderation(submission: Submission) -> Hold | None:
    """Hold unless the space has chosen otherwise."""
    if submission.space.premoderation in {Premoderation.NEWCOMERS.value, Premoderation.NONE.value}:
        return None
    return Hold("premoderation", N_("In this space every text is read before it is published."))
