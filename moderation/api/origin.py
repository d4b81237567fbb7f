"""What has brought a case before the moderators, in the API: the reports it is about, or the appeal."""

from datetime import datetime
from typing import Literal, cast

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.discussions.flags import FLAG_WORDS, FlagReason
from forum.kernel.errors import Forbidden, NotFound
from forum.kernel.locales import Lang
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.openapi import Doc
from moderation import queries
from moderation.api.cases import case_id_of
from moderation.api.docs import CASE
from moderation.api.schemas import DecisionAnswer, decision_answer
from moderation.appeals.queries import appeal_of
from moderation.queries import Waiting
from moderation.reports.queries import reports_of

REPORTS = f"{CASE}/reports"
APPEAL = f"{CASE}/appeal"


class ReportAnswer(BaseModel):
    """One report: its reason as a code and in the request's language, and the reporter's own words in `lang`."""

    id: str
    reason: FlagReason
    reason_text: str
    text: str
    lang: Lang
    by: str
    at: datetime


class ReportsAnswer(BaseModel):
    """The reports that a case is about, first one first; none for a case of another kind."""

    items: list[ReportAnswer]


class AppealedAnswer(BaseModel):
    """The author's words in `lang`, and the decision that they are against. `outcome` is null while nobody has decided."""

    id: str
    text: str
    lang: Lang
    at: datetime
    outcome: Literal["upheld", "overturned", "closed"] | None
    settled_at: datetime | None
    against: DecisionAnswer


async def reports(request: Request) -> Response:
    """Answer the reports that a case is about; 403 to the author of the comment, who never learns by whom."""
    found = await _found(request)
    if found.author_id == actor_of(request).person_id:
        raise Forbidden("case.own_reports")
    items = [
        ReportAnswer(
            id=one.id,
            reason=FlagReason(one.reason),
            reason_text=gettext(FLAG_WORDS[one.reason]),
            text=one.text,
            lang=cast(Lang, one.lang),
            by=one.by,
            at=one.at,
        )
        for one in await reports_of(found.id)
    ]
    return answer(ReportsAnswer(items=items))


async def appeal(request: Request) -> Response:
    """Answer the appeal that a case is about; 404 when it is about none."""
    found = await appeal_of(actor_of(request), (await _found(request)).id)
    if found is None:
        raise NotFound
    outcome = cast(Literal["upheld", "overturned", "closed"], found.outcome) if found.outcome else None
    return answer(
        AppealedAnswer(
            id=found.id,
            text=found.text,
            lang=cast(Lang, found.lang),
            at=found.at,
            outcome=outcome,
            settled_at=found.settled_at,
            against=decision_answer(found.decision),
        )
    )


async def _found(request: Request) -> Waiting:
    read_query(request, Localized)
    return await queries.case(actor_of(request), case_id_of(request), lang_of(request))


DOCS = [
    Doc(
        method="GET",
        path=REPORTS,
        name="listCaseReports",
        summary="The reports that a case is about, with the reporters' words; refused to the author of the comment.",
        answers={200: ReportsAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="GET",
        path=APPEAL,
        name="getCaseAppeal",
        summary="The appeal that a case is about, and the decision that it is against.",
        answers={200: AppealedAnswer},
        query=Localized,
        auth="required",
    ),
]
