"""Routes of the audit: pages, files and API."""

from starlette.routing import Route

from moderation.audit import api, views
from moderation.audit.docs import AUDIT, DOCS, TABLE
from moderation.audit.policy import for_audit

__all__ = ["API", "DOCS", "PAGES"]

PAGES = [
    Route("/moderation/audit", for_audit(views.audit_page), methods=["GET"]),
    Route("/moderation/audit.csv", for_audit(views.export_csv), methods=["POST"]),
    Route("/moderation/audit.json", for_audit(views.export_json), methods=["POST"]),
    Route("/moderation/audit/verify", for_audit(views.verify_page), methods=["GET"]),
]

API = [
    Route(AUDIT, for_audit(api.listed), methods=["GET"]),
    Route(TABLE, for_audit(api.table), methods=["GET"]),
]
