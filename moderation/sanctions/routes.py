"""Routes of sanctions. Pages stand below the language; those under /moderation are at the desk, the others one's own."""

from starlette.routing import Route

from moderation.guard import for_the_team
from moderation.sanctions.api import desk as desk_api
from moderation.sanctions.api import own as own_api
from moderation.sanctions.api.docs import ANSWER, APPEAL, DOCS, LIFT, OWN, SANCTION, SANCTIONS
from moderation.sanctions.views import desk, one, own, suspension

__all__ = ["API", "DOCS", "PAGES"]

PAGES = [
    Route("/moderation/sanctions", for_the_team(desk.sanctions_page), methods=["GET"]),
    Route("/moderation/sanctions/new", for_the_team(desk.new_page), methods=["GET"]),
    Route("/moderation/sanctions", for_the_team(desk.create), methods=["POST"]),
    Route("/moderation/sanctions/{id}", for_the_team(one.sanction_page), methods=["GET"]),
    Route("/moderation/sanctions/{id}/lift", for_the_team(one.lifted), methods=["POST"]),
    Route("/moderation/sanctions/{id}/appeal", for_the_team(one.answered), methods=["POST"]),
    Route("/sanctions", own.sanctions_page, methods=["GET"]),
    Route("/sanctions/{id}", own.sanction_page, methods=["GET"]),
    Route("/sanctions/{id}/appeal", own.appealed, methods=["POST"]),
    Route("/suspension", suspension.suspension_page, methods=["GET"]),
    Route("/suspension", suspension.suspension, methods=["POST"]),
]

API = [
    Route(SANCTIONS, for_the_team(desk_api.listed), methods=["GET"]),
    Route(SANCTIONS, for_the_team(desk_api.create), methods=["POST"]),
    Route(SANCTION, for_the_team(desk_api.single), methods=["GET"]),
    Route(LIFT, for_the_team(desk_api.lift), methods=["POST"]),
    Route(ANSWER, for_the_team(desk_api.decide), methods=["POST"]),
    Route(OWN, own_api.listed, methods=["GET"]),
    Route(APPEAL, own_api.appeal, methods=["POST"]),
]
