"""Routes about people. Pages stand below the language; the guard of each is the first line of its view."""

from starlette.routing import Route

from forum.people.api import API
from forum.people.views import account, secretariat, signing

__all__ = ["API", "PAGES"]

PAGES = [
    Route("/signin", signing.signin_page, methods=["GET"]),
    Route("/signin", signing.signin, methods=["POST"]),
    Route("/signup", signing.signup_page, methods=["GET"]),
    Route("/signup", signing.signup, methods=["POST"]),
    Route("/signout", signing.signout, methods=["POST"]),
    Route("/account", account.account, methods=["GET"]),
    Route("/account/affiliations", account.declare, methods=["POST"]),
    Route("/account/language", account.language, methods=["POST"]),
    Route("/account/notices", account.notices, methods=["POST"]),
    Route("/secretariat/affiliations", secretariat.affiliations_page, methods=["GET"]),
    Route("/secretariat/affiliations/{id}", secretariat.decide_affiliation, methods=["POST"]),
    Route("/secretariat/people", secretariat.people_page, methods=["GET"]),
    Route("/secretariat/people/{id}", secretariat.change_person, methods=["POST"]),
    Route("/secretariat/entities", secretariat.entities_page, methods=["GET"]),
    Route("/secretariat/entities", secretariat.add_entity, methods=["POST"]),
]
