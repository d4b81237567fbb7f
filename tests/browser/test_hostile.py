"""Every hostile text, posted and published on a real server, looked at in a real Chromium: nothing runs, nothing leaves."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, expect

from tests.browser.following import following, set_live
from tests.support.browser import Visitors, Watched
from tests.support.hostile import ALL
from tests.support.server import SPACE, Server, demo_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

THREAD = f"/en/spaces/{SPACE}/questions/3"

# Set before any script of the page: whatever runs shows.
WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = (...words) => window.ran.push(`${name} ${words}`);
"""
# What may stand in a comment, and where it may lead.
INTACT = """() => {
  const tags = new Set("P BR EM STRONG UL OL LI BLOCKQUOTE A CODE PRE".split(" "));
  const names = new Set(["href", "rel", "lang", "dir", "start", "id", "class", "data-p", "data-host"]);
  const wrong = [];
  for (const one of document.querySelectorAll(".comment-body *")) {
    const what = one.outerHTML.slice(0, 160);
    if (!tags.has(one.tagName)) wrong.push(`element ${what}`);
    for (const { name } of one.attributes) if (!names.has(name)) wrong.push(`attribute ${name} in ${what}`);
    if (one.id && !one.id.startsWith(`p-${one.closest("article")?.dataset.id ?? "preview"}-`)) wrong.push(`id in ${what}`);
    if (one.tagName === "A" && !/^(https?:|mailto:)/.test(one.protocol)) wrong.push(`address in ${what}`);
    if (one.tagName === "A" && !one.relList.contains("nofollow")) wrong.push(`rel in ${what}`);
  }
  const articles = [...document.querySelectorAll("article")];
  for (const one of articles) if (one.parentElement.id !== "thread") wrong.push(`place of ${one.id}`);
  if (document.querySelector("body > footer") === null) wrong.push("the footer is inside something");
  if (document.querySelectorAll("script, style, iframe, object, embed, base, svg script, math").length > 1) wrong.push("foreign element");
  if (document.documentElement.scrollWidth > innerWidth) {
    const out = (one) => one.getBoundingClientRect().right > innerWidth || one.getBoundingClientRect().left < 0;
    const wide = [...document.querySelectorAll("main *")].filter(out).map((one) => one.outerHTML.slice(0, 160));
    wrong.push(`scrolls sideways to ${document.documentElement.scrollWidth}: ${wide[0]} … ${wide.at(-1)}`);
  }
  return wrong.concat(window.ran);
}"""


class Guard:
    """Listens to a page: dialogs, requests, faults."""

    def __init__(self, page: Page, url: str) -> None:
        self._page, self._url = page, url
        self.wrong: list[str] = []
        self._watched = Watched(page)
        page.add_init_script(WATCH)
        page.on("dialog", self._spoken)
        page.on("request", self._asked)
        page.on("popup", lambda popup: self.wrong.append(f"popup {popup.url}"))

    def _spoken(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self._url}/") or "evil" in request.url:
            self.wrong.append(f"asked for {request.url}")

    def check(self) -> None:
        """Fail when anything has happened so far that should not."""
        found = self._page.evaluate(INTACT)
        assert not found, "\n".join(found)
        assert not self.wrong, self.wrong
        assert not self._watched.faults()


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo_server(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture
def visitors(chromium: Browser, own_server: Server) -> Iterator[Visitors]:
    people = Visitors(chromium, own_server.url, own_server.password)
    yield people
    people.close()


def post_all(server: Server) -> list[str]:
    """Post every text; returns the ids of those received. What is refused is refused as unfit, never an error."""
    delegate, received = server.api("delegate-a@demo.example"), []
    for one in ALL:
        data = {"question": 3, "body": one.source, "lang": "en"}
        try:
            answer = delegate.http.post(f"/api/v1/spaces/{SPACE}/comments", json=data)
        except UnicodeEncodeError:
            continue  # lone surrogates do not get into JSON this way
        assert answer.status_code in {201, 400, 422}, f"{one.name}: {answer.status_code}"
        if answer.status_code == 201:
            received.append(answer.json()["id"])
    return received


def test_hostile_texts_do_nothing(visitors: Visitors, own_server: Server) -> None:
    received = post_all(own_server)
    assert len(received) > 0.9 * len(ALL)

    desk = visitors.signed_in("moderator")
    guard = Guard(desk, own_server.url)
    desk.goto("/en/moderation")
    guard.check()

    # One reader gets them live, through the script that inserts HTML.
    reader = visitors.page()
    guard = Guard(reader, own_server.url)
    following(reader, THREAD)
    set_live(reader)
    moderator = own_server.api("moderator@demo.example")
    for comment in received:
        moderator.decide(comment)
    expect(reader.locator(f"#c-{received[-1]}")).to_be_attached(timeout=60_000)
    guard.check()

    # Then page by page, narrow and wide.
    seen: set[str] = set()
    reader.goto(THREAD)
    while True:
        guard.check()
        seen |= {
            one.removeprefix("c-") for one in reader.evaluate("[...document.querySelectorAll('article')].map((one) => one.id)")
        }
        reader.set_viewport_size({"width": 320, "height": 900})
        guard.check()
        reader.set_viewport_size({"width": 1280, "height": 900})
        further = reader.locator("a[rel=next]")
        if not further.count():
            break
        reader.goto(further.get_attribute("href") or "")
    assert seen >= set(received)


def test_hostile_texts_in_the_authors_pages(visitors: Visitors, own_server: Server) -> None:
    page = visitors.signed_in("delegate-a")
    guard = Guard(page, own_server.url)
    for path in ("/en/contributions", "/ar/contributions"):
        page.goto(path)
        guard.check()


def test_hostile_texts_in_a_preview(visitors: Visitors, own_server: Server) -> None:
    page = visitors.signed_in("delegate-b")
    guard = Guard(page, own_server.url)
    page.goto(THREAD)
    token = page.input_value("#write [name=csrf_token]")
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    with httpx2.Client(
        base_url=own_server.url, cookies=cookies, headers={"X-Requested-With": "forum", "Origin": own_server.url}
    ) as http:
        for one in ALL[:: len(ALL) // 40]:
            data = {"csrf_token": token, "body": one.source, "lang": "en", "capacity": "personal"}
            answer = http.post("/en/preview", data=data)
            assert answer.status_code in {200, 422}, f"{one.name}: {answer.status_code} {answer.text[:200]}"
    # And typed by hand, inserted by the script.
    for source in ("<img src=x onerror=alert(1)>", "[x](javascript:alert(1)) <svg onload=alert(1)>"):
        page.fill("#write [name=body]", source)
        page.click("#write button[value=preview]")
        expect(page.locator(".preview .comment-body")).to_contain_text(source.split(" ", maxsplit=1)[0][:4].strip("[]"))
        guard.check()
