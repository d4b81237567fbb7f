"""Decide on a case: one transaction, compare-and-set on the case's version and the comment's revision."""

from forum.db.work import begin
from forum.discussions import moving
from forum.discussions.events import Act
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Problem, invalid
from forum.record.appending import lock
from moderation.cases import load, text_of
from moderation.conflicts import stale
from moderation.deals import Deal, fulfil
from moderation.fairness import Matter, needs_second, require_impartial
from moderation.forms import DecisionForm
from moderation.models import REASONED, Action, Case, CaseState, Proposal
from moderation.office import require_sitting
from moderation.policy import possible, require_action
from moderation.proposing import propose
from moderation.rules.grounds import ground_of, says_nothing
from moderation.rules.settings import settings_of


async def decide(actor: Actor, case_id: str, form: DecisionForm) -> Case:
    """Carry out a decision and return the case; one that needs a second moderator, or can be undone, becomes a proposal.

    Raises NotFound for a case that is not given to `actor`, Forbidden where fairness asks for another moderator, Conflict naming who
    decided what and when if it changed meanwhile, Refusal when a reason is missing or the action does not fit.
    """
    found = await load(actor, case_id)
    check(form)
    async with begin() as work:
        await lock(work, found.space_id)
        await require_sitting(actor.person_id, found.space_id)
        deal = await _deal(actor, await Case.get(id=case_id), form)
        if needs_second(form.action, deal.matter, deal.ground):
            await propose(work, deal, needs=True)
        elif form.undo:
            await _require_place(deal)
            await propose(work, deal, seconds=form.undo)
        else:
            await fulfil(work, deal)
        return deal.case


def check(form: DecisionForm) -> None:
    """Raise Refusal naming what a decision of this kind cannot do without."""
    if form.action in REASONED and not form.reason.strip():
        raise invalid(reason=Problem("case.reason"))
    if form.action is Action.MOVE and form.question is None:
        raise invalid(question=Problem("field.required"))
    if form.action is Action.MERGE and form.parent is None:
        raise invalid(parent=Problem("field.required"))


async def _deal(actor: Actor, case: Case, form: DecisionForm) -> Deal:
    """Return all that is decided on, checked against what stands now; the caller holds the lock."""
    if case.version != form.version or await Proposal.exists(case_id=case.id):
        raise await stale(case)
    comment, revision = await text_of(case)
    matter = Matter(case, comment, await settings_of(case.space_id))
    await require_impartial(actor, matter)
    if case.state != CaseState.OPEN.value and form.action not in possible(case.kind, case.state, comment.state):
        raise await stale(case)
    require_action(form.action, case.kind, case.state, comment.state)
    ground, words = await ground_of(case.space_id, form.action, form.reason)
    if form.action in REASONED and says_nothing(ground, words, form):
        raise invalid(text=Problem("case.reason"))
    return Deal(Act(actor, Capacity.MODERATOR), matter, revision, form, ground, words)


async def _require_place(deal: Deal) -> None:
    """Refuse now what could only be refused when it is carried out, with nobody there to mend it."""
    if deal.form.action is Action.MOVE:
        await moving.require_place(deal.matter.comment, number=deal.form.question)
    elif deal.form.action is Action.MERGE:
        await moving.require_place(deal.matter.comment, parent_id=deal.form.parent)
