"""Hold the edit of a comment that a moderator has decided on: what was read must not become another text unread."""

from forum.db.reading import row
from forum.discussions.screening import Hold, Submission
from forum.kernel.messages import N_


async def reviewed(submission: Submission) -> Hold | None:
    """Hold an edit of a published comment with a decision, whatever the mode of the space."""
    if not submission.replaces:
        return None
    found = await row("SELECT 1 AS x FROM decisions WHERE comment_id = ? LIMIT 1", [submission.comment_id])
    return Hold("reviewed", N_("A moderator has read this comment before its author changed it.")) if found else None
