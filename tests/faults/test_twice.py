"""F9: the same thing sent twice at once, by a program and by a person who clicks twice, is one comment."""

import asyncio
import re
from html import unescape

import httpx2
import pytest

from tests.faults.seen import Seen
from tests.faults.writing import PATH
from tests.stories.people import Browser
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
PAGE = f"/en/spaces/{SPACE}/questions/1"
TIMES = 10
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


def count(server: Server, source: str) -> int:
    [(found,)] = server.rows("SELECT COUNT(*) FROM revisions WHERE source = ?", source)
    return int(found)


async def test_a_key_used_twice_at_once(shared: Server, seen: Seen) -> None:
    token = shared.api("delegate-a@demo.example").http.headers["Authorization"]
    headers = {"Authorization": token, "Idempotency-Key": "twice-at-once"}
    data = {"question": 1, "body": "Sent ten times at once.", "lang": "en"}
    async with httpx2.AsyncClient(base_url=shared.url, timeout=30, headers=headers) as http:
        answers = await asyncio.gather(*(http.post(PATH, json=data) for _ in range(TIMES)))
        other = await http.post(PATH, json={**data, "body": "Something else."})
    assert sorted(answer.status_code for answer in answers) == [200] * (TIMES - 1) + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert other.status_code == 422
    assert count(shared, "Sent ten times at once.") == 1
    seen.note("F9", f"{TIMES} posts with one key at once: one comment, {TIMES - 1} answers with the same id")


async def test_a_form_sent_twice_at_once(shared: Server) -> None:
    with Browser(shared, "delegate-a@demo.example") as browser:
        page = browser.get(PAGE).text.partition("<main")[2]
        form = page[page.rindex("<form") :]
        fields = {name: unescape(value) for name, value in HIDDEN.findall(form)}
        data = {**fields, "body": "Clicked twice.", "lang": "en", "do": "send"}
        cookies = dict(browser.http.cookies)
    async with httpx2.AsyncClient(base_url=shared.url, timeout=30, cookies=cookies, headers={"origin": shared.url}) as http:
        answers = await asyncio.gather(*(http.post(PAGE, data=data) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}, [answer.status_code for answer in answers]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert count(shared, "Clicked twice.") == 1
