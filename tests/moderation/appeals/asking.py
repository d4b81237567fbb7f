"""Appeal against decisions."""

from forum.kernel.actors import Actor
from moderation.appealing import AppealForm, appeal
from moderation.models import Appeal, Decision

WORDS = AppealForm(text="Прошу пересмотреть это решение.", lang="ru")


async def decision_on(comment_id: str) -> Decision:
    """Return the last decision on a comment."""
    found = await Decision.filter(comment_id=comment_id).order_by("-id").first()
    assert found is not None
    return found


async def appeal_against(author: Actor, comment_id: str, form: AppealForm = WORDS) -> Appeal:
    return await appeal(author, (await decision_on(comment_id)).id, form)
