"""<comment-form> in a real browser: counts as the server does, and loses nothing that was typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from forum.text.markup import length
from tests.browser.live_pages import LivePages, until
from tests.support.browser import Watched

pytestmark = pytest.mark.browser
AREA, STATUS, OFFER = "#f-body", ".draft-status", ".draft-offer"
DEFINED = "customElements.whenDefined('comment-form').then(() => true)"
TEXTS = [
    "",
    "plain",
    "two\nlines",
    "CR LF\r\nCR\rLF\n",
    "👩‍👩‍👧‍👦 🇰🇪 👍🏽",
    "𝒳𐍈 𠮷野家",
    "السلام عليكم ورحمة الله\u200f",
    "e\u0301 a\u0323\u0302 Zalgo\u0300\u0301\u0302\u0303",
    "\u2028\u2029\x85",
    "各国政府代表",
]


@pytest.fixture
def server() -> Iterator[LivePages]:
    with LivePages().running() as pages:
        yield pages


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 800, "height": 600})
    yield context.new_page()
    context.close()


def opened(server: LivePages, page: Page, body: str = "") -> Watched:
    watched = Watched(page)
    server.form(body)
    page.goto(server.url)
    page.evaluate(DEFINED)
    return watched


def test_counts_as_the_server(server: LivePages, page: Page) -> None:
    watched = opened(server, page)
    module = server.assets.url("js/elements/comment-form.js")
    counted = page.evaluate(
        "async ([at, texts]) => { const { length } = await import(at); return texts.map(length) }", [module, TEXTS]
    )
    assert counted == [length(text) for text in TEXTS]
    assert counted == [len(text.replace("\r\n", "\n")) for text in TEXTS]
    page.fill(AREA, "👍🏽\ne\u0301")
    expect(page.locator(".counter")).to_have_text("9,995 characters left")
    assert watched.faults() == []


def test_only_thresholds_are_spoken(server: LivePages, page: Page) -> None:
    watched = opened(server, page)
    voice = page.locator("comment-form > .visually-hidden[role=status]")
    page.fill(AREA, "x" * 5_000)
    expect(page.locator(".counter")).to_have_text("5,000 characters left")
    page.wait_for_timeout(400)
    assert voice.text_content() == ""
    for typed, spoken, counter in (
        (9_010, "990 characters left", "counter is-near"),
        (9_950, "50 characters left", "counter is-near"),
        (10_001, "1 character too many", "counter is-over"),
    ):
        page.fill(AREA, "x" * typed)
        expect(voice).to_have_text(spoken)
        expect(page.locator(".counter")).to_have_class(counter)
    page.fill(AREA, "x" * 10_020)
    page.wait_for_timeout(2_500)
    expect(voice).to_have_text("1 character too many")
    assert watched.faults() == []


def test_draft_is_saved_while_typing_and_on_leaving(server: LivePages, page: Page) -> None:
    watched = opened(server, page)
    page.locator(AREA).press_sequentially("Bonjour", delay=20)
    until(lambda: len(server.drafts) == 1)
    assert server.drafts[0] == {"csrf_token": "token", "lang": "en", "place": "q:1", "body": "Bonjour"}
    expect(page.locator(STATUS)).to_have_text("Draft saved")
    long = "各" * 9_900  # more than 64 KiB if it were urlencoded
    page.fill(AREA, long)
    assert watched.faults() == []
    server.form(long)  # as the server would give it back
    page.reload()
    until(lambda: len(server.drafts) == 2)
    assert server.drafts[1]["body"] == long
    page.evaluate(DEFINED)
    expect(page.locator(OFFER)).to_have_count(0)


def test_unreachable_server_keeps_a_copy_and_offers_it(server: LivePages, page: Page) -> None:
    server.draft_status = 503
    watched = opened(server, page)
    page.fill(AREA, "kept in this browser")
    expect(page.locator(STATUS)).to_have_text("Kept on this device")
    page.goto("about:blank")
    page.goto(server.url)
    expect(page.locator(OFFER)).to_contain_text("An unsaved text is on this device.")
    assert page.input_value(AREA) == ""
    server.draft_status = 204
    page.click("text=Restore it")
    assert page.input_value(AREA) == "kept in this browser"
    expect(page.locator(AREA)).to_be_focused()
    until(lambda: server.drafts and server.drafts[-1]["body"] == "kept in this browser")
    page.reload()
    page.evaluate(DEFINED)
    page.wait_for_timeout(200)
    expect(page.locator(OFFER)).to_have_count(0)
    assert watched.faults("503") == []


def test_leaving_is_warned_of_only_when_the_server_has_no_copy(server: LivePages, page: Page) -> None:
    opened(server, page)
    dialogs: list[str] = []

    def leave(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.locator(AREA).press_sequentially("saved")
    until(lambda: len(server.drafts) == 1)
    page.reload()
    assert dialogs == []
    server.draft_status = 503
    page.locator(AREA).press_sequentially("not saved")
    expect(page.locator(STATUS)).to_have_text("Kept on this device")
    page.reload()
    assert dialogs == ["beforeunload"]


def test_preview_stays_on_the_page_and_runs_nothing(server: LivePages, page: Page) -> None:
    watched = opened(server, page)
    page.fill(AREA, "<img src=x onerror=alert(1)> & more")
    page.click("text=Preview")
    expect(page.locator(".preview")).to_have_text("<img src=x onerror=alert(1)> & more")
    expect(page.locator(".preview")).to_be_focused()
    assert page.evaluate("window.hacked") is None
    assert page.url == server.url
    assert server.posts == []
    assert watched.faults() == []
    # What the server refuses to preview is sent as without scripts: its page says why.
    page.fill(AREA, "x" * 10_001)
    page.click("text=Preview")
    expect(page.locator("h1")).to_have_text("Posted")
    assert server.posts[0]["do"] == "preview"


def test_two_presses_send_once(server: LivePages, page: Page) -> None:
    watched = opened(server, page)
    page.fill(AREA, "once")
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('[value=send]').click()")
    expect(page.locator("h1")).to_have_text("Posted")
    assert [post["do"] for post in server.posts] == ["send"]
    assert server.drafts == []  # a draft sent after the comment would come back
    page.go_back()
    expect(page.locator("[value=send]")).to_be_enabled()
    assert watched.faults("404") == []  # the bare page has no icon
