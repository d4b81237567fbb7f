"""Notes: what moderators of a space write to each other on a case. The author never sees them, and the record has none of their words."""

from pydantic import BaseModel, Field

from forum.db.work import Work, begin
from forum.discussions.events import Act, tell
from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Forbidden, Problem, invalid
from forum.record.appending import lock
from forum.web.shapes import SOMETHING
from moderation.cases import load
from moderation.models import Case, Note
from moderation.rules.settings import LEASE

NOTE_LIMIT = 4000
SHORT_LIMIT = 500
"""Characters of a note that explains taking a case over, or disagreeing."""


class NoteForm(BaseModel):
    """A note for the other moderators."""

    text: str = Field(max_length=NOTE_LIMIT, json_schema_extra=SOMETHING)


async def note(actor: Actor, case_id: str, text: str) -> Note:
    """Write a note on a case, renew one's claim of it, and return it. Raises NotFound, Forbidden for the comment's own author, Refusal
    when there are no words or too many."""
    found = await load(actor, case_id)
    words = worded(text, NOTE_LIMIT, "text")
    async with begin() as work:
        await lock(work, found.space_id)
        case = await Case.get(id=case_id)
        if (await Comment.get(id=case.comment_id)).author_id == actor.person_id:
            raise Forbidden("case.own")
        return await keep_note(work, actor, case, words)


def worded(text: str, limit: int, field: str, *, needed: bool = True) -> str:
    """Return `text` without space around it. Raises Refusal naming `field` when it is empty but needed, or longer than `limit`."""
    words = text.strip()
    if needed and not words:
        raise invalid(**{field: Problem("field.required")})
    if len(words) > limit:
        raise invalid(**{field: Problem("field.too_long", {"limit": limit})})
    return words


async def keep_note(work: Work, actor: Actor, case: Case, words: str, *, told: bool = True) -> Note:
    """Add a note under the lock of the space; `told` is False where another fact of the same moment tells of it."""
    made = await _write(work, actor, case, text=words)
    if told:
        await tell(work, "case.noted", case.space_id, Act(actor, Capacity.MODERATOR), case.comment_id, case=case.id, note=made.id)
    return made


async def keep_disagreement(work: Work, actor: Actor, case: Case, words: str, declined: str) -> Note:
    """Add a note on what the writer has disagreed with (see Note.declined), with words or without; another fact tells of it."""
    return await _write(work, actor, case, text=words, declined=declined)


async def _write(work: Work, actor: Actor, case: Case, **what: str) -> Note:
    made = await Note.create(
        using_db=work.connection,
        case_id=case.id,
        comment_id=case.comment_id,
        by_id=actor.person_id,
        made_at=clock.now(),
        **what,
    )
    await renew(case, actor)
    return made


async def renew(case: Case, actor: Actor) -> None:
    """Let the lease begin anew when it is `actor` who holds the case: whoever writes on it works on it."""
    now = clock.now()
    if case.claimed_by_id == actor.person_id and case.claimed_until is not None and case.claimed_until > now:
        case.claimed_until = now + LEASE
        await case.save(update_fields=["claimed_until"])
