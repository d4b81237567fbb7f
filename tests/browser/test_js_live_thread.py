"""<live-thread> in a real browser: nothing moves by itself, nothing is lost or doubled, and nobody is talked to death."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.live_pages import LivePages, comment, until
from tests.house.sources import ROOT
from tests.support.browser import Watched
from tests.support.hostile import HTML

pytestmark = pytest.mark.browser
COUNT_ANNOUNCEMENTS = """() => {
  window.spoken = [];
  for (const region of document.querySelectorAll("[role=status], [aria-live]:not([aria-live=off])"))
    new MutationObserver(() => region.textContent && window.spoken.push(region.textContent))
      .observe(region, { childList: true, characterData: true, subtree: true });
}"""
ORDER = "() => [...document.querySelectorAll('article.comment')].map((a) => a.dataset.id)"
BUTTON, STATUS = "button.new-comments", ".live-status"


@pytest.fixture
def server() -> Iterator[LivePages]:
    with LivePages().running() as pages:
        yield pages


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 800, "height": 600})
    yield context.new_page()
    context.close()


def thread(*rows: tuple[str, str | None, int]) -> str:
    return "".join(comment(*row) for row in rows)


def follow(server: LivePages, page: Page, sockets: int = 1) -> Watched:
    watched = Watched(page)
    page.goto(server.url)
    until(lambda: server.sockets() == sockets)
    expect(page.locator("live-thread")).to_have_attribute("data-state", "live")
    return watched


def published(server: LivePages, cid: str, parent: str | None = None, depth: int = 0) -> None:
    server.publish("comment.published", cid, comment(cid, parent, depth, seq=len(server.updates) + 1))


TREE = [("a", None, 0), ("a1", "a", 1), ("a11", "a1", 2), ("b", None, 0), ("b1", "b", 1)]


def test_new_comments_wait_for_the_button_and_go_to_their_places(server: LivePages, page: Page) -> None:
    server.thread(thread(*TREE))
    watched = follow(server, page)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    published(server, "b2", "b", 1)
    published(server, "a12", "a1", 2)
    published(server, "c")
    expect(page.locator(BUTTON)).to_have_text("3 new comments")
    expect(page.locator(STATUS)).to_have_text("3 new comments")
    assert page.evaluate(ORDER) == ["a", "a1", "a11", "b", "b1"]
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator(BUTTON).press("Enter")
    assert page.evaluate(ORDER) == ["a", "a1", "a11", "a12", "b", "b1", "b2", "c"]
    assert page.evaluate("document.activeElement.id") == "c-a12-by"
    assert page.locator(".is-new").count() == 3
    expect(page.locator(BUTTON)).to_be_hidden()
    expect(page.locator(STATUS)).to_have_text("")
    assert requests == []
    assert watched.faults() == []


def test_nothing_that_is_read_moves(server: LivePages, page: Page) -> None:
    server.thread(thread(*((f"n{i}", None, 0) for i in range(30))))
    watched = follow(server, page)
    page.locator("#c-n15").evaluate("(a) => a.scrollIntoView()")
    page.locator("#c-n15 a.symbol").focus()
    place = (
        "() => [scrollY, document.querySelector('#c-n15').getBoundingClientRect().top, document.activeElement.parentElement.id]"
    )
    top = "() => document.querySelector('#c-n15').getBoundingClientRect().top"
    before, top_before = page.evaluate(place), page.evaluate(top)
    for i in range(4):
        published(server, f"m{i}", f"n{i}", 1)
    expect(page.locator(BUTTON)).to_have_text("4 new comments")
    assert page.evaluate(place) == before
    # With the switch on, comments come in above, and what is read stays where it is on the screen.
    page.locator(".live-switch input").evaluate("(box) => box.click()")
    expect(page.locator("#c-m3")).to_be_attached()
    page.wait_for_timeout(200)
    assert abs(page.evaluate(top) - top_before) < 2
    published(server, "m9", "n2", 1)
    expect(page.locator("#c-m9")).to_be_attached()
    page.wait_for_timeout(200)
    assert abs(page.evaluate(top) - top_before) < 2
    assert page.evaluate("document.activeElement.className") == "symbol"
    expect(page.locator(BUTTON)).to_be_hidden()
    # The switch is remembered.
    page.reload()
    expect(page.locator(".live-switch input")).to_be_checked()
    assert watched.faults() == []


@pytest.mark.parametrize("live", [False, True])
def test_a_flood_is_told_at_most_every_ten_seconds(server: LivePages, page: Page, live: bool) -> None:
    server.thread(thread(*TREE))
    watched = follow(server, page)
    if live:
        page.locator(".live-switch input").check()
    page.evaluate(COUNT_ANNOUNCEMENTS)
    for i in range(20):  # 100 in a minute, for twelve seconds
        published(server, f"f{i}", "a", 1)
        page.wait_for_timeout(600)
    spoken = page.evaluate("window.spoken")
    assert 1 <= len(spoken) <= 2, spoken
    if live:
        assert page.locator("article.comment").count() == 25
    else:
        expect(page.locator(BUTTON)).to_have_text("20 new comments")
    assert watched.faults() == []


def test_dropped_sockets_resume_without_gap_or_duplicate(server: LivePages, page: Page) -> None:
    server.thread(thread(*TREE))
    watched = follow(server, page)
    published(server, "x1")
    expect(page.locator(BUTTON)).to_have_text("1 new comment")
    server.send(1013)
    for name in ("x2", "x3"):  # behind the closing: the old socket sends them no more
        published(server, name)
    until(lambda: len(server.joined) == 2 and server.sockets() == 1, 30)
    assert server.joined == [0, 1]
    published(server, "x4")
    server.send(server.updates[1])  # once more
    expect(page.locator(BUTTON)).to_have_text("4 new comments")
    page.locator(BUTTON).click()
    assert page.evaluate(ORDER)[-4:] == ["x1", "x2", "x3", "x4"]
    assert watched.faults() == []


def test_without_websockets_it_polls(server: LivePages, page: Page) -> None:
    server.refuse_sockets = True
    server.thread(thread(*TREE))
    watched = Watched(page)
    # Fifteen seconds are shortened: everything else is as delivered.
    page.add_init_script(
        "const later = setTimeout; window.setTimeout = (act, ms = 0, ...a) => later(act, ms > 10000 ? 300 : ms, ...a)"
    )
    page.goto(server.url)
    until(lambda: len(server.asked) > 1, 20)
    published(server, "p1")
    expect(page.locator(BUTTON)).to_have_text("1 new comment")
    published(server, "p2", "a", 1)
    expect(page.locator(BUTTON)).to_have_text("2 new comments")
    page.locator(BUTTON).click()
    assert page.evaluate(ORDER) == ["a", "a1", "a11", "p2", "b", "b1", "p1"]
    # Sockets are tried again after a while, and go on from there.
    server.refuse_sockets = False
    until(lambda: server.sockets() == 1, 30)
    published(server, "p3")
    expect(page.locator(BUTTON)).to_have_text("1 new comment")
    assert server.joined == [2]
    assert watched.faults("WebSocket connection to") == []


def test_a_lost_right_ends_it_and_says_so(server: LivePages, page: Page) -> None:
    server.thread(thread(*TREE))
    follow(server, page)
    server.send(1008)
    expect(page.locator(".live-note")).to_contain_text("Live updates have stopped")
    expect(page.locator(".live-note a")).to_have_text("Load the page again")
    expect(page.locator(".check-new")).to_be_visible()
    page.wait_for_timeout(2500)
    assert server.joined == [0]


def test_changes_replace_in_place_but_not_under_the_reader(server: LivePages, page: Page) -> None:
    server.thread(thread(*TREE))
    watched = follow(server, page)
    server.publish("comment.withdrawn", "b", comment("b", seq=9, state="withdrawn"))
    expect(page.locator("#c-b .stub")).to_be_visible()
    assert page.evaluate(ORDER) == ["a", "a1", "a11", "b", "b1"]
    page.locator("#c-a a.symbol").focus()
    server.publish("comment.edited", "a", comment("a", seq=10, text="<p>Edited</p>"))
    expect(page.locator("#c-a.is-changed")).to_be_attached()
    assert "Edited" not in page.locator("#c-a").inner_text()
    page.locator("#c-a .show-change").click()
    expect(page.locator("#c-a .comment-body")).to_have_text("Edited")
    assert page.evaluate("document.activeElement.id") == "c-a-by"
    # Left alone, it is replaced when the focus moves on.
    server.publish("comment.edited", "a", comment("a", seq=11, text="<p>Edited again</p>"))
    expect(page.locator("#c-a.is-changed")).to_be_attached()
    page.locator("#c-b1 a.symbol").focus()
    expect(page.locator("#c-a .comment-body")).to_have_text("Edited again")
    assert page.evaluate("document.activeElement.closest('article').id") == "c-b1"
    assert watched.faults() == []


def test_what_belongs_elsewhere_is_only_told(server: LivePages, page: Page) -> None:
    server.thread(thread(*TREE), last=False)
    watched = follow(server, page)
    server.publish("comment.published", "q", comment("q"), question=2)
    expect(page.locator("[data-question-tab='2'] .count-new")).to_have_text("1 new comment")
    expect(page.locator(BUTTON)).to_be_hidden()
    published(server, "z")  # beyond this page
    published(server, "y", "unknown", 1)
    published(server, "b2", "b", 1)  # perhaps beyond it
    expect(page.locator(BUTTON)).to_have_text("3 new comments")
    page.locator(BUTTON).click()
    assert page.evaluate(ORDER) == ["a", "a1", "a11", "b", "b1"]
    expect(page.locator(".check-new")).to_be_focused()
    server.send({"kind": "presence", "count": 12})
    expect(page.locator(".presence")).to_have_text("12 readers")
    server.publish("space.extended")
    expect(page.locator(".live-note")).to_contain_text("The deadline has been extended")
    assert watched.faults() == []


def test_hostile_html_runs_nothing(server: LivePages, page: Page) -> None:
    server.thread(thread(*TREE))
    watched = follow(server, page)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    pieces = [
        "<script>window.hacked=1</script>",
        "<img src=/x onerror='window.hacked=1'>",
        "<svg onload='window.hacked=1'></svg>",
    ]
    for i, text in enumerate([*pieces, *(item.source for item in HTML)]):
        server.publish("comment.published", f"h{i}", comment(f"h{i}", text=text))
    expect(page.locator(BUTTON)).to_be_visible()
    page.wait_for_timeout(500)
    page.locator(BUTTON).click()
    page.wait_for_timeout(500)
    assert page.locator("article.comment").count() > 50
    assert page.evaluate("window.hacked") is None
    assert dialogs == []
    # The policy refuses what the sanitiser would have taken out; nothing else goes wrong.
    assert watched.faults("404", "violat") == []
    assert page.url == server.url


OF_THE_DESK = ("live-queue.js", "live-case.js", "queue-keys.js", "bulk-decisions.js")


def test_few_and_small_files(server: LivePages, page: Page) -> None:
    server.form()
    form = server.page
    server.thread(thread(*TREE), extra=form)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    follow(server, page)
    page.wait_for_load_state("networkidle")
    assert len(requests) <= 8, requests
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in (ROOT / "static/js").rglob("*.js")}
    desk = {name: sizes.pop(name) for name in OF_THE_DESK}  # loaded where a moderator works, and nowhere else
    assert not [name for name in OF_THE_DESK if any(name in url for url in requests)]
    assert sum(sizes.values()) <= 14_000, sizes
    assert sum(desk.values()) <= 10_000, desk
