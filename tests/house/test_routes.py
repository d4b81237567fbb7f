"""Every route has a sentence that says who may, and keeps to it: no route without one, no writing by GET, no form without its token."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from forum.app import Forum, create_app
from forum.db.reading import rows
from forum.demo.cast import ACCOUNTS
from forum.demo.loading import load
from forum.discussions.models import Space
from forum.kernel.locales import LANGS
from forum.objectives.entities import known
from forum.people import entities, sessions
from forum.people.models import Affiliation, Person, SessionKind
from forum.settings import Settings
from moderation.models import Case
from tests.support import world

BASE = "http://127.0.0.1:8000"
UNKNOWN = "f" * 32

ANYBODY = "anybody"
READER = "whoever may read the space; to others it does not exist"
SIGNED = "whoever is signed in"
WRITER = "whoever may comment in the open space"
AUTHOR = "the author; to others the comment is not theirs to change or does not exist"
DESK = "moderators, about the spaces that they moderate"
CLERK = "the secretariat"
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
    ("GET", "/api/v1/spaces/{slug}/updates"): READER,
    ("GET", "/api/v1/comments/{id}"): READER,
    ("PATCH", "/api/v1/comments/{id}"): AUTHOR,
    ("DELETE", "/api/v1/comments/{id}"): AUTHOR,
    ("GET", "/api/v1/moderation/cases"): DESK,
    ("GET", "/api/v1/moderation/cases/{id}"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/claim"): DESK,
    ("DELETE", "/api/v1/moderation/cases/{id}/claim"): DESK,
    ("POST", "/api/v1/moderation/cases/{id}/decision"): DESK,
    ("GET", "/spaces"): READER,
    ("GET", "/spaces/{slug}"): READER,
    ("GET", "/spaces/{slug}/questions/{n}"): READER,
    ("POST", "/spaces/{slug}/questions/{n}"): WRITER,
    ("GET", "/spaces/{slug}/comments/{id}"): READER,
    ("GET", "/spaces/{slug}/comments/{id}/edit"): AUTHOR,
    ("POST", "/spaces/{slug}/comments/{id}/edit"): AUTHOR,
    ("GET", "/spaces/{slug}/comments/{id}/withdraw"): AUTHOR,
    ("POST", "/spaces/{slug}/comments/{id}/withdraw"): AUTHOR,
    ("POST", "/drafts"): SIGNED,
    ("POST", "/preview"): SIGNED,
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
    ("GET", "/contributions"): SIGNED,
    ("GET", "/moderation"): DESK,
    ("GET", "/moderation/cases/{id}"): DESK,
    ("POST", "/moderation/cases/{id}"): DESK,
    ("POST", "/moderation/cases/{id}/claim"): DESK,
    ("POST", "/moderation/cases/{id}/release"): DESK,
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


def settings(url: str) -> Settings:
    return Settings(database_url=url, secret_key="a secret of these tests", base_url=BASE, rate_limits="off")


def is_page(path: str) -> bool:
    return not path.startswith(("/api/", "/live/", "/healthz", "/readyz", "/metrics", "/robots.txt", "/favicon.ico"))


PAGES = {route for route in ROUTES if is_page(route[1])}


def chosen(method: str, *sentences: str) -> list[str]:
    """The paths of pages with this method and one of these sentences."""
    return [path for (found, path), who in ROUTES.items() if found == method and is_page(path) and who in sentences]


def test_every_route_is_in_the_table_and_no_other() -> None:
    app = create_app(settings("sqlite://unused.sqlite3")).app
    found = list(listed(app.routes))
    assert len(found) == len(set(found)), "one address, two routes"
    by_lang = {lang: {(method, path[3:]) for method, path in found if path.startswith(f"/{lang}/")} for lang in LANGS}
    assert all(pages == PAGES for pages in by_lang.values()), by_lang["en"] ^ PAGES
    others = {(method, path) for method, path in found if path[1:3] not in LANGS or path[3:4] != "/"}
    assert others == ROUTES.keys() - PAGES


def test_moderators_and_secretariat_have_all_of_their_addresses() -> None:
    """A path says who may: what is below /secretariat is the secretariat's alone, what is below /moderation the moderators'."""
    for (_, path), who in ROUTES.items():
        assert ("/moderation" in path) == (who == DESK), path
        assert path.startswith("/secretariat") == (who == CLERK), path


@dataclass
class Place:
    """A forum with one person who may everything, one who may nothing, and something at every address."""

    forum: Forum
    ids: dict[str, str]
    secrets: dict[str, str]

    def client(self, role: str = "") -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.forum)
        cookies = {"forum": self.secrets[role]} if role else {}
        return httpx2.AsyncClient(transport=transport, base_url=BASE, cookies=cookies)

    def address(self, path: str, lang: str = "en") -> str:
        """The path with its language, and with what there is in place of its parameters."""
        kind = "case" if "/cases/" in path else "affiliation" if "/affiliations/" in path else "person"
        kind = "comment" if "/comments/" in path else kind
        filled = path.replace("{slug}", "hall").replace("{id}", self.ids[kind]).replace("{step}", "archive")
        filled = filled.replace("{n}", "1").replace("{n:int}", "1")
        return f"/{lang}{filled}" if is_page(path) else filled


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    forum = create_app(settings(await world.new_database(tmp_path)))
    async with forum.app.router.lifespan_context(forum.app):
        people = {
            "able": await world.person("Able", secretariat=True),
            "bare": await world.person("Bare"),
            "elsewhere": await world.person("Else"),
        }
        hall = await world.space("hall", moderators=[people["able"]])
        await world.space("attic", moderators=[people["elsewhere"]])
        comment = await world.post(await world.actor_for(people["able"]), hall, "My own words.")
        affiliation = await world.affiliate(people["bare"], await world.entity("Kenya"))
        ids = {
            "case": (await Case.get(comment_id=comment)).id,
            "comment": comment,
            "person": people["bare"].id,
            "affiliation": (await Affiliation.get(id=affiliation.id)).id,
        }
        secrets = {name: await sessions.open_session(who, SessionKind.WEB) for name, who in people.items()}
        yield Place(forum, ids, secrets)


async def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    tables = [str(one["name"]) for one in await rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", [])]
    return {table: [tuple(one.values()) for one in map(dict, await rows(f'SELECT * FROM "{table}"', []))] for table in tables}


_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


async def token_of(client: httpx2.AsyncClient, path: str = "/en/account") -> str:
    shown = _TOKEN.search((await client.get(path)).text)
    assert shown is not None
    return unescape(shown[1])


POSTS = sorted(path for method, path in PAGES if method == "POST")
FOREIGN: Sequence[dict[str, str]] = (
    {"origin": "https://evil.example"},
    {"origin": BASE + ".evil.example"},
    {"origin": "http://127.0.0.1:8001"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": BASE},
    {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    {},
)
"""What a browser may say of a form that is not ours; an old one nothing at all."""


async def test_every_form_needs_its_own_token_and_comes_from_here(place: Place) -> None:
    before = await everything()
    async with place.client("able") as able, place.client("bare") as bare:
        good, others = await token_of(able), await token_of(bare)
        for path in POSTS:
            address = place.address(path)
            for sent in ({}, {"csrf_token": ""}, {"csrf_token": others}, {"csrf_token": "A" * 43}, {"csrf_token": [good, good]}):
                answer = await able.post(address, data=sent, headers={"origin": BASE})
                assert answer.status_code == 403, (path, sent)
            for headers in FOREIGN:
                answer = await able.post(address, data={"csrf_token": good}, headers=headers)
                assert answer.status_code == 403, (path, headers)
            for kind in ("text/plain", "application/json"):
                answer = await able.post(address, content=b"csrf_token=" + good.encode(), headers={"content-type": kind})
                assert answer.status_code == 403, (path, kind)
            for method in ("PUT", "PATCH", "DELETE"):
                answer = await able.request(method, address, headers={"origin": BASE})
                assert answer.status_code == 405, (path, method)
    assert await everything() == before


async def test_with_its_token_no_form_is_refused_for_it(place: Place) -> None:
    """The control: what was refused above was refused for the token, as this person may all of it."""
    async with place.client("able") as able:
        for path in (path for path in POSTS if path not in {"/signin", "/signout"}):
            data = {"csrf_token": await token_of(able)}
            answer = await able.post(place.address(path), data=data, headers={"origin": BASE})
            assert answer.status_code in {204, 303, 400, 404, 409, 422}, (path, answer.status_code)


async def test_what_is_posted_cannot_be_got(place: Place) -> None:
    gettable = {path for method, path in PAGES if method == "GET"}
    async with place.client("able") as able:
        for path in set(POSTS) - gettable:
            answer = await able.get(place.address(path))
            assert answer.status_code == 405, path
            assert answer.headers["allow"] == "POST"


async def ask(client: httpx2.AsyncClient, method: str, address: str, token: str) -> httpx2.Response:
    if method == "GET":
        return await client.get(address)
    if not is_page(address):
        return await client.request(method, address, json={"action": "publish", "version": 1}, headers={"origin": BASE})
    return await client.request(method, address, data={"csrf_token": token}, headers={"origin": BASE})


@pytest.mark.parametrize("lang", ["en", "ar"])
async def test_the_desk_and_the_secretariat_are_closed_to_others(place: Place, lang: str) -> None:
    before = await everything()
    desk = [(method, path) for (method, path), who in ROUTES.items() if who in (DESK, CLERK) and method != "LIVE"]
    async with place.client() as nobody, place.client("bare") as bare, place.client("elsewhere") as other:
        token, elsewhere = await token_of(bare), await token_of(other)
        nonce = await token_of(nobody, "/en/signin")
        for method, path in desk:
            address = place.address(path, lang)
            answer = await ask(nobody, method, address, nonce)
            if method == "GET" and is_page(path):
                assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"/{lang}/signin"), path
            else:
                assert answer.status_code in {401, 403}, (method, path)
            answer = await ask(bare, method, address, token)
            assert answer.status_code in {403, 404}, (method, path)
            if path.endswith(("/moderation", "/cases")):
                continue  # a moderator of another space has a queue too: it is empty
            answer = await ask(other, method, address, elsewhere)
            assert answer.status_code in {403, 404}, (method, path)
    assert await everything() == before


async def test_what_is_one_persons_asks_who_is_there(place: Place) -> None:
    async with place.client() as nobody:
        nonce = await token_of(nobody, "/en/signin")
        for path in chosen("GET", SIGNED, AUTHOR):
            answer = await nobody.get(place.address(path))
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/en/signin"), path
        for path in chosen("POST", SIGNED, AUTHOR, WRITER):
            answer = await ask(nobody, "POST", place.address(path), nonce)
            assert answer.status_code == 401, path


async def test_anothers_comment_is_as_unknown_to_its_pages_as_none(place: Place) -> None:
    async with place.client("bare") as bare:
        token = await token_of(bare)
        for (method, path), who in ROUTES.items():
            if who == AUTHOR and is_page(path):
                address = place.address(path)
                hidden = await ask(bare, method, address, token)
                none = await ask(bare, method, address.replace(place.ids["comment"], UNKNOWN), token)
                assert hidden.status_code == none.status_code == 404, path


_LINK = re.compile(r'(?:href|src|action|data-rows)="(/[^"]*)"')


async def crawl(client: httpx2.AsyncClient, start: Sequence[str]) -> dict[str, int]:
    """Follow every link of the English pages from `start` on; return the status by path."""
    found, waiting = dict[str, int](), list(start)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = await client.get(address)
        found[address] = answer.status_code
        assert answer.status_code < 400 or answer.status_code == 405, (address, answer.status_code)
        links = (unescape(link).partition("#")[0] for link in _LINK.findall(answer.text))
        waiting += [link for link in links if link.startswith("/en/") and link not in found]
        if "location" in answer.headers and answer.headers["location"].startswith("/en/"):
            waiting.append(answer.headers["location"].partition("#")[0])
    return found


def template_of(address: str) -> str:
    """The path in the table that an address of a page belongs to."""
    path = urlsplit(address).path[3:]
    known_paths = sorted({found for _, found in PAGES}, key=lambda one: one.count("{"))
    for one in known_paths:
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", one), path):
            return one
    raise AssertionError(address)


async def test_reading_never_writes(tmp_path: Path) -> None:
    """Every link is followed by a moderator, by the secretariat and by a delegate, every call of the API is made: no row changes."""
    forum = create_app(settings(await world.new_database(tmp_path)), demo=True)
    async with forum.app.router.lifespan_context(forum.app):
        await entities.load(known())
        await load("a password of the demo", lambda *_: None)
        secrets = {}
        for address, _, _ in ACCOUNTS:
            secrets[address] = await sessions.open_session(await Person.get(email=address), SessionKind.WEB)
        case = await Case.all().first()
        assert case is not None
        await Space.all().count()
        before = await everything()
        visited: set[str] = set()
        for address in ("moderator@demo.example", "secretariat@demo.example", "delegate-a@demo.example"):
            at = Place(forum, dict.fromkeys(("case", "person", "affiliation", "comment"), ""), {"": "", "who": secrets[address]})
            async with at.client("who") as client:
                found = await crawl(client, ["/en/spaces", "/en/account", "/en/contributions"])
                visited |= {template_of(one) for one, status in found.items() if status == 200}
                for (method, path), who in ROUTES.items():
                    if method == "GET" and not is_page(path) and who != LOOPBACK:
                        filled = path.replace("{slug}", "rt4-demo")
                        filled = filled.replace("{id}", case.id if "/cases/" in path else case.comment_id)
                        assert (await client.get(filled)).status_code in {200, 302, 403, 404}, path
        assert await everything() == before
    reachable = {path for method, path in PAGES if method == "GET"} - {"/signin", "/signup"}
    assert not {path for path in reachable - visited if not path.endswith(("/edit", "/withdraw"))}, "no link leads there"
