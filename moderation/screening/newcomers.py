"""Hold the first texts of people who have nothing published yet, in spaces that ask for it."""

from forum.db.reading import row
from forum.discussions.models import Premoderation
from forum.discussions.screening import Hold, Submission
from forum.kernel.messages import N_


async def newcomers(submission: Submission) -> Hold | None:
    """Hold when the space reads newcomers first and the author has no comment published in the forum."""
    if submission.space.premoderation != Premoderation.NEWCOMERS.value:
        return None
    sql = "SELECT 1 AS x FROM comments WHERE author_id = ? AND state = 'published' LIMIT 1"
    if await row(sql, [submission.actor.person_id]):
        return None
    return Hold("newcomers", N_("The author has nothing published here yet."))
