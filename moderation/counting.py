"""How many cases wait where: counted up and down by the writes that change it, so that no page has to count."""

from forum.db.reading import execute
from forum.db.work import Work
from moderation.models import Case

CHANGE = (
    "INSERT INTO case_counts (space_id, question_number, lang, region, kind, n) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (space_id, question_number, lang, region, kind) DO UPDATE SET n = case_counts.n + excluded.n"
)


async def count(work: Work, case: Case, change: int) -> None:
    """Count a case that has begun (`change` 1) or ended (-1) to wait, under the lock of its space."""
    values = [case.space_id, case.question_number, case.lang, case.region, case.kind, change]
    await execute(CHANGE, values, work.connection)
