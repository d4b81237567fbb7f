"""Appeals: the author's words against a decision, once for each, to a moderator who has had nothing to do with it."""

from pydantic import BaseModel, Field

from forum.db.work import begin
from forum.discussions.events import as_member, tell
from forum.discussions.models import Comment, Revision
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, NotFound, NotSignedIn, Problem, Refusal, invalid
from forum.kernel.locales import DEFAULT_LANG, Lang, is_lang
from forum.record.appending import lock
from forum.web.shapes import SOMETHING
from moderation.appeals.hindrances import MADE, Against, hindrance, still_stands
from moderation.cases import Opening, open_case
from moderation.models import Action, Appeal, CaseKind, Decision

WORDS_LIMIT = 2000
"""Characters that an author can write with an appeal."""


class AppealForm(BaseModel):
    """Why the author thinks that a decision should be changed; `lang` is the language of the words, else the author's own."""

    text: str = Field(max_length=WORDS_LIMIT, json_schema_extra=SOMETHING)
    lang: Lang | None = None


async def last_removal(comment_id: str) -> str | None:
    """Return the id of the last decision to remove a comment, None when there is none."""
    found = await Decision.filter(comment_id=comment_id, action=Action.REMOVE.value).order_by("-id").first()
    return found.id if found else None


async def appeal(actor: Actor, decision_id: str, form: AppealForm) -> Appeal:
    """Appeal against a decision on one's own comment and return the appeal; possible also after the space has closed.

    Raises NotSignedIn, NotFound for everybody but the author, Refusal when there can be no appeal or words are missing, Conflict when
    there is one already.
    """
    if not actor.signed_in:
        raise NotSignedIn
    if not form.text.strip():
        raise invalid(text=Problem("appeal.words"))
    decision = await Decision.get_or_none(id=decision_id)
    comment = await Comment.get_or_none(id=decision.comment_id) if decision else None
    if decision is None or comment is None or comment.author_id != actor.person_id:
        raise NotFound
    async with begin() as work:
        await lock(work, comment.space_id)
        comment = await Comment.get(id=comment.id)
        await _check(decision, comment)
        # What would come back is the text that is shown: of a removed comment perhaps a later one than was decided on.
        removed = decision.action == Action.REMOVE.value
        revision = await Revision.get(id=comment.shown_id if removed else decision.revision_id)
        now = clock.now()
        opening = Opening(
            kind=CaseKind.APPEAL,
            comment_id=comment.id,
            revision_id=revision.id,
            lang=revision.lang,
            at=now,
            ref=decision.id,
        )
        case = await open_case(work, opening)
        made = await Appeal.create(
            using_db=work.connection,
            decision_id=decision.id,
            comment_id=comment.id,
            space_id=comment.space_id,
            case_id=case.id,
            author_id=actor.person_id,
            text=form.text.strip(),
            lang=form.lang or (actor.lang if is_lang(actor.lang) else DEFAULT_LANG),
            made_at=now,
        )
        act = as_member(actor)
        await tell(work, "case.appealed", comment.space_id, act, comment.id, case=case.id, decision=decision.id)
        return made


async def _check(decision: Decision, comment: Comment) -> None:
    made = await Appeal.get_or_none(decision_id=decision.id)
    revision = await Revision.get(id=decision.revision_id)
    stands = still_stands(decision, comment, revision, await last_removal(comment.id))
    why = hindrance(Against(decision.action, decision.appeal_until, made is not None, stands), clock.now())
    if made is not None and why == MADE:
        raise Conflict(why, {"id": made.id, "decision": decision.id, "outcome": made.outcome or None})
    if why:
        raise Refusal(why)
