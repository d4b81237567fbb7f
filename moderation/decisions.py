"""Decide on a case: one transaction, compare-and-set on the case's version and the comment's revision."""

from forum.db.work import Work, begin
from forum.discussions import standing
from forum.discussions.events import Act, tell
from forum.discussions.models import Comment, Revision
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.clock import rfc3339
from forum.kernel.errors import Conflict, Forbidden, NotFound, Problem, invalid
from forum.kernel.locales import DEFAULT_LANG
from forum.kernel.messages import N_, Msg
from forum.people.models import Person
from forum.record.appending import lock
from moderation.forms import DecisionForm
from moderation.models import Action, Case, CaseState, Decision
from moderation.policy import possible, require_action, require_case
from moderation.reasons import BY_CODE, resolve

ACTED = {
    Action.PUBLISH.value: Msg(N_("published")),
    Action.RETURN.value: Msg(N_("returned for revision")),
    Action.REJECT.value: Msg(N_("rejected")),
    Action.REMOVE.value: Msg(N_("removed")),
}
"""What was done, in words that are translated where they are shown."""


async def decide(actor: Actor, case_id: str, form: DecisionForm) -> Case:
    """Carry out a decision and return the case.

    Raises NotFound for a case of a space that `actor` does not moderate, Forbidden on one's own comment, Conflict naming who decided
    what and when if it changed meanwhile, Refusal when a reason is missing or the action does not fit.
    """
    found = await Case.get_or_none(id=case_id)
    if found is None:
        raise NotFound
    require_case(actor, found.space_id)
    if form.action is not Action.PUBLISH and not form.reason.strip():
        raise invalid(reason=Problem("case.reason"))
    async with begin() as work:
        await lock(work, found.space_id)
        case = await Case.get(id=case_id)
        if case.version != form.version:
            raise await stale(case)
        comment = await Comment.get(id=case.comment_id)
        revision = await Revision.get(id=case.revision_id)
        if comment.author_id == actor.person_id:
            raise Forbidden("case.own")
        if case.state != CaseState.OPEN.value and form.action not in possible(case.state, comment.state):
            raise await stale(case)
        require_action(form.action, case.state, comment.state)
        await _write(work, actor, case, form)
        await _carry_out(work, Act(actor, Capacity.MODERATOR), comment, revision, form)
        await _tell(work, actor, case, form)
        return case


async def stale(case: Case) -> Conflict:
    """Return the conflict that says what stands now: who decided what and when, or that the case has changed."""
    last = await Decision.filter(case_id=case.id).order_by("-case_version").first()
    current: dict[str, object] = {"id": case.id, "version": case.version, "state": case.state, "decision": None}
    if last is None:
        return Conflict("case.stale", current)
    decider = await Person.get_or_none(id=last.decided_by_id)
    name = decider.name if decider else ""
    current["decision"] = {
        "action": last.action,
        "by": name,
        "at": rfc3339(last.decided_at),
        "reason": last.reason or None,
    }
    return Conflict("case.decided", current, name=name, action=ACTED[last.action])


async def _write(work: Work, actor: Actor, case: Case, form: DecisionForm) -> None:
    code, words = _reason(form)
    await Decision.create(
        using_db=work.connection,
        case_id=case.id,
        case_version=case.version,
        comment_id=case.comment_id,
        revision_id=case.revision_id,
        action=form.action.value,
        reason=code,
        text="\n\n".join(part for part in (words, form.text.strip()) if part),
        text_lang=form.text_lang or actor.lang or DEFAULT_LANG,
        note=form.note.strip(),
        decided_by_id=actor.person_id,
        decided_at=clock.now(),
    )
    case.state, case.version = CaseState.DECIDED.value, case.version + 1
    case.claimed_by_id = case.claimed_until = None
    await case.save(update_fields=["state", "version", "claimed_by_id", "claimed_until"])


def _reason(form: DecisionForm) -> tuple[str, str]:
    """Return (code, words to the author); a publication has no reason, whatever was left chosen in the form."""
    code, words = resolve(form.reason) if form.reason.strip() else ("", "")
    return ("" if form.action is Action.PUBLISH else code), words


async def _carry_out(work: Work, act: Act, comment: Comment, revision: Revision, form: DecisionForm) -> None:
    if form.action is Action.PUBLISH:
        await standing.publish(work, comment, revision, act)
    elif form.action is Action.REMOVE:
        await standing.remove(work, comment, act, BY_CODE[_reason(form)[0]].name)
    else:
        await standing.refuse(work, comment, revision, act, final=form.action is Action.REJECT)


async def _tell(work: Work, actor: Actor, case: Case, form: DecisionForm) -> None:
    data = {"case": case.id, "action": form.action.value, "reason": _reason(form)[0], "revision": case.revision_id}
    await tell(work, "case.decided", case.space_id, Act(actor, Capacity.MODERATOR), case.comment_id, **data)
