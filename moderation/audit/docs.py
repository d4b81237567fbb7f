"""The addresses of the record in the API, and their description."""

from forum.web.openapi import Doc
from moderation.audit.api import AuditAnswer, AuditFilters, AuditQuery, VerdictAnswer, VerifyQuery

AUDIT = "/api/v1/moderation/audit"
TABLE = f"{AUDIT}.csv"
VERIFY = f"{AUDIT}/verify"

DOCS = [
    Doc(
        method="GET",
        path=AUDIT,
        name="listAudit",
        summary="Entries of the record of the spaces that you moderate, newest first; for the secretariat, of every log.",
        answers={200: AuditAnswer},
        query=AuditQuery,
        auth="required",
    ),
    Doc(
        method="GET",
        path=VERIFY,
        name="verifyRecord",
        summary="Read a record from end to end: whether each entry follows from the one before.",
        answers={200: VerdictAnswer},
        query=VerifyQuery,
        auth="required",
        errors=(404,),
    ),
    Doc(
        method="GET",
        path=TABLE,
        name="exportAudit",
        summary="The same entries, all that fit, as one table.",
        answers={200: None},
        query=AuditFilters,
        auth="required",
        media="text/csv",
    ),
]
