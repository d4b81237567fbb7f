"""Claim a case: a lease that tells the other moderators who is working on it. It forbids nothing: decisions compare versions.

It is renewed by activity: the page of the case claims again while its holder types, and a note on the case renews it.
"""

from forum.db.work import begin
from forum.discussions.events import Act, tell
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Conflict
from forum.people.models import Person
from forum.record.appending import lock
from moderation.cases import load, text_of
from moderation.conflicts import stale
from moderation.fairness import Matter, require_impartial
from moderation.models import Case, CaseState
from moderation.noting import SHORT_LIMIT, keep_note, renew, worded
from moderation.rules.settings import LEASE, settings_of


async def claim(actor: Actor, case_id: str) -> Case:
    """Take or renew the lease of a case and return it. Raises NotFound, Conflict when it is decided or another's, Forbidden where fairness
    leaves it to others."""
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        case = await _open(actor, case_id)
        now = clock.now()
        held = case.claimed_until is not None and case.claimed_until > now
        if held and case.claimed_by_id != actor.person_id:
            holder = await Person.get_or_none(id=case.claimed_by_id)
            name = holder.name if holder else ""
            raise Conflict("case.claimed", {"id": case.id, "version": case.version, "claimed_by": name}, name=name)
        renewed = held
        case.claimed_by_id, case.claimed_until = actor.person_id, now + LEASE
        await case.save(update_fields=["claimed_by_id", "claimed_until"])
        if not renewed:
            await tell(work, "case.claimed", case.space_id, Act(actor, Capacity.MODERATOR), case.comment_id, case=case.id)
        return case


async def _open(actor: Actor, case_id: str) -> Case:
    """Return an open case that `actor` may decide on: working on another would only keep others from it."""
    case = await Case.get(id=case_id)
    if case.state != CaseState.OPEN.value:
        raise await stale(case)
    comment, _ = await text_of(case)
    await require_impartial(actor, Matter(case, comment, await settings_of(case.space_id)))
    return case


async def keep_claim(actor: Actor, case_id: str) -> None:
    """Let the lease begin anew when `actor` holds it: whoever sends a form of the case works on it. Raises NotFound."""
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        await renew(await Case.get(id=case_id), actor)


async def release(actor: Actor, case_id: str) -> Case:
    """Give a case back and return it; giving back what one does not hold changes nothing. Raises NotFound."""
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        case = await Case.get(id=case_id)
        if case.claimed_by_id == actor.person_id:
            case.claimed_by_id = case.claimed_until = None
            await case.save(update_fields=["claimed_by_id", "claimed_until"])
            await tell(work, "case.released", case.space_id, Act(actor, Capacity.MODERATOR), case.comment_id, case=case.id)
        return case


async def take_over(actor: Actor, case_id: str, note: str) -> Case:
    """Take a case that another moderator holds, saying why, and return it; the words are kept as a note for the moderators.

    A case that nobody holds any more is claimed, and the note kept. Raises NotFound, Conflict when it is decided, Forbidden where fairness
    leaves it to others, Refusal naming `note` when it is missing or too long.
    """
    found = await load(actor, case_id)
    words = worded(note, SHORT_LIMIT, "note")
    async with begin() as work:
        await lock(work, found.space_id)
        case = await _open(actor, case_id)
        now, before = clock.now(), case.claimed_by_id
        held = case.claimed_until is not None and case.claimed_until > now
        case.claimed_by_id, case.claimed_until = actor.person_id, now + LEASE
        await case.save(update_fields=["claimed_by_id", "claimed_until"])
        from_other = held and before != actor.person_id
        act = Act(actor, Capacity.MODERATOR)
        if from_other:
            await tell(work, "case.taken_over", case.space_id, act, case.comment_id, **{"case": case.id, "from": before})
        elif not held:
            await tell(work, "case.claimed", case.space_id, act, case.comment_id, case=case.id)
        await keep_note(work, actor, case, words, told=not from_other)
        return case
