"""Report a published comment: once for each person and text, also after its space has closed. Who decides on it hears the fact."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator

from forum.db.work import begin
from forum.discussions.events import A_MEMBER, tell
from forum.discussions.flags import WORDS_LIMIT, Flag, FlagReason
from forum.discussions.models import Comment, CommentState, Space
from forum.discussions.policy import Sight, Standing, require_read, sight
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.clock import rfc3339
from forum.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, Problem, Refusal, invalid
from forum.kernel.locales import DEFAULT_LANG, Lang, is_lang
from forum.record.appending import lock
from forum.web.shapes import SAID, WHOLE, or_null, when


class FlagForm(BaseModel):
    """A report: why, and in the reporter's own words, which only another reason cannot do without.

    `lang` is the language of the words, without it the reporter's own. `seq` is the public number of the comment as it was read; with
    it, a text that has changed since is not reported unseen.
    """

    model_config = ConfigDict(
        json_schema_extra=when("reason", [FlagReason.OTHER.value], {"required": ["text"], "properties": {"text": SAID}})
    )

    reason: FlagReason
    text: str = Field(default="", max_length=WORDS_LIMIT, json_schema_extra=or_null)
    lang: Lang | None = None
    seq: Annotated[StrictInt, Field(ge=0), WHOLE] | None = None

    @field_validator("text", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return "" if value is None else value


def require_words(form: FlagForm) -> None:
    """Raise Refusal naming `text` when the reason is another one and nothing explains it."""
    if form.reason is FlagReason.OTHER and not form.text.strip():
        raise invalid(text=Problem("flag.words"))


async def flag_comment(actor: Actor, comment_id: str, form: FlagForm) -> Flag:
    """Report a comment and return the report.

    Raises NotSignedIn, NotFound alike for what is hidden and what there is not, Forbidden for the author, Refusal when the text is gone
    or words are missing, Conflict when `actor` has reported this text already or it has changed since it was read.
    """
    require_words(form)
    known = await reportable(actor, comment_id)
    async with begin() as work:
        await lock(work, known.space_id)
        comment = await reportable(actor, comment_id)
        await _check_news(actor, comment, form)
        before = await Flag.filter(revision_id=comment.shown_id).order_by("-number").first()
        flag = await Flag.create(
            using_db=work.connection,
            comment_id=comment.id,
            revision_id=comment.shown_id,
            space_id=comment.space_id,
            by_id=actor.person_id,
            number=before.number + 1 if before else 1,
            reason=form.reason.value,
            text=form.text.strip(),
            lang=form.lang or (actor.lang if is_lang(actor.lang) else DEFAULT_LANG),
            made_at=clock.now(),
        )
        data = {"flag": flag.id, "reason": flag.reason, "revision": flag.revision_id}
        # Who reported is in the report alone: the record can be read by an author who moderates, and exported.
        await tell(work, "comment.flagged", comment.space_id, A_MEMBER, comment.id, **data)
        return flag


async def reportable(actor: Actor, comment_id: str) -> Comment:
    """Return the comment if `actor` may report it now; raises as `flag_comment` does."""
    if not actor.signed_in:
        raise NotSignedIn
    comment = await Comment.get_or_none(id=comment_id)
    if comment is None:
        raise NotFound
    require_read(actor, await Space.get_or_none(id=comment.space_id))
    if comment.author_id == actor.person_id:
        raise Forbidden("flag.own")
    if comment.state != CommentState.PUBLISHED.value:
        # What readers know of is gone; of the rest nobody learns here, whatever their office lets them see elsewhere.
        raise Refusal("flag.gone") if _stub_for_all(comment) else NotFound()
    return comment


def _stub_for_all(comment: Comment) -> bool:
    standing = Standing(comment.space_id, comment.author_id, comment.state, comment.published_at is not None)
    return sight(ANONYMOUS, standing) is Sight.STUB


async def _check_news(actor: Actor, comment: Comment, form: FlagForm) -> None:
    known = await Flag.get_or_none(revision_id=comment.shown_id, comment_id=comment.id, by_id=actor.person_id)
    if known is not None:
        raise Conflict("flag.known", {"id": comment.id, "reported_at": rfc3339(known.made_at)})
    if form.seq is not None and form.seq != comment.public_seq:
        raise Conflict("flag.changed", {"id": comment.id, "seq": comment.public_seq})
