"""Routes of moderation. Pages stand below the language; all but one's own contributions are at the desk."""

from starlette.routing import Route

from moderation.api import acts, beside, cases, contributions, screening
from moderation.api import figures as figures_api
from moderation.api import home as home_api
from moderation.api import origin as origin_api
from moderation.api.acts import NOTES, SECOND, TAKEOVER, UNDO
from moderation.api.beside import COMPARISON, SIMILAR, STANDING
from moderation.api.docs import CASE, CLAIM, DECISION, DECISIONS
from moderation.api.docs import DOCS as CASE_DOCS
from moderation.api.screening import SCREENING
from moderation.audit import routes as audit
from moderation.guard import at_the_desk, for_the_team
from moderation.queue import routes as queue
from moderation.rules import routes as rules
from moderation.sanctions import routes as sanctions
from moderation.views import acting, author, case, contribution, figures, home
from moderation.views import screening as screening_view

__all__ = ["API", "DOCS", "PAGES"]

SENT = {
    "claim": acting.claimed,
    "release": acting.released,
    "takeover": acting.taken_over,
    "notes": acting.noted,
    "undo": acting.undone,
    "second": acting.seconded,
}
"""What is sent from the page of a case, by the end of its address."""

PAGES = [
    *queue.PAGES,
    Route("/moderation/cases/{id}", at_the_desk(case.case_page), methods=["GET"]),
    Route("/moderation/cases/{id}", at_the_desk(case.decision), methods=["POST"]),
    *(Route(f"/moderation/cases/{{id}}/{name}", at_the_desk(view), methods=["POST"]) for name, view in SENT.items()),
    *(Route(f"/moderation/cases/{{id}}/{name}", at_the_desk(acting.back), methods=["GET"]) for name in SENT),
    # The secretariat may too: these ask by themselves.
    Route("/moderation/spaces/{slug}/screening", screening_view.screening_page, methods=["GET"]),
    Route("/moderation/spaces/{slug}/screening", screening_view.change, methods=["POST"]),
    Route("/moderation/home", for_the_team(home.page), methods=["GET"]),
    Route("/spaces/{slug}/moderation", figures.page, methods=["GET"]),
    Route("/spaces/{slug}/moderation.csv", figures.as_csv, methods=["GET"]),
    Route("/contributions", author.contributions_page, methods=["GET"]),
    *audit.PAGES,
    Route("/contributions/{id}", contribution.contribution_page, methods=["GET"]),
    Route("/contributions/{id}", contribution.contribution, methods=["POST"]),
    *rules.PAGES,
    *sanctions.PAGES,
]

API = [
    *queue.API,
    Route(CASE, at_the_desk(cases.single), methods=["GET"]),
    Route(CLAIM, at_the_desk(cases.take), methods=["POST"]),
    Route(CLAIM, at_the_desk(cases.give_back), methods=["DELETE"]),
    Route(TAKEOVER, at_the_desk(acts.take), methods=["POST"]),
    Route(NOTES, at_the_desk(acts.notes), methods=["GET"]),
    Route(NOTES, at_the_desk(acts.add_note), methods=["POST"]),
    Route(STANDING, at_the_desk(beside.fared), methods=["GET"]),
    Route(SIMILAR, at_the_desk(beside.alike), methods=["GET"]),
    Route(COMPARISON, at_the_desk(beside.compared), methods=["GET"]),
    Route(UNDO, at_the_desk(acts.take_back), methods=["POST"]),
    Route(SECOND, at_the_desk(acts.agree), methods=["POST"]),
    Route(SECOND, at_the_desk(acts.disagree), methods=["DELETE"]),
    Route(DECISIONS, at_the_desk(cases.decided), methods=["GET"]),
    Route(DECISION, at_the_desk(cases.settle), methods=["POST"]),
    Route(origin_api.REPORTS, at_the_desk(origin_api.reports), methods=["GET"]),
    Route(origin_api.APPEAL, at_the_desk(origin_api.appeal), methods=["GET"]),
    Route(contributions.CONTRIBUTIONS, contributions.listed, methods=["GET"]),
    Route(contributions.CONTRIBUTION, contributions.single, methods=["GET"]),
    Route(contributions.APPEAL, contributions.appealed, methods=["POST"]),
    Route(SCREENING, screening.single, methods=["GET"]),
    Route(SCREENING, screening.replace, methods=["PUT"]),
    Route(home_api.HOME, for_the_team(home_api.single), methods=["GET"]),
    Route(figures_api.FIGURES, figures_api.single, methods=["GET"]),
    *audit.API,
    *rules.API,
    *sanctions.API,
]

DOCS = [
    *queue.DOCS,
    *CASE_DOCS,
    *acts.DOCS,
    *beside.DOCS,
    *origin_api.DOCS,
    *contributions.DOCS,
    home_api.DOC,
    figures_api.DOC,
    *audit.DOCS,
    *rules.DOCS,
    *screening.DOCS,
    *sanctions.DOCS,
]
