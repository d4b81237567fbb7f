"""One's own contributions in the API: where each stands, what was decided and why, the appeals, and what one has reported."""

from datetime import datetime
from typing import Literal, cast

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import threads
from forum.discussions.addresses import comment_id_of, is_id
from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, Number, read_query
from forum.discussions.api.schemas import CommentAnswer, comment_answer
from forum.discussions.flags import FlagReason
from forum.discussions.models import RevisionState, Space
from forum.kernel.errors import NotFound, Problem, invalid
from forum.kernel.locales import Lang
from forum.web.catalogue import refusal_text
from forum.web.forms import parse, read_json
from forum.web.identity import require_signed_in
from forum.web.language import lang_of
from forum.web.openapi import Doc
from forum.web.shapes import place
from moderation.appealing import AppealForm, appeal
from moderation.contributions.queries import History, OwnAppeal, history_of
from moderation.models import Action, CaseKind
from moderation.outcomes import outcome_of
from moderation.queries import Decided
from moderation.reports.queries import Made, made_by
from moderation.views.shown import shown_decision
from moderation.views.statement import BY_RULE, phase_text, statement_of

CONTRIBUTIONS = "/api/v1/contributions"
CONTRIBUTION = f"{CONTRIBUTIONS}/{{id}}"
APPEAL = "/api/v1/decisions/{id}/appeal"
Outcome = Literal["waiting", "upheld", "overturned", "closed"]


class ContributionsQuery(Localized):
    """How many, and after which."""

    limit: Number = Field(default=50, ge=1, le=100)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before", json_schema_extra=place())


class OwnComment(BaseModel):
    """A comment of the caller's, in the space at the address `space`."""

    space: str
    comment: CommentAnswer


class OwnReport(BaseModel):
    """What the caller has reported and what has come of it. `answer` are the moderators' words on a comment that was kept."""

    id: str
    comment: str
    reason: FlagReason
    text: str
    lang: Lang
    at: datetime
    outcome: Literal["waiting", "kept", "removed", "restored", "withdrawn"]
    answer: str


class ContributionsAnswer(BaseModel):
    """One's comments, newest first; `next` is the value of `after` for the rest. `reports` are the newest, on the first page alone."""

    items: list[OwnComment]
    next: str | None
    reports: list[OwnReport]


class OwnVersion(BaseModel):
    """A text that was sent. `holds` say why it waited for a moderator; `automated` whether a check of the text itself was among them."""

    number: int
    state: RevisionState
    lang: Lang
    at: datetime
    holds: list[str]
    automated: bool


class OwnAppealAnswer(BaseModel):
    """An appeal in the author's words. The decision on it is among those of the contribution."""

    id: str
    decision: str
    text: str
    lang: Lang
    at: datetime
    outcome: Outcome
    settled_at: datetime | None


class Effect(BaseModel):
    """What a decision that keeps a text from readers means, in the request's language: where and for how long, how it came to it, and
    which part automated means had."""

    scope: str
    duration: str
    origin: str
    means: str
    ground: str


class StatementAnswer(BaseModel):
    """A decision with its statement of reasons. `about` is why the comment was before the moderators, `version` the text decided on.

    `automated` say which automatic checks had marked the text; a person always decided. `why_no_appeal` is null where an appeal is
    possible until `appeal_until`.
    """

    id: str
    action: Action
    about: CaseKind | None
    at: datetime
    version: int | None
    reason: str | None
    reason_name: str | None
    reason_text: str | None
    reason_lang: Lang | None = Field(
        description="of `reason_text`; another than the request's where it was worded for this one text"
    )
    clause: str = Field(description="of the policy of the space")
    facts: str = Field(description="on which the decision rests, in `text_lang`")
    text: str = Field(description="the moderators' words to the author, in `text_lang`")
    text_lang: Lang
    automated: list[str]
    effect: Effect | None = Field(description="null for a decision that keeps no text from readers")
    appeal_until: datetime | None
    why_no_appeal: str | None
    appeal: OwnAppealAnswer | None


class ContributionAnswer(OwnComment):
    """What happened with a comment of the caller's, each list oldest first."""

    versions: list[OwnVersion]
    decisions: list[StatementAnswer]


async def listed(request: Request) -> Response:
    """Answer the caller's comments and reports."""
    actor, lang = require_signed_in(request), lang_of(request)
    wanted = read_query(request, ContributionsQuery)
    if wanted.after and not is_id(wanted.after):
        raise invalid(after=Problem("page.cursor"))
    found = await threads.of_author(actor, lang, limit=wanted.limit + 1, after=wanted.after or "")
    shown, more = found[: wanted.limit], len(found) > wanted.limit
    slugs = {space.id: space.slug for space in await Space.filter(id__in={one.space_id for one in shown})} if shown else {}
    items = [OwnComment(space=slugs[one.space_id], comment=comment_answer(actor, one)) for one in shown]
    reports = [] if wanted.after else [_report(one) for one in await made_by(actor)]
    return answer(ContributionsAnswer(items=items, next=shown[-1].id if more else None, reports=reports))


def _report(made: Made) -> OwnReport:
    outcome = outcome_of(made)
    return OwnReport.model_validate(
        {
            "id": made.id,
            "comment": made.comment_id,
            "reason": made.reason,
            "text": made.text,
            "lang": made.lang,
            "at": made.at,
            "outcome": outcome,
            "answer": made.words if outcome == "kept" else "",
        }
    )


async def single(request: Request) -> Response:
    """Answer what happened with one of the caller's comments."""
    actor = require_signed_in(request)
    read_query(request, Localized)
    history = await history_of(actor, comment_id_of(request), lang_of(request))
    space = await Space.get(id=history.seen.space_id)
    return answer(
        ContributionAnswer(
            space=space.slug,
            comment=comment_answer(actor, history.seen),
            versions=_versions(history),
            decisions=[_statement(history, one) for one in history.decisions],
        )
    )


def _versions(history: History) -> list[OwnVersion]:
    phases = {step.revision_id: step.phases for step in history.steps}
    return [
        OwnVersion(
            number=one.number,
            state=RevisionState(one.state),
            lang=cast(Lang, one.lang),
            at=one.at,
            holds=[phase_text(phase) for phase in phases.get(one.id, ())],
            automated=any(phase not in BY_RULE for phase in phases.get(one.id, ())),
        )
        for one in history.versions
    ]


def _statement(history: History, decided: Decided) -> StatementAnswer:
    shown = shown_decision(decided)
    why = history.hindrances.get(decided.id, "appeal.none")
    made = history.appeals.get(decided.id)
    return StatementAnswer(
        id=decided.id,
        action=Action(decided.action),
        about=CaseKind(decided.kind) if decided.kind else None,
        at=decided.at,
        version=next((one.number for one in history.versions if one.id == decided.revision_id), None),
        reason=decided.reason or None,
        reason_name=shown.reason_name or None,
        reason_text=shown.reason_text or None,
        reason_lang=cast(Lang, shown.reason_lang) if shown.reason_text else None,
        clause=decided.clause,
        facts=decided.facts,
        text=decided.text,
        text_lang=cast(Lang, decided.text_lang),
        automated=[phase_text(phase) for phase in decided.automated if phase not in BY_RULE],
        effect=_effect(decided),
        appeal_until=decided.appeal_until,
        why_no_appeal=refusal_text(why, {}) if why else None,
        appeal=own_appeal(made) if made else None,
    )


def _effect(decided: Decided) -> Effect | None:
    said = statement_of(decided, None, "")
    if said is None:
        return None
    return Effect(scope=said.scope, duration=said.duration, origin=said.origin, means=said.automated, ground=said.ground)


def own_appeal(made: OwnAppeal) -> OwnAppealAnswer:
    """Return an appeal as its author reads it."""
    outcome = cast(Outcome, made.outcome or "waiting")
    return OwnAppealAnswer(
        id=made.id,
        decision=made.decision_id,
        text=made.text,
        lang=cast(Lang, made.lang),
        at=made.at,
        outcome=outcome,
        settled_at=made.settled_at,
    )


async def appealed(request: Request) -> Response:
    """Appeal against a decision: 201; 409 when there is an appeal already."""
    actor = require_signed_in(request)
    decision_id = str(request.path_params["id"])
    if not is_id(decision_id):
        raise NotFound
    form = parse(AppealForm, await read_json(request))
    await request.app.state.limiter.hit("edit", actor.person_id)
    made = await appeal(actor, decision_id, form)
    kept = OwnAppeal(made.id, made.decision_id, made.text, made.lang, made.made_at, made.outcome, made.settled_at)
    return answer(own_appeal(kept), 201)


DOCS = [
    Doc(
        method="GET",
        path=CONTRIBUTIONS,
        name="listContributions",
        summary="What you have written, newest first, and what you have reported.",
        answers={200: ContributionsAnswer},
        query=ContributionsQuery,
        auth="required",
    ),
    Doc(
        method="GET",
        path=CONTRIBUTION,
        name="getContribution",
        summary="What happened with a comment of yours: texts, decisions with their statements of reasons, appeals.",
        answers={200: ContributionAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="POST",
        path=APPEAL,
        name="appealDecision",
        summary="Appeal, once, against a decision that keeps a text of yours from readers; another moderator decides.",
        answers={201: OwnAppealAnswer},
        body=AppealForm,
        auth="required",
        errors=(409,),
    ),
]
