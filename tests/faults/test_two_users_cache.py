"""One address, two users and anybody, all mixed: nobody is answered with what was made for another."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from html import unescape

import httpx2
import pytest

from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.stories.people import TOKEN, Browser
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
PATH = f"/en/spaces/{SPACE}/questions/1"
USERS = {"delia@demo.example": "Delia Newcomer", "omar@demo.example": "Omar Latecomer"}
FETCHES = size(300, 510)
_PLACE = re.compile(r'name="place" value="(q:[0-9a-f]{32})"')


def word(email: str) -> str:
    return f"zq9{email[:8]}canary"


def bound(token: str) -> bytes:
    """What a form's token is bound to, without its mask: the same for every answer to one session."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return bytes(a ^ b for a, b in zip(raw[:16], raw[16:], strict=True))


def prepared(server: Server) -> dict[str, str]:
    """Let each user begin a text and post one that waits; return their cookies."""
    cookies = {}
    for email in USERS:
        with Browser(server, email) as browser:
            shown = _PLACE.search(browser.get(PATH).text)
            assert shown is not None
            assert browser.send(PATH, {"body": f"Held {word(email)}", "lang": "en", "do": "send"}).status_code == 303
            draft = {"place": shown[1], "body": f"Draft {word(email)}", "lang": "en"}
            assert browser.send("/en/drafts", draft, form_at=PATH).status_code == 204
            cookies[email] = browser.http.cookies["forum"]
    return cookies


@pytest.fixture(scope="module")
def place(shared: Server) -> tuple[Server, dict[str, str]]:
    for email, name in USERS.items():
        with Browser(shared) as browser:
            account = {"email": email, "name": name, "password": shared.password}
            assert browser.send("/en/signup", account).status_code == 303
    return shared, prepared(shared)


@pytest.fixture
async def visitors(place: tuple[Server, dict[str, str]]) -> AsyncIterator[dict[str, httpx2.AsyncClient]]:
    server, cookies = place
    async with AsyncExitStack() as stack:
        made = {}
        for email in ("", *USERS):
            sent = {"forum": cookies[email]} if email else {}
            http = httpx2.AsyncClient(base_url=server.url, cookies=sent, timeout=30)
            made[email] = await stack.enter_async_context(http)
        yield made


async def test_mixed_fetches_of_one_address(visitors: dict[str, httpx2.AsyncClient], seen: Seen) -> None:
    emails = [*visitors]

    async def fetch(number: int) -> tuple[str, httpx2.Response]:
        email = emails[number % 3]
        return email, await visitors[email].get(PATH)

    answers = [await asyncio.gather(*map(fetch, range(start, start + 30))) for start in range(0, FETCHES, 30)]
    tokens: dict[str, set[bytes]] = {email: set() for email in USERS}
    public: set[tuple[str, str | None]] = set()
    for email, answer in (one for batch in answers for one in batch):
        assert answer.status_code == 200
        for other, name in USERS.items():
            mine = other == email
            assert (word(other) in answer.text) == mine, (email, other)
            assert (f">{name}<" in answer.text) == mine, (email, other)
        if email:
            assert answer.headers["cache-control"] == "private, no-store"
            assert "etag" not in answer.headers
            tokens[email] |= {bound(unescape(found)) for found in TOKEN.findall(answer.text)}
        else:
            assert not TOKEN.findall(answer.text)
            assert "set-cookie" not in answer.headers
            public.add((answer.text, answer.headers.get("etag")))
    first, second = tokens.values()
    assert len(first) == len(second) == 1
    assert first != second
    assert len(public) == 1
    seen.note("F20", f"{FETCHES} mixed fetches by two users and nobody: 0 names, tokens or texts of another")


async def test_the_mark_of_the_public_page_opens_no_personal_one(visitors: dict[str, httpx2.AsyncClient]) -> None:
    mark = (await visitors[""].get(PATH)).headers["etag"]
    assert (await visitors[""].get(PATH, headers={"if-none-match": mark})).status_code == 304
    for email in USERS:
        assert (await visitors[email].get(PATH, headers={"if-none-match": mark})).status_code == 200


POISON: list[dict[str, str]] = [
    {"x-forwarded-host": "zq9evil.example"},
    {"x-forwarded-prefix": "/zq9evil"},
    {"x-original-url": "/zq9evil"},
    {"x-rewrite-url": "/zq9evil"},
    {"x-forwarded-for": "zq9evil"},
    {"forwarded": "host=zq9evil.example;proto=https"},
    {"accept-language": "zq9evil, ar;q=0.9"},
    {"accept-encoding": "zq9evil"},
    {"user-agent": "zq9evil"},
    {"referer": "https://zq9evil.example/"},
    {"origin": "https://zq9evil.example"},
    {"cookie": "forum=zq9evil"},
    {"cookie": "forum-flash=zq9evil; forum-form=zq9evilzq9evilzq9evil"},
    {"x-requested-with": "forum"},
    {"x-http-method-override": "DELETE"},
    {"range": "bytes=0-10"},
    {"content-length": "0"},
]


async def test_what_one_reader_sends_changes_nothing_for_the_next(visitors: dict[str, httpx2.AsyncClient]) -> None:
    """Each header is sent first, when nothing is kept under the address, then the address is fetched plainly."""
    plain = await visitors[""].get(f"{PATH}?after=")
    for number, headers in enumerate(POISON):
        address = f"/en/spaces/{SPACE}/questions/1?after={number:032x}"
        odd = await visitors[""].get(address, headers=headers)
        assert "zq9evil" not in odd.text + str(odd.headers), headers
        visitors[""].cookies.clear()
        after = await visitors[""].get(address)
        assert after.status_code == plain.status_code == 200
        assert "zq9evil" not in after.text + str(after.headers)
        assert "set-cookie" not in after.headers
        assert after.text.count('class="comment') == plain.text.count('class="comment'), headers
