"""What comes of reports: who made them, and what they are told when their case ends. Nobody is told who decided."""

from dataclasses import dataclass

from forum.db.work import Work
from forum.discussions.models import CommentState
from forum.kernel.events import Fact
from moderation.models import Action, Appeal, Case, CaseKind, CaseState, Decision
from moderation.reports.queries import Made, reports_of

WAITING, KEPT, REMOVED, RESTORED, WITHDRAWN = "waiting", "kept", "removed", "restored", "withdrawn"
"""What a report has come to. `restored`: the comment was removed and is shown again, after another look or an appeal."""
NOTICES = {KEPT: "report.kept", RESTORED: "report.restored", REMOVED: "report.removed", WITHDRAWN: "report.closed"}
"""The kind of notice that says so."""
DECIDED = {Action.KEEP.value: KEPT, Action.REMOVE.value: REMOVED, Action.RESTORE.value: RESTORED}
GONE = {"comment.removed": REMOVED, "comment.withdrawn": WITHDRAWN}
ENDS = frozenset({"case.decided", "case.closed"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is told what about which comment: `notice` is the kind of notice, `people` are the ids of the reporters."""

    notice: str
    case_id: str
    comment_id: str
    people: list[str]


def came_of(case_state: str, action: str, comment_state: str) -> str:
    """Return what a report has come to, by the state of its case, the last decision on that and the state of the comment now."""
    if case_state == CaseState.OPEN.value:
        return WAITING
    if comment_state == CommentState.WITHDRAWN.value:
        return WITHDRAWN
    if comment_state == CommentState.REMOVED.value:
        return REMOVED
    return KEPT if action == Action.KEEP.value else RESTORED


def outcome_of(made: Made) -> str:
    """Return what one's own report has come to."""
    return came_of(made.case_state, made.action, made.comment_state)


async def reporters(case: Case) -> list[str]:
    """Return the ids of those whose reports the case is about, the first one first."""
    return [one.by_id for one in await reports_of(case.id)]


async def _came_back(fact: Fact) -> Outcome | None:
    """Return whom to tell that what they had reported is shown again: the removal was overturned, or undone from another case."""
    action = str(fact.data["action"])
    if action == Action.OVERTURN.value:
        appeal = await Appeal.get(case_id=str(fact.data["case"]))
        undone = (await Decision.get(id=appeal.decision_id)).action == Action.REMOVE.value
    else:
        undone = action == Action.RESTORE.value
    reported = Case.filter(comment_id=fact.subject, kind=CaseKind.REPORT.value)
    case = await reported.exclude(state=CaseState.OPEN.value).order_by("-id").first() if undone else None
    if case is None:
        return None
    last = await Decision.filter(case_id=case.id).order_by("-case_version").first()
    if last is not None and last.action == Action.KEEP.value:
        return None  # they have heard that it stays, and it does
    return Outcome(NOTICES[RESTORED], case.id, case.comment_id, await reporters(case))


async def outcome(work: Work, fact: Fact) -> Outcome | None:
    """Return whom to tell what about a report, inside the transaction that tells `fact`; None when it ends no case of a report."""
    if fact.kind == "case.decided" and fact.data.get("kind") != CaseKind.REPORT.value:
        return await _came_back(fact)
    if fact.kind not in ENDS or fact.data.get("kind") != CaseKind.REPORT.value:
        return None
    # The comment itself is written after what happens to it is told: what ended the case is read from the facts.
    before = reversed([one.kind for one in work.facts if one.subject == fact.subject])
    ended = (GONE[one] for one in before if one in GONE)
    came = DECIDED.get(str(fact.data["action"])) if fact.kind == "case.decided" else next(ended, None)
    if came is None:
        return None
    case = await Case.get(id=str(fact.data["case"]))
    return Outcome(NOTICES[came], case.id, case.comment_id, await reporters(case))
