"""The page of one's notices, and what other pages say of them, in the whole forum."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from forum.app import Forum, create_app
from forum.db.work import begin
from forum.kernel.locales import LANGS
from forum.notices.models import Notice
from forum.notices.notifying import Told, notify
from forum.notices.wishes import wants_mail
from forum.people import sessions
from forum.people.models import Person, SessionKind
from forum.settings import Settings
from tests.support import world

BASE = "http://forum.test"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def on_each_database() -> None:
    """On one kind of database: what is asked of it is tested on both beside this."""


@dataclass
class Reader:
    """Somebody signed in, in a browser without JavaScript."""

    person: Person
    http: httpx2.AsyncClient

    async def main(self, path: str, status: int = 200) -> str:
        """Fetch a page and return its own part."""
        answer = await self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.text[answer.text.index("<main") : answer.text.index("</main>")]

    async def send(self, page: str, to: str, **fields: str) -> httpx2.Response:
        """Send `fields` with the token of the page's forms."""
        found = _TOKEN.search((await self.http.get(page)).text)
        assert found
        data = {"csrf_token": found[1], **fields}
        return await self.http.post(to, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def client(forum: Forum) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=forum), base_url=BASE)


@pytest.fixture
async def forum(tmp_path: Path) -> AsyncIterator[Forum]:
    async with world.new_database(tmp_path) as url:
        made = create_app(
            Settings(
                database_url=url,
                secret_key="a secret of these tests",
                base_url=BASE,
                rate_limits="off",
                statement_timeout=world.PATIENT.statement_timeout,
            )
        )
        async with made.app.router.lifespan_context(made.app):
            yield made


@pytest.fixture
async def asma(forum: Forum) -> AsyncIterator[Reader]:
    who = await world.person("Asma")
    async with client(forum) as http:
        http.cookies.set("forum", await sessions.open_session(who, SessionKind.WEB))
        yield Reader(who, http)


async def tell(who: Person, count: int) -> list[Notice]:
    """Give so many notices and return them, newest first."""
    space = await world.space("hall", title={"en": "The <hall>"})
    told = [
        Told(person_id=who.id, kind="decision.returned", ref=f"act {number}", url="/contributions", space_id=space.id)
        for number in range(count)
    ]
    async with begin() as work:
        await notify(work, *told)
    return await Notice.all().order_by("-id")


async def test_nothing_yet(asma: Reader) -> None:
    html = await asma.main("/en/notices")
    assert "There are no notices." in html
    assert "Mark all as read" not in html


@pytest.mark.parametrize("lang", LANGS)
async def test_a_notice_says_what_where_and_that_it_is_unread(asma: Reader, lang: str) -> None:
    [row] = await tell(asma.person, 1)
    html = await asma.main(f"/{lang}/notices")
    assert f'href="/{lang}/contributions"' in html
    assert "The &lt;hall&gt;" in html
    assert f'id="n-{row.id}"' in html
    assert 'class="pill pill-unread"' in html
    if lang == "en":
        assert "1 notice is unread." in html
        assert "Your comment has been returned to you for a change" in html


async def test_marked_one_by_one(asma: Reader) -> None:
    first, second = await tell(asma.person, 2)
    answer = await asma.send("/en/notices", "/en/notices/read", id=second.id)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/notices")
    html = await asma.main("/en/notices")
    assert html.count("pill-unread") == 1
    assert html.index(first.id) < html.index("pill-unread") < html.index(f"n-{second.id}")


async def test_marked_all_but_what_has_come_since(asma: Reader) -> None:
    rows = await tell(asma.person, 3)
    await asma.send("/en/notices", "/en/notices/read", until=rows[1].id)
    assert "1 notice is unread." in await asma.main("/en/notices")
    await asma.send("/en/notices", "/en/notices/read", until=rows[0].id)
    html = await asma.main("/en/notices")
    assert "You have read all notices." in html
    assert "Mark" not in html


async def test_looking_marks_nothing(asma: Reader) -> None:
    await tell(asma.person, 1)
    for _ in range(2):
        assert "1 notice is unread." in await asma.main("/en/notices")
    assert (await asma.http.get("/en/notices/read")).status_code == 405


async def test_older_ones_are_a_page_further(asma: Reader) -> None:
    rows = await tell(asma.person, 35)
    html = await asma.main("/en/notices")
    found = re.search(r'rel="next" href="([^"]+)"', html)
    assert found
    assert html.count("<li id=") == 30
    older = await asma.main(found[1])
    assert re.findall(r'<li id="n-([^"]+)"', older) == [row.id for row in rows[30:]]
    assert "Mark these and all older ones as read" in older
    answer = await asma.send(found[1], "/en/notices/read", id=rows[30].id, after=rows[29].id)
    assert answer.headers["location"] == f"/en/notices?after={rows[29].id}"


@pytest.mark.parametrize("fields", [{}, {"id": "x"}, {"until": "'; --"}, {"id": "f" * 33}])
async def test_bad_forms(asma: Reader, fields: dict[str, str]) -> None:
    await tell(asma.person, 1)
    assert (await asma.send("/en/notices", "/en/notices/read", **fields)).status_code == 422
    assert await Notice.filter(read_at=None).count() == 1


async def test_bad_addresses(asma: Reader) -> None:
    await asma.main("/en/notices?after=x", 404)


async def test_anothers_are_not_there_and_not_marked(forum: Forum, asma: Reader) -> None:
    [row] = await tell(await world.person("Boris"), 1)
    assert row.id not in await asma.main("/en/notices")
    await asma.send("/en/notices", "/en/notices/read", id=row.id)
    await asma.send("/en/notices", "/en/notices/read", until="f" * 32)
    assert await Notice.filter(read_at=None).count() == 1
    async with client(forum) as nobody:
        assert (await nobody.get("/en/notices")).status_code in (303, 401)


async def test_other_pages_lead_there(asma: Reader) -> None:
    await tell(asma.person, 2)
    for page in ("/en/contributions", "/en/account"):
        assert "You have 2 unread notices." in await asma.main(page)
    menu = (await asma.http.get("/en/spaces")).text
    assert '<a href="/en/notices">Notices</a>' in menu


async def test_whether_by_mail_is_for_each_to_choose(asma: Reader) -> None:
    assert 'value="on" checked' in await asma.main("/en/account")
    for choice, wanted in (("off", False), ("on", True), ("off", False), ("nonsense", False)):
        answer = await asma.send("/en/account", "/en/account/notices", mail=choice)
        assert answer.status_code == 303
        assert await wants_mail(asma.person.id) is wanted
    html = await asma.main("/en/account")
    assert 'value="off" checked' in html
    assert "This forum sends no mail at present" in html
