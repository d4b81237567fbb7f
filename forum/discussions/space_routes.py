"""Routes of spaces, objectives and the secretariat's pages about spaces. Pages stand below the language."""

from starlette.routing import Route

from forum.discussions.views import founding, objectives, opening, search, spaces, team

ADMIN = "/secretariat/spaces/{slug}"

SPACE_PAGES = [
    Route("/spaces", spaces.listed, methods=["GET"]),
    Route("/spaces/{slug}", spaces.single, methods=["GET"]),
    Route("/search", search.page, methods=["GET"]),
    Route("/objectives", objectives.listed, methods=["GET"]),
    Route("/objectives/{n:int}", objectives.single, methods=["GET"]),
    Route("/secretariat", founding.overview, methods=["GET"]),
    Route("/secretariat/spaces/new", founding.new_page, methods=["GET"]),
    Route("/secretariat/spaces/new", founding.found, methods=["POST"]),
    Route(ADMIN, founding.edit_page, methods=["GET"]),
    Route(ADMIN, founding.rewrite, methods=["POST"]),
    Route(f"{ADMIN}/questions", founding.questions_page, methods=["GET"]),
    Route(f"{ADMIN}/questions/{{n:int}}", founding.question_page, methods=["GET"]),
    Route(f"{ADMIN}/questions/{{n:int}}", founding.write_question, methods=["POST"]),
    Route(f"{ADMIN}/people", team.page, methods=["GET"]),
    Route(f"{ADMIN}/people", team.change, methods=["POST"]),
    Route(f"{ADMIN}/steps", opening.overview, methods=["GET"]),
    Route(f"{ADMIN}/steps/{{step}}", opening.step_page, methods=["GET"]),
    Route(f"{ADMIN}/steps/{{step}}", opening.take_step, methods=["POST"]),
    Route(f"{ADMIN}/extend", opening.extend_page, methods=["GET"]),
    Route(f"{ADMIN}/extend", opening.extend, methods=["POST"]),
]
