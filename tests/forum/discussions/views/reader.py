"""People in front of the forum: the whole application on a real database, asked as a browser without scripts asks."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from forum import wiring
from forum.app import Forum, create_app
from forum.discussions.models import Question, Space
from forum.kernel import clock
from forum.people import sessions
from forum.people.models import Person, SessionKind
from forum.settings import Settings
from forum.web import catalogue
from tests.support import world
from tests.support.statements import insert

BASE = "http://127.0.0.1:8000"
CANARY = "xyzzy-canary"
_INPUT = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
_FORM = re.compile(r'<form class="[a-z ]+"[^>]*method="post" action="([^"]*)"[^>]*>(.*?)</form>', re.S)
_CHANGING = re.compile(r'(name="(?:csrf_token|form_token)" value=)"[^"]*"')


class Reader:
    """One browser. `to` is where it was last sent."""

    def __init__(self, app: Forum) -> None:
        # A browser on loopback says where a form comes from.
        headers = {"Sec-Fetch-Site": "same-origin"}
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=BASE, headers=headers)
        self.to = ""

    async def sign_in(self, who: Person) -> None:
        """Carry a session of `who`."""
        self.client.cookies.set("forum", await sessions.open_session(who, SessionKind.WEB), domain="127.0.0.1", path="/")

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        """Ask for a page; nothing is followed."""
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, values: Mapping[str, str], **headers: str) -> httpx2.Response:
        """Send a form as it is."""
        answer = await self.client.post(path, data=dict(values), headers=headers)
        self.to = answer.headers.get("location", "")
        return answer

    async def form(self, path: str) -> tuple[str, dict[str, str]]:
        """Return where the last form of a page is sent to, and its hidden fields."""
        return last_form((await self.get(path)).text)

    async def write(self, path: str, body: str, **values: str) -> httpx2.Response:
        """Open the page at `path`, fill its form and send it."""
        action, hidden = await self.form(path)
        return await self.post(action, hidden | {"body": body, "lang": "en", "do": "send"} | values)


def last_form(text: str) -> tuple[str, dict[str, str]]:
    """Return the action and the hidden fields of the last form in `main`."""
    action, inside = _FORM.findall(text.partition("<main")[2])[-1]
    return html.unescape(action), {name: html.unescape(value) for name, value in _INPUT.findall(inside)}


def same(text: str) -> str:
    """Return a page without what differs each time it is made."""
    return _CHANGING.sub(r'\1""', text)


@dataclass(frozen=True, slots=True)
class Hall:
    """An open space "hall" with its people; `path` is its first thread."""

    app: Forum
    space: Space
    question: Question
    ana: Person
    bo: Person
    mona: Person

    path = "/en/spaces/hall/questions/1"

    def browser(self) -> Reader:
        return Reader(self.app)

    async def signed_in(self, who: Person) -> Reader:
        made = Reader(self.app)
        await made.sign_in(who)
        return made


@asynccontextmanager
async def hall(folder: Path, **values: object) -> AsyncIterator[Hall]:
    """Open a fresh forum with one space, two people who write, Ana and Bo, and a moderator, Mona."""
    settings = Settings(database_url=f"sqlite://{folder / 'forum.sqlite3'}", secret_key="test " * 8, base_url=BASE)
    catalogue.load()
    app = create_app(settings)
    after = wiring.after(wiring.Parts(app.live.bus, app.pages))
    async with world.database(folder, after):
        ana, bo, mona = [await world.person(name) for name in ("Ana", "Bo", "Mona")]
        space = await world.space("hall", moderators=[mona], **values)  # type: ignore[arg-type]
        question = await Question.get(space_id=space.id, number=1)
        yield Hall(app, space, question, ana, bo, mona)


async def fill(hall: Hall, author: Person, count: int, first: int = 0) -> list[str]:
    """Put `count` published comments into the first thread in bulk, every tenth a top-level one; returns their ids in order."""
    now = clock.now()
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"

    def segment(ordinal: int) -> str:
        text = ""
        for _ in range(4):
            ordinal, rest = divmod(ordinal, 36)
            text = digits[rest] + text
        return text

    comments, revisions, ids = [], [], []
    for number in range(first + 1, first + count + 1):
        group, place = divmod(number - 1, 10)
        comment_id, revision_id = f"{number:032x}", f"{number + (1 << 64):032x}"
        parent = f"{group * 10 + 1:032x}" if place else None
        path = segment(group + 1) + (segment(place) if place else "")
        where = (comment_id, hall.space.id, hall.question.id, parent, parent, path, int(bool(place)), 0)
        what = (author.id, "personal", "published", 1, number, f"RT4/Q1/{number}", revision_id, "", number, now, now)
        comments.append((*where, *what))
        revisions.append(
            (revision_id, comment_id, 1, "published", "en", f"Text {number}", f'<p data-p="1">Text {number}</p>', now)
        )
        ids.append(comment_id)
    columns = (
        "id space_id question_id parent_id reply_to_id path depth children author_id speaking_for state version number symbol"
    )
    await insert(
        "comments", [*columns.split(), *["shown_id", "stub_reason", "public_seq", "received_at", "published_at"]], comments
    )
    columns = "id comment_id number state lang source html made_at renderer paragraphs salt digest"
    await insert("revisions", columns.split(), [(*one, 1, 1, "", "") for one in revisions])
    return ids


async def fill_record(space_id: str, count: int) -> None:
    """Put `count` entries about comments into the record of a space."""
    columns = ("log_id", "seq", "public_seq", "kind", "at", "capacity", "subject", "data", "prev", "hash")
    now = clock.now()
    entries = [
        (space_id, 1000 + n, 1000 + n, "comment.published", now, "member", f"{n:032x}", "{}", "", "") for n in range(count)
    ]
    await insert("record_entries", columns, entries)
