"""What the loser of a race is told: who has decided what and when, what is proposed, or that the case has changed."""

from forum.kernel.clock import rfc3339
from forum.kernel.errors import Conflict
from forum.kernel.messages import N_, Msg
from forum.people.models import Person
from moderation.models import Action, Case, Decision, Proposal

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
