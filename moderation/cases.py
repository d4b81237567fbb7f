"""Cases: loaded through whoever asks, opened, and closed. Every change happens under the lock of the space."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.db.reading import Row, row
from forum.db.work import Work
from forum.discussions.events import SYSTEM, tell
from forum.discussions.models import Comment, Revision
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.canonical import Json
from forum.kernel.errors import NotFound
from forum.objectives.countries import country
from forum.people.models import EntityKind
from moderation.counting import count
from moderation.models import Appeal, Case, CaseKind, CaseState, Proposal
from moderation.rules.scopes import require_handles
from moderation.rules.settings import GOAL_DAYS, goal

CLOSED = "closed"
"""The outcome of an appeal that has become pointless."""
STATES = frozenset({EntityKind.STATE.value, EntityKind.OBSERVER.value})


async def load(actor: Actor, case_id: str) -> Case:
    """Return a case that is given to `actor`; raises NotFound for others."""
    case = await Case.get_or_none(id=case_id)
    if case is None:
        raise NotFound
    await require_handles(actor, case.space_id, case.lang)
    return case


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new case is about. `holds` are what the screening phases said; without any, a case of a text is decided when it opens."""

    kind: CaseKind
    comment_id: str
    revision_id: str
    lang: str
    at: datetime
    ref: str = ""
    holds: Sequence[Json] = ()
    waits: bool = True


_SURROUNDINGS = (
    "SELECT c.space_id, c.speaking_for, q.number, s.zone, d.goal_days, e.kind AS entity_kind, e.code FROM comments c"
    " JOIN questions q ON q.id = c.question_id JOIN spaces s ON s.id = c.space_id"
    " LEFT JOIN desk_settings d ON d.space_id = c.space_id LEFT JOIN entities e ON e.id = c.entity_id WHERE c.id = ?"
)


async def open_case(work: Work, opening: Opening) -> Case:
    """Open a case and tell it. One that does not wait is there all the same, so that the text can be decided on later."""
    # One statement: every comment that comes passes here.
    around = await row(_SURROUNDINGS, [opening.comment_id], work.connection)
    assert around is not None
    case = await Case.create(
        using_db=work.connection,
        space_id=around["space_id"],
        question_number=around["number"],
        comment_id=opening.comment_id,
        revision_id=opening.revision_id,
        kind=opening.kind.value,
        state=(CaseState.OPEN if opening.waits else CaseState.DECIDED).value,
        lang=opening.lang,
        holds=json.dumps(list(opening.holds), ensure_ascii=False),
        opened_at=opening.at,
        ref=opening.ref,
        due_at=goal(opening.at, around["goal_days"] or GOAL_DAYS, around["zone"]),
        region=_region(around),
        speaking_for=around["speaking_for"],
    )
    if opening.waits:
        await count(work, case, 1)
        await tell(work, "case.opened", case.space_id, SYSTEM, opening.comment_id, case=case.id, kind=case.kind)
    return case


def _region(around: Row) -> str:
    """Return the region of the State that the comment speaks for, "" for everybody else."""
    if around["entity_kind"] not in STATES:
        return ""
    try:
        return country(around["code"]).region
    except KeyError:
        return ""


async def close(work: Work, case: Case, state: CaseState) -> None:
    """End the waiting of a case: decided, or closed without a decision. The caller tells why."""
    if case.state == CaseState.OPEN.value:
        await count(work, case, -1)
    case.state, case.version = state.value, case.version + 1
    case.claimed_by_id = case.claimed_until = None
    await case.save(update_fields=["state", "version", "claimed_by_id", "claimed_until"])
    if case.kind == CaseKind.APPEAL.value and state is CaseState.CLOSED:
        await Appeal.filter(case_id=case.id).update(outcome=CLOSED, settled_at=clock.now())


async def close_pointless(work: Work, comment_id: str, kinds: frozenset[str]) -> list[Case]:
    """Close the open cases of these kinds about a comment, whatever was proposed on them, and return them."""
    closed = []
    for case in await Case.filter(comment_id=comment_id, state=CaseState.OPEN.value, kind__in=kinds).order_by("id"):
        await lapse(work, case)
        await close(work, case, CaseState.CLOSED)
        await tell(work, "case.closed", case.space_id, SYSTEM, comment_id, case=case.id, kind=case.kind)
        closed.append(case)
    return closed


async def lapse(work: Work, case: Case) -> bool:
    """Drop what was proposed on a case because the case has changed; False when nothing was."""
    proposal = await Proposal.get_or_none(case_id=case.id)
    if proposal is None:
        return False
    await proposal.delete()
    await tell(work, "case.lapsed", case.space_id, SYSTEM, case.comment_id, case=case.id, action=proposal.action)
    return True


async def text_of(case: Case) -> tuple[Comment, Revision]:
    """Return the comment and the revision that a case is about, as they stand."""
    return await Comment.get(id=case.comment_id), await Revision.get(id=case.revision_id)
