"""Routes of the audit: pages, files and API."""

from starlette.routing import Route

from moderation.audit import api, views
from moderation.audit.docs import AUDIT, DOCS, TABLE, VERIFY
from moderation.guard import for_the_team

__all__ = ["API", "DOCS", "PAGES"]

PAGES = [
    Route("/moderation/audit", for_the_team(views.audit_page), methods=["GET"]),
    Route("/moderation/audit.csv", for_the_team(views.export_csv), methods=["POST"]),
    Route("/moderation/audit.json", for_the_team(views.export_json), methods=["POST"]),
    Route("/moderation/audit/verify", for_the_team(views.verify_page), methods=["GET"]),
]

API = [
    Route(AUDIT, for_the_team(api.listed), methods=["GET"]),
    Route(VERIFY, for_the_team(api.verified), methods=["GET"]),
    Route(TABLE, for_the_team(api.table), methods=["GET"]),
]
