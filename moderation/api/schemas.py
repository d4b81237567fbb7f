"""What the moderators' API answers, and how a case becomes it."""

from datetime import datetime
from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, Field

from forum.discussions.api.query import Localized, Number
from forum.discussions.api.schemas import Author
from forum.discussions.models import CommentState, SpeakingFor
from forum.kernel.locales import Lang
from forum.web.catalogue import gettext
from moderation.models import Action, CaseKind, CaseState
from moderation.policy import possible
from moderation.queries import Decided, Proposed, Waiting
from moderation.views.shown import shown_decision


def _absent(value: object) -> object:
    return None if value == "" else value


class CasesQuery(Localized):
    """Which cases are wanted; what is left out or empty means any."""

    space: str | None = Field(default=None, max_length=60, description="address of a space that you moderate")
    state: Annotated[CaseState | None, BeforeValidator(_absent)] = None
    comment: str | None = Field(default=None, max_length=64, description="id of the comment")
    limit: Number = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before")


class HoldAnswer(BaseModel):
    """Why a screening phase held the text, in the request's language."""

    phase: str
    reason: str


class DecisionAnswer(BaseModel):
    """A decision: `reason` is a code, `reason_text` what it says; `text` was written to the author, `note` stays among moderators."""

    action: Action
    reason: str | None
    reason_text: str | None
    clause: str = Field(description="of the policy of the space")
    facts: str = Field(description="what in the text the decision rests on")
    automated: list[str] = Field(description="screening phases that had flagged the text")
    text: str
    text_lang: Lang
    note: str
    by: str
    seconded_by: str | None
    at: datetime
    appeal_until: datetime | None


class ProposalAnswer(BaseModel):
    """A decision that is not carried out yet: it can be undone until `due_at`, or waits for a second moderator."""

    action: Action
    by: str
    at: datetime
    due_at: datetime | None
    needs_second: bool


class CaseAnswer(BaseModel):
    """A text that waits, or waited, for a moderator. `version` is what a decision compares; `comment` is the comment's id.

    `body`, `html` and `lang` are of the revision that the case is about. `actions` are the decisions possible now; `claimed_by` is
    the name of whoever works on it until `claimed_until`.
    """

    id: str
    version: int
    state: CaseState
    kind: CaseKind
    comment: str
    claimed_by: str | None
    claimed_until: datetime | None
    opened_at: datetime
    space: str = Field(description="address of the space")
    question: int
    comment_state: CommentState
    symbol: str | None
    parent: str | None = Field(description="id of the comment that is answered")
    revision: int = Field(description="number of the revision")
    lang: Lang
    body: str = Field(description="Markdown source")
    html: str = Field(description="safe HTML made from the source")
    author: Author
    holds: list[HoldAnswer]
    actions: list[Action]
    due_at: datetime | None = Field(description="when it is late by the service goal of the space")
    region: str = Field(description="slug of the region of the State that it speaks for, else empty")
    proposal: ProposalAnswer | None
    decision: DecisionAnswer | None = Field(description="the last decision on this case")


class CasesAnswer(BaseModel):
    """Cases, oldest first. `next` is the value of `after` for the rest, null at the end."""

    items: list[CaseAnswer]
    next: str | None


def decision_answer(found: Decided) -> DecisionAnswer:
    """Return a decision with its reason in the current language."""
    shown = shown_decision(found)
    return DecisionAnswer(
        action=Action(found.action),
        reason=found.reason or None,
        reason_text=shown.reason_text or None,
        clause=found.clause,
        facts=found.facts,
        automated=found.automated,
        text=found.text,
        text_lang=cast(Lang, found.text_lang),
        note=found.note,
        by=found.by,
        seconded_by=found.seconded_by or None,
        at=found.at,
        appeal_until=found.appeal_until,
    )


def _proposal_answer(found: Proposed | None) -> ProposalAnswer | None:
    if found is None:
        return None
    return ProposalAnswer(
        action=Action(found.action), by=found.by, at=found.at, due_at=found.due_at, needs_second=found.needs_second
    )


def case_answer(found: Waiting, last: Decided | None) -> CaseAnswer:
    """Return a case that the actor moderates, with the last decision on it."""
    author = Author(
        name=found.author_name,
        capacity=SpeakingFor(found.speaking_for),
        entity=found.entity_name or None,
    )
    actions = possible(found.kind, found.state, found.comment_state)
    return CaseAnswer(
        id=found.id,
        version=found.version,
        state=CaseState(found.state),
        kind=CaseKind(found.kind),
        comment=found.comment_id,
        claimed_by=found.claimed_by or None,
        claimed_until=found.claimed_until,
        opened_at=found.opened_at,
        space=found.space_slug,
        question=found.question,
        comment_state=CommentState(found.comment_state),
        symbol=found.symbol or None,
        parent=found.parent_id,
        revision=found.revision,
        lang=cast(Lang, found.lang),
        body=found.source,
        html=found.html,
        author=author,
        holds=[HoldAnswer(phase=phase, reason=gettext(reason)) for phase, reason in found.holds],
        actions=[action for action in Action if action in actions],
        due_at=found.due_at,
        region=found.region,
        proposal=_proposal_answer(found.proposal),
        decision=decision_answer(last) if last else None,
    )
