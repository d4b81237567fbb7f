"""The addresses of the moderators' API and their description, which the composition root joins to the others."""

from forum.discussions.api.query import Localized
from forum.web.openapi import Doc
from moderation.api.schemas import CaseAnswer, DecisionsAnswer
from moderation.forms import DecisionForm

CASES = "/api/v1/moderation/cases"
CASE = f"{CASES}/{{id}}"
CLAIM = f"{CASE}/claim"
DECISION = f"{CASE}/decision"
DECISIONS = f"{CASE}/decisions"

DOCS = [
    Doc(
        method="GET",
        path=CASE,
        name="getCase",
        summary="One case.",
        answers={200: CaseAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="POST",
        path=CLAIM,
        name="claimCase",
        summary="Tell the other moderators that you work on this case, for a quarter of an hour.",
        answers={200: CaseAnswer},
        auth="required",
        errors=(409,),
    ),
    Doc(
        method="DELETE",
        path=CLAIM,
        name="releaseCase",
        summary="Give the case back.",
        answers={200: CaseAnswer},
        auth="required",
    ),
    Doc(
        method="GET",
        path=DECISIONS,
        name="listCaseDecisions",
        summary="All decisions on the comment of a case, also those on its other cases, oldest first.",
        answers={200: DecisionsAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="POST",
        path=DECISION,
        name="decideCase",
        summary="Publish, return, reject or remove; 409 when it was decided or changed meanwhile.",
        answers={200: CaseAnswer},
        body=DecisionForm,
        auth="required",
        errors=(409,),
    ),
]
