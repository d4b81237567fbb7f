"""What the moderators' API answers, and how a case becomes it."""

from datetime import datetime
from typing import cast

from pydantic import BaseModel, Field

from forum.discussions.api.schemas import Author
from forum.discussions.models import CommentState, SpeakingFor
from forum.kernel.actors import Actor
from forum.kernel.locales import DEFAULT_LANG, Lang, pick
from forum.web.catalogue import current, gettext, refusal_text
from moderation.forms import DecisionForm
from moderation.models import Action, CaseKind, CaseState
from moderation.policy import possible
from moderation.queries import Decided, Proposed, Waiting
from moderation.rules.grounds import NONE, ground_in, worded
from moderation.views.shown import shown_decision


class HoldAnswer(BaseModel):
    """Why a screening phase held the text, in the request's language."""

    phase: str
    reason: str


class DecisionAnswer(BaseModel):
    """A decision: `reason` is a code, `reason_text` what it says; `text` was written to the author, `note` stays among moderators."""

    action: Action
    reason: str | None
    reason_text: str | None
    reason_lang: Lang | None = Field(
        description="of `reason_text`; another than the request's where it was worded for this one text"
    )
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


class DecisionsAnswer(BaseModel):
    """Decisions, oldest first."""

    items: list[DecisionAnswer]


class ProposalAnswer(BaseModel):
    """A decision that is not carried out yet: it can be undone until `due_at`, or waits for a second moderator.

    What it says is as in a decision; the author of the text, who may moderate the space, is told nothing of it.
    """

    action: Action
    by: str
    at: datetime
    due_at: datetime | None
    needs_second: bool
    reason: str | None
    reason_text: str | None
    clause: str
    facts: str
    text: str
    text_lang: Lang
    note: str
    question: int | None = Field(description="where it would be moved to")
    parent: str | None = Field(description="id of the comment below which it would be merged")


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
    recused: str | None = Field(description="why fairness leaves the decision to another moderator, in the request's language")
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
        reason_lang=cast(Lang, shown.reason_lang) if shown.reason_text else None,
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


async def _proposal_answer(actor: Actor, case: Waiting, found: Proposed | None) -> ProposalAnswer | None:
    if found is None:
        return None
    form = DecisionForm.model_validate_json(found.form)
    lang = form.text_lang or DEFAULT_LANG
    ground, words = await ground_in(case.space_id, form, found.ground)
    if case.author_id == actor.person_id:
        form, ground, words = DecisionForm(action=form.action, version=form.version), NONE, ""
    return ProposalAnswer(
        action=form.action,
        by=found.by,
        at=found.at,
        due_at=found.due_at,
        needs_second=found.needs_second,
        reason=ground.code or None,
        reason_text=pick(worded(ground, form.reason_text, lang).text, current())[0] or None,
        clause=ground.clause,
        facts=form.facts,
        text="\n\n".join(part for part in (words, form.text) if part),
        text_lang=lang,
        note=form.note,
        question=form.question,
        parent=form.parent,
    )


async def case_answer(actor: Actor, found: Waiting, last: Decided | None, why: str) -> CaseAnswer:
    """Return a case that `actor` moderates, with the last decision on it and the key that says `why` to leave it to another."""
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
        recused=refusal_text(why, {}) if why else None,
        due_at=found.due_at,
        region=found.region,
        proposal=await _proposal_answer(actor, found, found.proposal),
        decision=decision_answer(last) if last else None,
    )
