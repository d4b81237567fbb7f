"""Routes of moderation. Pages stand below the language; all but one's own contributions are at the desk."""

from starlette.routing import Route

from moderation.api import cases
from moderation.api import figures as figures_api
from moderation.api import home as home_api
from moderation.api.docs import CASE, CASES, CLAIM, DECISION
from moderation.api.docs import DOCS as CASE_DOCS
from moderation.audit import routes as audit
from moderation.guard import at_the_desk
from moderation.home.guard import at_home
from moderation.rules import routes as rules
from moderation.views import author, case, figures, home, queue

__all__ = ["API", "DOCS", "PAGES"]

PAGES = [
    Route("/moderation", at_the_desk(queue.queue_page), methods=["GET"]),
    Route("/moderation/cases/{id}", at_the_desk(case.case_page), methods=["GET"]),
    Route("/moderation/cases/{id}", at_the_desk(case.decision), methods=["POST"]),
    Route("/moderation/cases/{id}/claim", at_the_desk(case.claimed), methods=["POST"]),
    Route("/moderation/cases/{id}/release", at_the_desk(case.released), methods=["POST"]),
    Route("/moderation/home", at_home(home.page), methods=["GET"]),
    Route("/spaces/{slug}/moderation", figures.page, methods=["GET"]),
    Route("/spaces/{slug}/moderation.csv", figures.as_csv, methods=["GET"]),
    Route("/contributions", author.contributions_page, methods=["GET"]),
    *audit.PAGES,
    *rules.PAGES,
]

API = [
    Route(CASES, at_the_desk(cases.listed), methods=["GET"]),
    Route(CASE, at_the_desk(cases.single), methods=["GET"]),
    Route(CLAIM, at_the_desk(cases.take), methods=["POST"]),
    Route(CLAIM, at_the_desk(cases.give_back), methods=["DELETE"]),
    Route(DECISION, at_the_desk(cases.settle), methods=["POST"]),
    Route(home_api.HOME, at_home(home_api.single), methods=["GET"]),
    Route(figures_api.FIGURES, figures_api.single, methods=["GET"]),
    *audit.API,
    *rules.API,
]

DOCS = [*CASE_DOCS, home_api.DOC, figures_api.DOC, *audit.DOCS, *rules.DOCS]
