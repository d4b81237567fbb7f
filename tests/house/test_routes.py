"""Every route has a sentence that says who may: none without one. `tests/stories/test_rights.py` asks whether it is kept."""

from collections.abc import Iterable, Iterator

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from forum.app import create_app
from forum.kernel.locales import LANGS
from forum.settings import Settings

ANYBODY = "anybody"
READER = "whoever may read the space; to others it does not exist"
SIGNED = "whoever is signed in"
OWN = "whoever is signed in; of notices there are only one's own"
WRITER = "whoever may comment in the open space"
AUTHOR = "the author; to others the comment is not theirs to change or does not exist"
MINE = "whoever is signed in; of notices there are only one's own"
OWN = "the author; to others it does not exist"
REPORTER = "whoever is signed in and may read the comment, but its author"
DESK = "moderators, about the spaces that they moderate"
AUDIT = "moderators, about the spaces that they moderate, and the secretariat about all"
OFFICE = "moderators of the space, and the secretariat"
HOME = "moderators, about the spaces that they moderate, and the secretariat, about those that are open"
CLERK = "the secretariat"
TEAM = "moderators, about the spaces that they moderate, and the secretariat"
CONCERNED = "whoever it is about; to others it does not exist"
LOOPBACK = "whoever asks from the machine itself, unless the operator opens it"

ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/healthz"): ANYBODY,
    ("GET", "/readyz"): ANYBODY,
    ("GET", "/metrics"): LOOPBACK,
    ("GET", "/robots.txt"): ANYBODY,
    ("GET", "/favicon.ico"): ANYBODY,
    ("LIVE", "/live/spaces/{slug}"): READER,
    ("LIVE", "/live/moderation"): DESK,
    ("GET", "/api/v1/openapi.json"): ANYBODY,
    ("POST", "/api/v1/tokens"): "whoever has an account that is not suspended",
    ("DELETE", "/api/v1/tokens"): "the bearer of the token",
    ("GET", "/api/v1/spaces"): READER,
    ("GET", "/api/v1/spaces/{slug}"): READER,
    ("GET", "/api/v1/spaces/{slug}/comments"): READER,
    ("POST", "/api/v1/spaces/{slug}/comments"): WRITER,
    ("POST", "/api/v1/spaces/{slug}/preview"): WRITER,
    ("GET", "/api/v1/spaces/{slug}/updates"): READER,
    ("GET", "/api/v1/search"): ANYBODY,
    ("GET", "/api/v1/comments/{id}"): READER,
    ("PATCH", "/api/v1/comments/{id}"): AUTHOR,
    ("DELETE", "/api/v1/comments/{id}"): AUTHOR,
    ("GET", "/api/v1/notices"): MINE,
    ("POST", "/api/v1/notices/read"): MINE,
    ("GET", "/api/v1/moderation/cases"): DESK,
    ("GET", "/api/v1/moderation/counts"): DESK,
    ("POST", "/api/v1/moderation/cases/bulk"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/claim"): DESK,
    ("DELETE", "/api/v1/moderation/cases/{id}/claim"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/decision"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/takeover"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}/notes"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/notes"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}/standing"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}/comparison"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}/similar"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/undo"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/second"): DESK,
    ("DELETE", "/api/v1/moderation/cases/{id}/second"): DESK,
    ("GET", "/api/v1/moderation/audit"): AUDIT,
    ("GET", "/api/v1/moderation/audit.csv"): AUDIT,
    ("GET", "/api/v1/moderation/audit/verify"): AUDIT,
    ("GET", "/api/v1/moderation/cases/{id}/decisions"): DESK,
    ("GET", "/api/v1/moderation/filters"): DESK,
    ("POST", "/api/v1/moderation/filters"): DESK,
    ("DELETE", "/api/v1/moderation/filters/{id}"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}/reports"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}/appeal"): DESK,
    ("POST", "/api/v1/comments/{id}/report"): REPORTER,
    ("GET", "/api/v1/contributions"): SIGNED,
    ("GET", "/api/v1/contributions/{id}"): OWN,
    ("POST", "/api/v1/decisions/{id}/appeal"): OWN,
    ("GET", "/api/v1/moderation/spaces/{slug}/screening"): OFFICE,
    ("PUT", "/api/v1/moderation/spaces/{slug}/screening"): OFFICE,
    ("GET", "/api/v1/moderation/home"): HOME,
    ("GET", "/api/v1/spaces/{slug}/moderation"): READER,
    ("GET", "/api/v1/moderation/sanctions"): TEAM,
    ("POST", "/api/v1/moderation/sanctions"): TEAM,
    ("GET", "/api/v1/moderation/sanctions/{id}"): TEAM,
    ("POST", "/api/v1/moderation/sanctions/{id}/lift"): TEAM,
    ("POST", "/api/v1/moderation/sanctions/{id}/appeal"): TEAM,
    ("GET", "/api/v1/sanctions"): SIGNED,
    ("POST", "/api/v1/sanctions/{id}/appeal"): CONCERNED,
    ("GET", "/spaces"): READER,
    ("GET", "/spaces/{slug}"): READER,
    ("GET", "/spaces/{slug}/questions/{n}"): READER,
    ("POST", "/spaces/{slug}/questions/{n}"): WRITER,
    ("GET", "/spaces/{slug}/comments/{id}"): READER,
    ("GET", "/spaces/{slug}/comments/{id}/edit"): AUTHOR,
    ("POST", "/spaces/{slug}/comments/{id}/edit"): AUTHOR,
    ("GET", "/spaces/{slug}/comments/{id}/withdraw"): AUTHOR,
    ("POST", "/spaces/{slug}/comments/{id}/withdraw"): AUTHOR,
    ("GET", "/spaces/{slug}/comments/{id}/report"): REPORTER,
    ("POST", "/spaces/{slug}/comments/{id}/report"): REPORTER,
    ("POST", "/drafts"): SIGNED,
    ("POST", "/preview"): SIGNED,
    ("GET", "/search"): ANYBODY,
    ("GET", "/objectives"): ANYBODY,
    ("GET", "/objectives/{n:int}"): ANYBODY,
    ("GET", "/signin"): ANYBODY,
    ("POST", "/signin"): ANYBODY,
    ("GET", "/signup"): ANYBODY,
    ("POST", "/signup"): ANYBODY,
    ("POST", "/signout"): ANYBODY,
    ("GET", "/account"): SIGNED,
    ("POST", "/account/affiliations"): SIGNED,
    ("POST", "/account/language"): SIGNED,
    ("POST", "/account/notices"): SIGNED,
    ("GET", "/notices"): MINE,
    ("POST", "/notices/read"): MINE,
    ("GET", "/contributions"): SIGNED,
    ("GET", "/contributions/{id}"): OWN,
    ("POST", "/contributions/{id}"): OWN,
    ("GET", "/moderation"): DESK,
    ("GET", "/moderation/bulk"): DESK,
    ("POST", "/moderation/bulk"): DESK,
    ("POST", "/moderation/filters"): DESK,
    ("POST", "/moderation/filters/{id}/delete"): DESK,
    ("GET", "/moderation/home"): HOME,
    ("GET", "/spaces/{slug}/moderation"): READER,
    ("GET", "/spaces/{slug}/moderation.csv"): READER,
    ("GET", "/moderation/cases/{id}"): DESK,
    ("POST", "/moderation/cases/{id}"): DESK,
    **{
        (method, f"/moderation/cases/{{id}}/{act}"): DESK
        for method in ("GET", "POST")
        for act in ("claim", "release", "takeover", "notes", "undo", "second")
    },
    ("GET", "/api/v1/moderation/spaces/{slug}/rules"): DESK,
    ("PUT", "/api/v1/moderation/spaces/{slug}/rules"): DESK,
    ("PUT", "/api/v1/moderation/spaces/{slug}/rules/reasons/{code}"): DESK,
    ("DELETE", "/api/v1/moderation/spaces/{slug}/rules/reasons/{code}"): DESK,
    ("POST", "/api/v1/moderation/spaces/{slug}/rules/phrases"): DESK,
    ("PUT", "/api/v1/moderation/spaces/{slug}/rules/phrases/{id}"): DESK,
    ("DELETE", "/api/v1/moderation/spaces/{slug}/rules/phrases/{id}"): DESK,
    ("PUT", "/api/v1/moderation/spaces/{slug}/rules/moderators/{id}"): DESK,
    ("GET", "/moderation/spaces/{slug}/rules"): DESK,
    ("GET", "/moderation/spaces/{slug}/rules/reasons/{code}"): DESK,
    ("POST", "/moderation/spaces/{slug}/rules/reasons/{code}"): DESK,
    ("GET", "/moderation/spaces/{slug}/rules/phrases/{id}"): DESK,
    ("POST", "/moderation/spaces/{slug}/rules/phrases/{id}"): DESK,
    ("GET", "/secretariat/spaces/{slug}/rules"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/rules/reasons/{code}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/rules/reasons/{code}"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/rules/phrases/{id}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/rules/phrases/{id}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/rules"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/rules/moderators/{id}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/rules/moderators/{id}"): CLERK,
    ("GET", "/moderation/sanctions"): TEAM,
    ("GET", "/moderation/sanctions/new"): TEAM,
    ("POST", "/moderation/sanctions"): TEAM,
    ("GET", "/moderation/sanctions/{id}"): TEAM,
    ("POST", "/moderation/sanctions/{id}/lift"): TEAM,
    ("POST", "/moderation/sanctions/{id}/appeal"): TEAM,
    ("GET", "/sanctions"): SIGNED,
    ("GET", "/sanctions/{id}"): CONCERNED,
    ("POST", "/sanctions/{id}/appeal"): CONCERNED,
    ("GET", "/suspension"): ANYBODY,
    ("POST", "/suspension"): "whoever has the password of a suspended account",
    ("GET", "/moderation/audit"): AUDIT,
    ("POST", "/moderation/audit.csv"): AUDIT,
    ("POST", "/moderation/audit.json"): AUDIT,
    ("GET", "/moderation/audit/verify"): AUDIT,
    ("GET", "/moderation/spaces/{slug}/screening"): OFFICE,
    ("POST", "/moderation/spaces/{slug}/screening"): OFFICE,
    ("GET", "/secretariat"): CLERK,
    ("GET", "/secretariat/spaces/new"): CLERK,
    ("POST", "/secretariat/spaces/new"): CLERK,
    ("GET", "/secretariat/spaces/{slug}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/questions"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/questions/{n:int}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/questions/{n:int}"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/people"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/people"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/steps"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/steps/{step}"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/steps/{step}"): CLERK,
    ("GET", "/secretariat/spaces/{slug}/extend"): CLERK,
    ("POST", "/secretariat/spaces/{slug}/extend"): CLERK,
    ("GET", "/secretariat/affiliations"): CLERK,
    ("POST", "/secretariat/affiliations/{id}"): CLERK,
    ("GET", "/secretariat/people"): CLERK,
    ("POST", "/secretariat/people/{id}"): CLERK,
    ("GET", "/secretariat/entities"): CLERK,
    ("POST", "/secretariat/entities"): CLERK,
}
"""Who may, by method and path; pages are without their language."""


def listed(routes: Iterable[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Every (method, path) of the routes; HEAD goes with GET, and a websocket is LIVE."""
    for route in routes:
        if isinstance(route, Mount):
            yield from listed(route.routes, before + route.path)
        elif isinstance(route, WebSocketRoute):
            yield "LIVE", before + route.path
        else:
            assert isinstance(route, Route), route
            assert route.methods, f"{route.path}: every method"
            yield from ((method, before + route.path) for method in sorted(route.methods - {"HEAD"}))


def is_page(path: str) -> bool:
    return not path.startswith(("/api/", "/live/", "/healthz", "/readyz", "/metrics", "/robots.txt", "/favicon.ico"))


PAGES = {route for route in ROUTES if is_page(route[1])}


def chosen(method: str, *sentences: str) -> list[str]:
    """The paths of pages with this method and one of these sentences."""
    return [path for (found, path), who in ROUTES.items() if found == method and is_page(path) and who in sentences]


def test_every_route_is_in_the_table_and_no_other() -> None:
    forum = create_app(Settings(database_url="sqlite://unused.sqlite3", secret_key="k" * 32, base_url="http://127.0.0.1:8000"))
    found = list(listed([*forum.app.routes, *forum.live.routes]))
    assert len(found) == len(set(found)), "one address, two routes"
    by_lang = {lang: {(method, path[3:]) for method, path in found if path.startswith(f"/{lang}/")} for lang in LANGS}
    assert all(pages == PAGES for pages in by_lang.values()), by_lang["en"] ^ PAGES
    others = {(method, path) for method, path in found if path[1:3] not in LANGS or path[3:4] != "/"}
    assert others == ROUTES.keys() - PAGES


def test_moderators_and_secretariat_have_all_of_their_addresses() -> None:
    """A path says who may: what is below /secretariat is the secretariat's alone, what is below /moderation the moderators'."""
    for (_, path), who in ROUTES.items():
        of_desk = path.removeprefix("/api/v1").removeprefix("/live").startswith("/moderation")
        assert of_desk == (who in {DESK, HOME, AUDIT, TEAM, OFFICE}), path
        assert path.startswith("/secretariat") == (who == CLERK), path
