"""How a comment's standing changes: published, returned, rejected, removed, restored. Moderation decides; the forum carries it out.

All functions run inside a unit of work that holds the space's lock, take the comment fresh from that transaction, and tell a fact.
"""

from collections.abc import Mapping

from forum.db.fields import dump_json
from forum.db.work import Work
from forum.discussions.events import Act, tell
from forum.discussions.models import Comment, CommentState, Question, Revision, RevisionState, Space
from forum.kernel import clock
from forum.kernel.errors import Refusal
from forum.kernel.events import Fact

WAITING = frozenset({CommentState.HELD.value, CommentState.RETURNED.value, CommentState.REJECTED.value})


def waits(comment: Comment, revision: Revision) -> bool:
    """Return whether `revision` is the text of the comment that waits for a decision."""
    if revision.state != RevisionState.HELD.value:
        return False
    held = comment.state == CommentState.HELD.value and comment.shown_id == revision.id
    return held or (comment.state == CommentState.PUBLISHED.value and comment.pending_id == revision.id)


async def _save(comment: Comment, *names: str) -> None:
    comment.version += 1
    await comment.save(update_fields=["version", *names])


async def _mark(revision: Revision, state: RevisionState) -> None:
    revision.state = state.value
    await revision.save(update_fields=["state"])


async def publish(work: Work, comment: Comment, revision: Revision, act: Act) -> None:
    """Publish the waiting revision: the comment itself the first time, else its edit. Raises Refusal otherwise."""
    if not waits(comment, revision):
        raise Refusal("case.action")
    await _mark(revision, RevisionState.PUBLISHED)
    if comment.pending_id == revision.id:
        await _publish_edit(work, comment, revision, act)
        return
    question = await Question.get(id=comment.question_id)
    come_out(await Space.get(id=comment.space_id), question, comment)
    await question.save(update_fields=["published", "symbols"])
    fact = await tell_published(work, question, comment, revision, act)
    comment.public_seq = fact.public_seq or 0
    await _save(comment, "state", "published_at", "number", "symbol", "public_seq")


def come_out(space: Space, question: Question, comment: Comment) -> None:
    """Make a comment public and give it its number in the question; the caller saves both rows."""
    question.published += 1
    question.symbols += 1
    comment.state, comment.published_at = CommentState.PUBLISHED.value, clock.now()
    comment.number = question.symbols
    comment.symbol = f"{space.symbol}/Q{question.number}/{question.symbols}"


async def tell_published(work: Work, question: Question, comment: Comment, revision: Revision, act: Act) -> Fact:
    """Tell that a comment has come out."""
    return await tell(
        work,
        "comment.published",
        comment.space_id,
        act,
        comment.id,
        question=question.number,
        revision=revision.id,
        symbol=comment.symbol,
    )


async def _publish_edit(work: Work, comment: Comment, revision: Revision, act: Act) -> None:
    await Revision.filter(id=comment.shown_id).update(state=RevisionState.REPLACED.value)
    comment.shown_id, comment.pending_id, comment.edited_at = revision.id, None, clock.now()
    fact = await tell(work, "comment.edited", comment.space_id, act, comment.id, revision=revision.id)
    comment.public_seq = fact.public_seq or 0
    await _save(comment, "shown_id", "pending_id", "edited_at", "public_seq")


async def refuse(work: Work, comment: Comment, revision: Revision, act: Act, *, final: bool) -> None:
    """Return the waiting revision to its author (`final` false) or reject it; a published text stays as it is."""
    if not waits(comment, revision):
        raise Refusal("case.action")
    verb = "rejected" if final else "returned"
    await _mark(revision, RevisionState.REJECTED if final else RevisionState.RETURNED)
    if comment.pending_id == revision.id:
        await tell(work, f"comment.edit_{verb}", comment.space_id, act, comment.id, revision=revision.id)
        await _save(comment)
        return
    comment.state = (CommentState.REJECTED if final else CommentState.RETURNED).value
    await tell(work, f"comment.{verb}", comment.space_id, act, comment.id, revision=revision.id)
    await _save(comment, "state")


async def remove(work: Work, comment: Comment, act: Act, public_reason: Mapping[str, str]) -> None:
    """Take a published comment away; a stub with the reason, by language, stays, and so do the replies."""
    if comment.state != CommentState.PUBLISHED.value:
        raise Refusal("case.action")
    await _drop_pending(comment)
    await Question.filter(id=comment.question_id).update(published=await _one_less(comment.question_id))
    comment.state, comment.stub_reason = CommentState.REMOVED.value, dump_json(dict(public_reason))
    fact = await tell(work, "comment.removed", comment.space_id, act, comment.id, reason=dict(public_reason))
    comment.public_seq = fact.public_seq or 0
    await _save(comment, "state", "stub_reason", "pending_id", "public_seq")


async def restore(work: Work, comment: Comment, act: Act) -> None:
    """Put a removed comment back where it stood, under its symbol; to followers it is published again."""
    if comment.state != CommentState.REMOVED.value:
        raise Refusal("case.action")
    question = await Question.get(id=comment.question_id)
    question.published += 1
    await question.save(update_fields=["published"])
    comment.state, comment.stub_reason = CommentState.PUBLISHED.value, ""
    revision = await Revision.get(id=comment.shown_id)
    fact = await tell_published(work, question, comment, revision, act)
    comment.public_seq = fact.public_seq or 0
    await _save(comment, "state", "stub_reason", "public_seq")


def refused(comment: Comment, revision: Revision) -> bool:
    """Return whether `revision` was returned or rejected and nothing newer has taken its place."""
    if revision.state not in {RevisionState.RETURNED.value, RevisionState.REJECTED.value}:
        return False
    first = comment.state in {CommentState.RETURNED.value, CommentState.REJECTED.value} and comment.shown_id == revision.id
    return first or (comment.state == CommentState.PUBLISHED.value and comment.pending_id == revision.id)


async def admit(work: Work, comment: Comment, revision: Revision, act: Act) -> None:
    """Publish a text that had been returned or rejected. Raises Refusal when its author has sent another since."""
    if not refused(comment, revision):
        raise Refusal("case.action")
    revision.state = RevisionState.HELD.value
    if comment.pending_id != revision.id:
        comment.state = CommentState.HELD.value
    await publish(work, comment, revision, act)


async def withdraw(work: Work, comment: Comment, act: Act) -> None:
    """Withdraw a comment for its author; followers hear of it only if it had been published."""
    was_public = comment.state == CommentState.PUBLISHED.value
    await _drop_pending(comment)
    if not was_public:
        await Revision.filter(id=comment.shown_id).update(state=RevisionState.DROPPED.value)
    comment.state = CommentState.WITHDRAWN.value
    if was_public:
        await Question.filter(id=comment.question_id).update(published=await _one_less(comment.question_id))
        fact = await tell(work, "comment.withdrawn", comment.space_id, act, comment.id)
        comment.public_seq = fact.public_seq or 0
    else:
        await tell(work, "comment.retracted", comment.space_id, act, comment.id)
    await _save(comment, "state", "pending_id", "public_seq")


async def _one_less(question_id: str) -> int:
    question = await Question.get(id=question_id)
    return question.published - 1


async def _drop_pending(comment: Comment) -> None:
    if comment.pending_id:
        await Revision.filter(id=comment.pending_id).update(state=RevisionState.DROPPED.value)
        comment.pending_id = None
