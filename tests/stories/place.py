"""A forum in this process with something at every address, somebody who may everything and somebody who may nothing."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from forum.app import Forum, create_app
from forum.db.reading import rows
from forum.notices.sending import Outbox
from forum.people import sessions
from forum.people.models import SessionKind
from forum.settings import Settings
from moderation.models import Case
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.imposing import impose
from tests.house.test_routes import PAGES, is_page
from tests.support import backends, world

BASE = "http://127.0.0.1:8000"
UNKNOWN = "f" * 32


def settings(url: str) -> Settings:
    return Settings(
        database_url=url,
        secret_key="a secret of these tests",
        base_url=BASE,
        rate_limits="off",
        statement_timeout=world.PATIENT.statement_timeout,
    )


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
        kind = "comment" if "/comments/" in path or "/contributions/" in path else "sanction" if "/sanctions/" in path else kind
        filled = path.replace("{slug}", "hall").replace("{id}", self.ids[kind]).replace("{step}", "archive")
        filled = filled.replace("{n}", "1").replace("{n:int}", "1") + ("?q=words" if path.endswith("/search") else "")
        return f"/{lang}{filled}" if is_page(path) else filled


@asynccontextmanager
async def open_place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        forum = create_app(settings(await stack.enter_async_context(world.new_database(tmp_path))))
        await stack.enter_async_context(forum.app.router.lifespan_context(forum.app))
        people = {
            "able": await world.person("Able", secretariat=True),
            "bare": await world.person("Bare"),
            "elsewhere": await world.person("Else"),
        }
        hall = await world.space("hall", moderators=[people["able"]])
        await world.space("attic", moderators=[people["elsewhere"]])
        comment = await world.post(await world.actor_for(people["able"]), hall, "My own words.")
        warning = {"person": people["bare"].id, "space": "hall", "kind": "warn", "days": 1, "reason": "hate", "text": "No."}
        sanction = await impose(await world.actor_for(people["able"]), SanctionForm.model_validate(warning))
        affiliation = await world.affiliate(people["bare"], await world.entity("Kenya"))
        ids = {
            "case": (await Case.get(comment_id=comment)).id,
            "comment": comment,
            "person": people["bare"].id,
            "affiliation": affiliation.id,
            "sanction": sanction.id,
        }
        secrets = {name: await sessions.open_session(who, SessionKind.WEB) for name, who in people.items()}
        # Without a mail server the clock notes soon that none of the notices will be mailed.
        await Outbox(None, BASE).turn(lambda: True)
        yield Place(forum, ids, secrets)


async def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for who does the timed work: that is written by the clock, every few seconds."""
    listed = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    if backends.present() == backends.SQLITE:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = sorted({str(one["name"]) for one in await rows(listed)} - {"leases"})
    return {table: [tuple(one.values()) for one in map(dict, await rows(f'SELECT * FROM "{table}"', []))] for table in tables}


_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


async def token_of(client: httpx2.AsyncClient, path: str = "/en/account") -> str:
    shown = _TOKEN.search((await client.get(path)).text)
    assert shown is not None
    return unescape(shown[1])


SENT = {"action": "publish", "version": 1, "note": "Words.", "text": "Words."}
"""What any call that acts on a case asks for."""


async def ask(client: httpx2.AsyncClient, method: str, address: str, token: str) -> httpx2.Response:
    if method == "GET":
        return await client.get(address)
    if not is_page(address):
        return await client.request(method, address, json=SENT, headers={"origin": BASE})
    return await client.request(method, address, data={"csrf_token": token}, headers={"origin": BASE})


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
