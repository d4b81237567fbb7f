"""Withdraw a comment: its author takes it back, a stub stays where it had been published."""

from forum.db.work import begin
from forum.discussions import standing
from forum.discussions.events import as_member
from forum.discussions.models import Comment
from forum.discussions.policy import require_edit
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, NotFound
from forum.record.appending import lock


async def withdraw_comment(actor: Actor, comment_id: str, version: int) -> None:
    """Withdraw a comment, also after its space has closed.

    Raises NotFound for another's comment, Conflict when `version` is stale, Refusal when the comment is final.
    """
    found = await Comment.get_or_none(id=comment_id)
    if found is None or found.author_id != actor.person_id:
        raise NotFound
    async with begin() as work:
        await lock(work, found.space_id)
        comment = await Comment.get(id=comment_id)
        require_edit(actor, comment.author_id, comment.state)
        if comment.version != version:
            raise Conflict("comment.stale", {"id": comment.id, "version": comment.version, "state": comment.state})
        await standing.withdraw(work, comment, as_member(actor))
