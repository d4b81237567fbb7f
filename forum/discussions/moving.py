"""Move a text that waits to another place: another question, or below another comment. What is published stays where it is cited."""

from forum.db.work import Work
from forum.discussions.events import Act, tell
from forum.discussions.models import Comment, CommentState, Question
from forum.discussions.posting import place_in
from forum.kernel.errors import Problem, Refusal, invalid


async def move(work: Work, comment: Comment, act: Act, *, number: int | None = None, parent_id: str | None = None) -> Question:
    """Hang a held comment elsewhere in its space and return the question it is in then; the caller holds the space's lock.

    With `parent_id` it becomes a reply, in the question of that comment; else it stands by itself in question `number`. Raises Refusal when
    the comment is not held, naming `question` or `parent` when there is no such place or it is there already.
    """
    before = await Question.get(id=comment.question_id)
    question = await require_place(comment, number=number, parent_id=parent_id)
    place = await place_in(question, parent_id)
    await question.save(update_fields=["children"])
    comment.question_id, comment.parent_id, comment.reply_to_id = question.id, place.parent_id, place.reply_to_id
    comment.path, comment.depth = place.path, place.depth
    await comment.save(update_fields=["question_id", "parent_id", "reply_to_id", "path", "depth"])
    await tell(work, "comment.moved", comment.space_id, act, comment.id, question=question.number, before=before.number)
    return question


async def require_place(comment: Comment, *, number: int | None = None, parent_id: str | None = None) -> Question:
    """Return the question that a held comment would be in after `move`. Raises as `move` does, and changes nothing."""
    if comment.state != CommentState.HELD.value:
        raise Refusal("case.action")
    question = await _target(comment, number, parent_id)
    if parent_id is None and question.id == comment.question_id and comment.parent_id is None:
        raise invalid(question=Problem("case.place"))
    if parent_id is not None and parent_id in {comment.id, comment.reply_to_id}:
        raise invalid(parent=Problem("case.place"))
    return question


async def _target(comment: Comment, number: int | None, parent_id: str | None) -> Question:
    if parent_id is not None:
        target = await Comment.get_or_none(id=parent_id, space_id=comment.space_id)
        # What waits, what is gone and what never was are refused alike.
        if target is None or target.state != CommentState.PUBLISHED.value:
            raise invalid(parent=Problem("case.target"))
        return await Question.get(id=target.question_id)
    question = await Question.get_or_none(space_id=comment.space_id, number=number)
    if question is None:
        raise invalid(question=Problem("field.choice"))
    return question
