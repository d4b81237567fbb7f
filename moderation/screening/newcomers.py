"""Hold the first texts of people who have little published yet, in spaces that ask for it."""

from forum.db.reading import rows
from forum.discussions.models import Premoderation
from forum.discussions.screening import Hold, Submission
from forum.kernel.messages import N_
from moderation.screening.rules import rules_for


async def newcomers(submission: Submission) -> Hold | None:
    """Hold when the space reads newcomers first and the author has fewer texts published in the forum than it asks for."""
    if submission.space.premoderation != Premoderation.NEWCOMERS.value:
        return None
    wanted = (await rules_for(submission)).newcomer_texts
    sql = "SELECT 1 AS x FROM comments WHERE author_id = ? AND state = 'published' LIMIT ?"
    if len(await rows(sql, [submission.actor.person_id, wanted])) >= wanted:
        return None
    return Hold("newcomers", N_("The author has nothing published here yet."))
