"""Proposals: a decision that can still be undone, or that waits for a second moderator. They are carried out by `moderation.duty`."""

import json
from datetime import timedelta

from forum.db.work import Work, begin
from forum.discussions.events import Act, tell
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Conflict, Forbidden, Refusal
from forum.record.appending import lock
from moderation.cases import lapse, load, text_of
from moderation.conflicts import stale
from moderation.deals import Deal, fulfil
from moderation.fairness import Matter, require_impartial
from moderation.forms import DecisionForm
from moderation.models import Case, CaseState, Proposal
from moderation.noting import SHORT_LIMIT, keep_disagreement, worded
from moderation.office import require_sitting, sits
from moderation.rules.grounds import dumped, ground_in
from moderation.rules.settings import settings_of


async def propose(work: Work, deal: Deal, *, seconds: int = 0, needs: bool = False) -> Proposal:
    """Keep a decision that is not carried out yet: for `seconds`, or until a second moderator agrees. The case gets a new version."""
    case, now = deal.case, clock.now()
    case.version += 1
    case.claimed_by_id = case.claimed_until = None
    await case.save(update_fields=["version", "claimed_by_id", "claimed_until"])
    made = await Proposal.create(
        using_db=work.connection,
        case_id=case.id,
        case_version=case.version,
        space_id=case.space_id,
        action=deal.form.action.value,
        form=deal.form.model_dump_json(),
        ground=dumped(deal.ground, deal.words),
        made_by_id=deal.act.actor.person_id,
        made_at=now,
        due_at=None if needs else now + timedelta(seconds=seconds),
        needs_second=needs,
    )
    await _tell(work, "case.proposed", deal.act, case, made)
    return made


async def _tell(work: Work, kind: str, act: Act, case: Case, proposal: Proposal) -> None:
    await tell(
        work,
        kind,
        case.space_id,
        act,
        case.comment_id,
        case=case.id,
        action=proposal.action,
        needs="second" if proposal.needs_second else "time",
    )


async def undo(actor: Actor, case_id: str) -> Case:
    """Take back what one has proposed oneself and return the case, open again. Raises NotFound, Forbidden for another's, Conflict if
    there is nothing to undo any more."""
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        await require_sitting(actor.person_id, found.space_id)
        case = await Case.get(id=case_id)
        proposal = await _proposal(case)
        if proposal.made_by_id != actor.person_id:
            raise Forbidden("case.not_yours")
        await _drop(work, case, proposal)
        await _tell(work, "case.undone", Act(actor, Capacity.MODERATOR), case, proposal)
        return case


async def second(actor: Actor, case_id: str, version: int) -> Case:
    """Agree, as the second moderator, with what waits for one, and carry it out.

    Raises NotFound, Conflict when it changed meanwhile or lapses because whoever proposed it moderates no more, Forbidden for the one
    who proposed it and where fairness asks for another.
    """
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        await require_sitting(actor.person_id, found.space_id)
        case = await Case.get(id=case_id)
        proposal = await _waiting(case, version)
        if proposal.made_by_id == actor.person_id:
            raise Forbidden("case.second_self")
        if await sits(proposal.made_by_id, case.space_id):
            await _agree(work, actor, case, proposal)
            return case
        await _reopen(work, case)
    raise await stale(case)


async def _agree(work: Work, actor: Actor, case: Case, proposal: Proposal) -> None:
    deal = await _deal(case, proposal, seconded_by=actor.person_id)
    await require_impartial(actor, deal.matter)
    await proposal.delete()
    await _tell(work, "case.seconded", Act(actor, Capacity.MODERATOR), case, proposal)
    await fulfil(work, deal)


async def decline(actor: Actor, case_id: str, version: int, note: str = "") -> Case:
    """Disagree, as the second moderator: the case is open again for any decision. `note` says why, to the moderators. Raises as `second`
    does, and Refusal for a note that is too long."""
    found = await load(actor, case_id)
    words = worded(note, SHORT_LIMIT, "note", needed=False)
    async with begin() as work:
        await lock(work, found.space_id)
        await require_sitting(actor.person_id, found.space_id)
        case = await Case.get(id=case_id)
        proposal = await _waiting(case, version)
        if proposal.made_by_id == actor.person_id:
            raise Forbidden("case.second_self")
        comment, _ = await text_of(case)
        await require_impartial(actor, Matter(case, comment, await settings_of(case.space_id)))
        await _drop(work, case, proposal)
        await _tell(work, "case.unseconded", Act(actor, Capacity.MODERATOR), case, proposal)
        await keep_disagreement(work, actor, case, words, _declined(proposal))
        return case


def _declined(proposal: Proposal) -> str:
    """Return what a note keeps of a proposal that does not come to pass: nobody's proposal vanishes without a trace."""
    return json.dumps({"by": proposal.made_by_id, "form": json.loads(proposal.form), "ground": proposal.ground})


async def carry_out(case_id: str) -> bool:
    """Carry out a proposal whose time has come; False when it was undone, or lapses because what it was about has changed."""
    known = await Proposal.get_or_none(case_id=case_id)
    if known is None:
        return False
    try:
        async with begin() as work:
            await lock(work, known.space_id)
            proposal = await Proposal.get_or_none(case_id=case_id)
            if proposal is None or proposal.due_at is None or proposal.due_at > clock.now():
                return False
            case = await Case.get(id=case_id)
            deal = await _deal(case, proposal)
            await proposal.delete()
            await fulfil(work, deal)
            return True
    except Refusal:
        # Nothing of it has happened: what was to be done fits no more. Whoever proposed it sees the case open again.
        await _lapse(known)
        return False


async def _lapse(known: Proposal) -> None:
    async with begin() as work:
        await lock(work, known.space_id)
        await _reopen(work, await Case.get(id=known.case_id))


async def _reopen(work: Work, case: Case) -> None:
    """Let what is proposed about a case lapse; whoever looked at it before looks anew."""
    if await lapse(work, case):
        case.version += 1
        await case.save(update_fields=["version"])


async def _deal(case: Case, proposal: Proposal, seconded_by: str | None = None) -> Deal:
    """Return the deal that was proposed, for the reason as it was then. Raises Forbidden when whoever proposed it moderates no more, or is
    suspended."""
    form = DecisionForm.model_validate_json(proposal.form)
    comment, revision = await text_of(case)
    act = Act(await require_sitting(proposal.made_by_id, case.space_id), Capacity.MODERATOR)
    ground, words = await ground_in(case.space_id, form, proposal.ground)
    return Deal(act, Matter(case, comment, await settings_of(case.space_id)), revision, form, ground, words, seconded_by)


async def _proposal(case: Case) -> Proposal:
    """Return what is proposed on a case. Raises Conflict, naming who has decided what and when if somebody has."""
    proposal = await Proposal.get_or_none(case_id=case.id)
    if proposal is None and case.state == CaseState.OPEN.value:
        raise Conflict("case.nothing_proposed", {"id": case.id, "version": case.version, "state": case.state})
    if proposal is None:
        raise await stale(case)
    return proposal


async def _waiting(case: Case, version: int) -> Proposal:
    proposal = await _proposal(case)
    if not proposal.needs_second or case.version != version:
        raise await stale(case)
    return proposal


async def _drop(work: Work, case: Case, proposal: Proposal) -> None:
    await proposal.delete()
    case.version += 1
    await case.save(update_fields=["version"])
