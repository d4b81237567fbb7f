"""Decide on a case: one transaction, compare-and-set on the case's version and the comment's revision."""

from forum.db.work import begin
from forum.discussions.events import Act
from forum.kernel.actors import Actor, Capacity
from forum.kernel.clock import rfc3339
from forum.kernel.errors import Conflict, Problem, invalid
from forum.kernel.messages import N_, Msg
from forum.people.models import Person
from forum.record.appending import lock
from moderation.cases import load, text_of
from moderation.deals import Deal, fulfil
from moderation.fairness import Matter, needs_second, require_impartial
from moderation.forms import DecisionForm
from moderation.models import REASONED, Action, Case, CaseState, Decision, Proposal
from moderation.policy import possible, require_action
from moderation.proposing import propose
from moderation.rules.grounds import NONE, resolve
from moderation.rules.settings import settings_of

ACTED = {
    Action.PUBLISH.value: Msg(N_("published")),
    Action.RETURN.value: Msg(N_("returned for revision")),
    Action.REJECT.value: Msg(N_("rejected")),
    Action.REMOVE.value: Msg(N_("removed")),
    Action.RESTORE.value: Msg(N_("restored")),
    Action.KEEP.value: Msg(N_("kept")),
    Action.MOVE.value: Msg(N_("moved to another question")),
    Action.MERGE.value: Msg(N_("merged into a thread")),
    Action.UPHOLD.value: Msg(N_("decision upheld")),
    Action.OVERTURN.value: Msg(N_("decision overturned")),
}
"""What was done, in words that are translated where they are shown."""


async def decide(actor: Actor, case_id: str, form: DecisionForm) -> Case:
    """Carry out a decision and return the case; one that needs a second moderator, or can be undone, becomes a proposal.

    Raises NotFound for a case that is not given to `actor`, Forbidden where fairness asks for another moderator, Conflict naming who
    decided what and when if it changed meanwhile, Refusal when a reason is missing or the action does not fit.
    """
    found = await load(actor, case_id)
    check(form)
    async with begin() as work:
        await lock(work, found.space_id)
        deal = await _deal(actor, await Case.get(id=case_id), form)
        if needs_second(form.action, deal.matter, deal.ground):
            await propose(work, deal, needs=True)
        elif form.undo:
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
    ground, words = await resolve(case.space_id, form.reason) if form.reason.strip() else (NONE, "")
    if form.action not in REASONED:
        ground = NONE  # whatever was left chosen in the form
    return Deal(Act(actor, Capacity.MODERATOR), matter, revision, form, ground, words)


async def stale(case: Case) -> Conflict:
    """Return the conflict that says what stands now: who decided what and when, what is proposed, or that the case has changed."""
    current: dict[str, object] = {"id": case.id, "version": case.version, "state": case.state, "decision": None}
    proposal = await Proposal.get_or_none(case_id=case.id)
    if proposal is not None:
        name = await _name(proposal.made_by_id)
        current["proposal"] = {
            "action": proposal.action,
            "by": name,
            "at": rfc3339(proposal.made_at),
            "due_at": rfc3339(proposal.due_at) if proposal.due_at else None,
            "needs_second": proposal.needs_second,
        }
        key = "case.proposed" if proposal.needs_second else "case.undoable"
        return Conflict(key, current, name=name, action=ACTED[proposal.action])
    last = await Decision.filter(case_id=case.id).order_by("-case_version").first()
    if last is None:
        return Conflict("case.stale", current)
    name = await _name(last.decided_by_id)
    current["decision"] = {
        "action": last.action,
        "by": name,
        "at": rfc3339(last.decided_at),
        "reason": last.reason or None,
    }
    return Conflict("case.decided", current, name=name, action=ACTED[last.action])


async def _name(person_id: str) -> str:
    person = await Person.get_or_none(id=person_id)
    return person.name if person else ""
