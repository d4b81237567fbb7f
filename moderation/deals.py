"""A deal: all that one decision is about, and how it is carried out. Runs inside a unit of work that holds the space's lock."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.db.fields import dump_json
from forum.db.work import Work
from forum.discussions import moving, standing
from forum.discussions.events import Act, tell
from forum.discussions.models import CommentState, Revision
from forum.kernel import clock
from forum.kernel.locales import DEFAULT_LANG
from moderation.cases import close, close_pointless
from moderation.fairness import Matter
from moderation.forms import DecisionForm
from moderation.models import REFUSING, Action, Appeal, Case, CaseKind, CaseState, Decision
from moderation.rules.grounds import Ground, worded

UPHELD, OVERTURNED = "upheld", "overturned"
OUTCOMES = {Action.UPHOLD: UPHELD, Action.OVERTURN: OVERTURNED}


@dataclass(frozen=True, slots=True)
class Deal:
    """Who decides what on which text, for which reason. `words` are free words given as the reason; `seconded_by` agrees with it."""

    act: Act
    matter: Matter
    revision: Revision
    form: DecisionForm
    ground: Ground
    words: str
    seconded_by: str | None = None

    @property
    def case(self) -> Case:
        return self.matter.case


async def fulfil(work: Work, deal: Deal) -> None:
    """Write the decision, carry it out, and tell it."""
    decision = await _write(work, deal)
    await close(work, deal.case, CaseState.DECIDED)
    await _carry_out(work, deal)
    if deal.form.action in OUTCOMES:
        await _settle_appeal(work, deal)
    await tell(
        work,
        "case.decided",
        deal.case.space_id,
        deal.act,
        deal.case.comment_id,
        case=deal.case.id,
        kind=deal.case.kind,
        action=deal.form.action.value,
        reason=deal.ground.code,
        revision=decision.revision_id,
        waited=decision.waited,
        decision=decision.id,
    )


async def _write(work: Work, deal: Deal) -> Decision:
    case, form, now = deal.case, deal.form, clock.now()
    # What is removed is what readers see: of a reported comment perhaps a later text than the one that was reported.
    revision_id = deal.matter.comment.shown_id if form.action is Action.REMOVE else case.revision_id
    marked = json.loads(case.holds) if revision_id == case.revision_id else []
    lang = form.text_lang or deal.act.actor.lang or DEFAULT_LANG
    return await Decision.create(
        using_db=work.connection,
        case_id=case.id,
        case_version=case.version,
        comment_id=case.comment_id,
        revision_id=revision_id,
        space_id=case.space_id,
        kind=case.kind,
        action=form.action.value,
        reason=deal.ground.code,
        clause=deal.ground.clause,
        reason_name=dump_json(dict(deal.ground.name)),
        reason_text=dump_json(dict(worded(deal.ground, form.reason_text, lang).text)),
        facts=form.facts.strip(),
        text="\n\n".join(part for part in (deal.words, form.text.strip()) if part),
        text_lang=lang,
        note=form.note.strip(),
        automated=dump_json([hold["phase"] for hold in marked]),
        waited=max(0, int((now - case.opened_at).total_seconds())),
        decided_by_id=deal.act.actor.person_id,
        seconded_by_id=deal.seconded_by,
        decided_at=now,
        appeal_until=_appeal_until(deal, now),
    )


def _appeal_until(deal: Deal, now: datetime) -> datetime | None:
    """Return until when the author may appeal; None against what refuses nothing."""
    return now + timedelta(days=deal.matter.settings.appeal_days) if deal.form.action in REFUSING else None


async def _carry_out(work: Work, deal: Deal) -> None:
    comment, revision, action, act = deal.matter.comment, deal.revision, deal.form.action, deal.act
    match action:
        case Action.PUBLISH:
            await standing.publish(work, comment, revision, act)
        case Action.MOVE | Action.MERGE:
            place = {"number": deal.form.question} if action is Action.MOVE else {"parent_id": deal.form.parent}
            question = await moving.move(work, comment, act, **place)
            deal.case.question_number = question.number
            await deal.case.save(update_fields=["question_number"])
            await standing.publish(work, comment, revision, act)
        case Action.REMOVE:
            await standing.remove(work, comment, act, deal.ground.name)
        case Action.RESTORE:
            await standing.restore(work, comment, act)
            # Its author has what an appeal against the removal was for.
            await close_pointless(work, comment.id, frozenset({CaseKind.APPEAL.value}))
        case Action.RETURN | Action.REJECT:
            await standing.refuse(work, comment, revision, act, final=action is Action.REJECT)
        case Action.OVERTURN:
            await _overturn(work, deal)
        case Action.KEEP | Action.UPHOLD:
            pass  # nothing changes; the decision itself is what is told


async def _overturn(work: Work, deal: Deal) -> None:
    """Undo what was appealed against: what was removed comes back, what was refused comes out."""
    comment, revision = deal.matter.comment, deal.revision
    if comment.state == CommentState.REMOVED.value:
        await standing.restore(work, comment, deal.act)
    else:
        await standing.admit(work, comment, revision, deal.act)


async def _settle_appeal(work: Work, deal: Deal) -> None:
    appeal = await Appeal.get(case_id=deal.case.id)
    appeal.outcome, appeal.settled_at = OUTCOMES[deal.form.action], clock.now()
    await appeal.save(update_fields=["outcome", "settled_at"])
    await tell(
        work,
        "case.appeal_decided",
        deal.case.space_id,
        deal.act,
        deal.case.comment_id,
        case=deal.case.id,
        decision=appeal.decision_id,
        outcome=appeal.outcome,
    )
