"""Routes of notices. Pages stand below the language; whoever is signed in has their own."""

from starlette.routing import Route

from forum.notices import views
from forum.notices.api import API, DOCS

__all__ = ["API", "DOCS", "PAGES"]

PAGES = [
    Route("/notices", views.notices_page, methods=["GET"]),
    Route("/notices/read", views.read, methods=["POST"]),
]
