"""Edit a comment: each text is a new immutable revision. A published text stays visible while its edit waits."""

from dataclasses import dataclass

from forum.db.work import Work, begin
from forum.discussions import screening, standing
from forum.discussions.events import as_member, tell
from forum.discussions.forms import Edit, check_body
from forum.discussions.models import Comment, CommentState, Draft, Revision, RevisionState, Space
from forum.discussions.policy import require_edit, require_post
from forum.discussions.posting import check_lang, new_revision
from forum.discussions.restraint import still_free
from forum.discussions.screening import Hold, Submission
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.canonical import Json
from forum.kernel.errors import Conflict, NotFound, Problem, invalid
from forum.people.restrictions import require_not_barred
from forum.record.appending import lock
from forum.text.aside import aside
from forum.text.markup import Rendered, render


@dataclass(frozen=True, slots=True)
class New:
    """The new text, rendered and screened before the transaction."""

    text: Rendered
    lang: str
    holds: list[Hold]


async def edit_comment(actor: Actor, comment_id: str, form: Edit) -> str:
    """Write a new revision and return the comment's state.

    Raises NotFound for another's comment, Conflict when `form.version` is stale, Forbidden when the space is closed,
    Refusal for what is wrong with the text or when the comment is final.
    """
    comment = await Comment.get_or_none(id=comment_id)
    if comment is None:
        raise NotFound
    require_edit(actor, comment.author_id, comment.state)
    _check_version(comment, form.version)
    space = await Space.get(id=comment.space_id)
    await require_not_barred(actor, space.id)
    require_post(actor, space, clock.now())
    check_body(form.body)
    lang = form.lang or (await Revision.get(id=comment.pending_id or comment.shown_id)).lang
    check_lang(space, lang)
    new = await _prepare(actor, space, comment, form.body, lang)
    async with begin() as work:
        return await _write(work, actor, comment_id, form.version, new)


def _check_version(comment: Comment, version: int) -> None:
    if comment.version != version:
        raise Conflict("comment.stale", {"id": comment.id, "version": comment.version, "state": comment.state})


async def _prepare(actor: Actor, space: Space, comment: Comment, body: str, lang: str) -> New:
    text = await aside(render, body, anchor=comment.id)
    if not text.text.strip():
        raise invalid(body=Problem("comment.empty"))
    replaces = comment.state == CommentState.PUBLISHED.value
    submission = Submission(actor, space, comment.id, text, lang, comment.speaking_for, replaces)
    return New(text, lang, await screening.screen(submission))


async def _write(work: Work, actor: Actor, comment_id: str, version: int, new: New) -> str:
    comment = await Comment.get(id=comment_id)
    await lock(work, comment.space_id)
    comment = await Comment.get(id=comment_id)
    require_edit(actor, comment.author_id, comment.state)
    _check_version(comment, version)
    space = await Space.get(id=comment.space_id)
    require_post(actor, space, clock.now())
    holds = await still_free(work, actor, space.id, new.holds, new=False)
    last = await Revision.filter(comment_id=comment.id).order_by("-number").first()
    revision = new_revision(comment.id, last.number + 1 if last else 1, new.lang, new.text)
    await revision.save()
    kind = await _replace(comment, revision)
    await Draft.filter(person_id=actor.person_id, place=f"e:{comment.id}").delete()
    comment.version += 1
    await comment.save(update_fields=["state", "shown_id", "pending_id", "version"])
    data: dict[str, Json] = {
        "revision": revision.id,
        "digest": revision.digest,
        "lang": revision.lang,
        "holds": [{"phase": hold.phase, "reason": hold.reason} for hold in holds],
    }
    await tell(work, kind, comment.space_id, as_member(actor), comment.id, **data)
    if not holds:
        await standing.publish(work, comment, revision, as_member(actor))
    return comment.state


async def _replace(comment: Comment, revision: Revision) -> str:
    """Put the new revision in its place and return the kind of fact that tells of it."""
    if comment.state == CommentState.PUBLISHED.value:
        if comment.pending_id:
            await Revision.filter(id=comment.pending_id).update(state=RevisionState.REPLACED.value)
        comment.pending_id = revision.id
        return "comment.edit_received"
    await Revision.filter(id=comment.shown_id).update(state=RevisionState.REPLACED.value)
    comment.shown_id = revision.id
    kind = "comment.revised" if comment.state == CommentState.HELD.value else "comment.resubmitted"
    comment.state = CommentState.HELD.value
    return kind
