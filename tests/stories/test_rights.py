"""Who may is kept: no form without its token, no desk for others, no writing by GET."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from forum.app import create_app
from forum.demo.cast import ACCOUNTS
from forum.demo.loading import load
from forum.notices.sending import Outbox
from forum.objectives.entities import known
from forum.people import entities, sessions
from forum.people.models import Person, SessionKind
from moderation.models import Case
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.imposing import impose
from tests.house.test_routes import (
    AUDIT,
    AUTHOR,
    CLERK,
    CONCERNED,
    DESK,
    LOOPBACK,
    PAGES,
    ROUTES,
    SIGNED,
    TEAM,
    WRITER,
    chosen,
    is_page,
)
from tests.stories.place import BASE, UNKNOWN, Place, ask, crawl, everything, settings, template_of, token_of
from tests.support import world

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
)
"""What a browser says of a form that is not ours. A program that says nothing is asked for the token alone."""


async def test_every_form_needs_its_own_token_and_comes_from_here(place: Place) -> None:
    before = await everything()
    async with place.client("able") as able, place.client("bare") as bare:
        good, others = await token_of(able), await token_of(bare)
        for path in POSTS:
            address = place.address(path)
            for sent in ({}, {"csrf_token": ""}, {"csrf_token": others}, {"csrf_token": "A" * 43}, {"csrf_token": [good, good]}):
                for headers in ({"origin": BASE}, {"sec-fetch-site": "same-origin"}, {}):
                    answer = await able.post(address, data=sent, headers=headers)
                    assert answer.status_code == 403, (path, sent, headers)
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
            allowed = {200} if path.endswith((".csv", ".json")) else {204, 303, 400, 404, 409, 422}  # a file is sent at once
            if path.endswith("/claim"):
                assert "your own" in answer.text, "the case is about a text of theirs: another rule, and no token, would help"
                continue
            assert answer.status_code in allowed, (path, answer.status_code)


async def test_what_is_posted_cannot_be_got(place: Place) -> None:
    gettable = {path for method, path in PAGES if method == "GET"}
    async with place.client("able") as able:
        for path in set(POSTS) - gettable:
            answer = await able.get(place.address(path))
            assert answer.status_code == 405, path
            assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("lang", ["en", "ar"])
async def test_the_desk_and_the_secretariat_are_closed_to_others(place: Place, lang: str) -> None:
    before = await everything()
    desk = [(method, path) for (method, path), who in ROUTES.items() if who in (DESK, AUDIT, TEAM, CLERK) and method != "LIVE"]
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
            if (
                path.endswith(("/moderation", "/moderation/filters", "/cases", "/bulk", "/counts", "/sanctions"))
                or "/audit" in path
            ):
                continue  # a moderator of another space has a queue, a list and an audit too: nothing of this space is in them
            answer = await ask(other, method, address, elsewhere)
            assert answer.status_code in {403, 404}, (method, path)
    assert await everything() == before


async def test_what_is_one_persons_asks_who_is_there(place: Place) -> None:
    async with place.client() as nobody:
        nonce = await token_of(nobody, "/en/signin")
        for path in chosen("GET", SIGNED, AUTHOR, CONCERNED):
            answer = await nobody.get(place.address(path))
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/en/signin"), path
        for path in chosen("POST", SIGNED, AUTHOR, WRITER, CONCERNED):
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


async def test_reading_never_writes(tmp_path: Path) -> None:
    """Every link is followed by a moderator, by the secretariat and by a delegate, every call of the API is made: no row changes."""
    async with AsyncExitStack() as stack:
        forum = create_app(settings(await stack.enter_async_context(world.new_database(tmp_path))), demo=True)
        await stack.enter_async_context(forum.app.router.lifespan_context(forum.app))
        await entities.load(known())
        await load("a password of the demo", lambda *_: None)
        secrets = {}
        for address, _, _ in ACCOUNTS:
            secrets[address] = await sessions.open_session(await Person.get(email=address), SessionKind.WEB)
        case = await Case.all().first()
        assert case is not None
        warned = await Person.get(email="delegate-a@demo.example")
        warning = {"person": warned.id, "space": "rt4-demo", "kind": "warn", "days": 1, "reason": "hate", "text": "No."}
        moderator = await world.actor_for(await Person.get(email="moderator@demo.example"))
        sanction = await impose(moderator, SanctionForm.model_validate(warning))
        # The demonstration's notices: without a mail server the clock notes soon that none of them will be mailed.
        await Outbox(None, BASE).turn(lambda: True)
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
                        named = case.id if "/cases/" in path else sanction.id if "/sanctions/" in path else case.comment_id
                        filled = filled.replace("{id}", named)
                        filled += "?q=word" if path.endswith("/search") else "?space=rt4-demo" if path.endswith("/verify") else ""
                        assert (await client.get(filled)).status_code in {200, 302, 403, 404}, path
        assert await everything() == before
    reachable = {path for method, path in PAGES if method == "GET"} - {"/signin", "/signup", "/suspension"}
    # Addresses of forms lead back to their page: no link needs to lead there.
    back = {path for path in reachable if path.startswith("/moderation/cases/{id}/")} | {"/moderation/bulk"}
    assert not {path for path in reachable - visited - back if not path.endswith(("/edit", "/withdraw"))}, "no link leads there"
