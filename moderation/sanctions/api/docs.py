"""The addresses of the API of sanctions and their description."""

from forum.discussions.api.query import Localized
from forum.web.openapi import Doc
from moderation.sanctions.api.schemas import (
    OwnSanctionAnswer,
    OwnSanctionsAnswer,
    SanctionAnswer,
    SanctionsAnswer,
    SanctionsQuery,
)
from moderation.sanctions.forms import AnswerForm, LiftForm, MeasureAppealForm, SanctionForm

SANCTIONS = "/api/v1/moderation/sanctions"
SANCTION = f"{SANCTIONS}/{{id}}"
LIFT = f"{SANCTION}/lift"
ANSWER = f"{SANCTION}/appeal"
OWN = "/api/v1/sanctions"
APPEAL = f"{OWN}/{{id}}/appeal"

DOCS = [
    Doc(
        method="GET",
        path=SANCTIONS,
        name="listSanctions",
        summary="Sanctions in the spaces that you moderate, newest first; all of them for the secretariat.",
        answers={200: SanctionsAnswer},
        query=SanctionsQuery,
        auth="required",
    ),
    Doc(
        method="POST",
        path=SANCTIONS,
        name="imposeSanction",
        summary="Warn a person, slow them down, hold what they send, or suspend them; 409 names who has done so already.",
        answers={201: SanctionAnswer},
        body=SanctionForm,
        auth="required",
        errors=(404, 409),
    ),
    Doc(
        method="GET",
        path=SANCTION,
        name="getSanction",
        summary="One sanction.",
        answers={200: SanctionAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="POST",
        path=LIFT,
        name="liftSanction",
        summary="Lift a sanction before its end; 409 when it was changed or is over.",
        answers={200: SanctionAnswer},
        body=LiftForm,
        auth="required",
        errors=(409,),
    ),
    Doc(
        method="POST",
        path=ANSWER,
        name="decideSanctionAppeal",
        summary="Decide on the appeal against a sanction that another person imposed.",
        answers={200: SanctionAnswer},
        body=AnswerForm,
        auth="required",
        errors=(409,),
    ),
    Doc(
        method="GET",
        path=OWN,
        name="listOwnSanctions",
        summary="The sanctions on you, newest first.",
        answers={200: OwnSanctionsAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="POST",
        path=APPEAL,
        name="appealSanction",
        summary="Appeal against a sanction on you, once.",
        answers={200: OwnSanctionAnswer},
        body=MeasureAppealForm,
        auth="required",
        errors=(409,),
    ),
]
