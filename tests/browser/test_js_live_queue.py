"""<live-queue> in a real browser: rows come and go around the moderator's focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.live_pages import LivePages, until
from tests.support.browser import Watched

pytestmark = pytest.mark.browser
ORDER = "() => [...document.querySelectorAll('li[data-case]')].map((row) => row.dataset.case)"


@pytest.fixture
def server() -> Iterator[LivePages]:
    with LivePages().running() as pages:
        yield pages


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 800, "height": 600})
    yield context.new_page()
    context.close()


def rows(*names: str, note: str = "") -> str:
    return "".join(f'<li data-case="{name}"><a href="/case/{name}">Case {name}</a> {note}</li>' for name in names)


def test_rows_follow_and_the_focus_stays(server: LivePages, page: Page) -> None:
    server.queue(rows("1", "2", "3"))
    watched = Watched(page)
    page.goto(server.url)
    until(lambda: server.sockets() == 1 and server.fragments == 1)  # the hello looked once
    page.locator("[data-case='2'] a").focus()
    server.rows = rows("2", "3", "4", "5")
    for _ in range(10):
        server.send({"kind": "case.changed", "id": "4"})
    expect(page.locator("[data-case='5']")).to_be_visible()
    assert page.evaluate(ORDER) == ["2", "3", "4", "5"]
    expect(page.locator("[data-case='2'] a")).to_be_focused()
    expect(page.locator(".live-status")).to_have_text("2 new cases")
    assert page.locator(".is-new").count() == 2
    assert server.fragments <= 3
    # Gone while it has the focus: it is marked, and goes when the focus goes.
    server.rows = rows("3", "4", "5", note="claimed")
    server.send({"kind": "case.changed", "id": "2"})
    expect(page.locator("[data-case='2'].is-gone")).to_be_visible()
    expect(page.locator("[data-case='2'] a")).to_be_focused()
    expect(page.locator("[data-case='3']")).to_contain_text("claimed")
    page.locator("[data-case='3'] a").focus()
    expect(page.locator("[data-case='2']")).to_have_count(0)
    assert watched.faults() == []


def test_reconnecting_looks_again(server: LivePages, page: Page) -> None:
    server.queue(rows("1"))
    watched = Watched(page)
    page.goto(server.url)
    until(lambda: server.sockets() == 1 and server.fragments == 1)
    server.rows = rows("1", "2")
    server.send(1013)
    # The client may be back within the millisecond: what has joined is counted, for nobody may ever see the moment without a socket.
    until(lambda: len(server.joined) == 2)
    expect(page.locator("[data-case='2']")).to_be_visible()
    assert watched.faults() == []
