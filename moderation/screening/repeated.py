"""Hold what was posted before, by anybody, word for word or nearly so."""

from forum.discussions.screening import Hold, Submission
from forum.kernel.messages import N_
from moderation.screening.looking import seen_in
from moderation.screening.rules import rules_for
from moderation.similar.finding import is_known

ALIKE = 0.8
"""Share of their letters' sequences that two texts have in common, from which on they are one text to this phase."""


async def repeated(submission: Submission) -> Hold | None:
    """Hold when another comment has had nearly the same text; short texts repeat each other and mean nothing by it."""
    if "repeated" in (await rules_for(submission)).off:
        return None
    signed = (await seen_in(submission)).signed
    if await is_known(signed, submission.comment_id, ALIKE):
        return Hold("repeated", N_("Nearly the same text was sent before."))
    return None
