"""Two moderators in two browsers on the same case: each sees what the other does, and nobody loses what they typed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Visitors, Watched
from tests.support.server import Json, Server, demo_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = "I have typed this for a while."
CARRIED_OUT = 30_000
"""Milliseconds within which what could be undone for 15 seconds is carried out."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demonstration in which decisions can be undone."""
    with demo_server(tmp_path_factory.mktemp("undo")) as running:
        yield running


@pytest.fixture
def visitors(chromium: Browser, server: Server) -> Iterator[Visitors]:
    people = Visitors(chromium, server.url, server.password)
    yield people
    people.close()


def held(server: Server, body: str) -> Json:
    """Let a text wait, and return its case."""
    comment = server.api("delegate-b@demo.example").comment(2, body)["id"]
    case = server.api("moderator@demo.example").case_of(comment)
    return case | {"page": f"/en/moderation/cases/{case['id']}"}


def live(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("live-case")).to_have_attribute("data-state", "live")


def decide(page: Page) -> None:
    page.locator(".decision .buttons [type=submit]").click()


def test_two_race_on_one_case(visitors: Visitors, server: Server) -> None:
    """Typing claims the case and the other sees it at once; the first decision is undone, the second one is carried out; the loser is told
    who decided what and when, and all that was typed is there."""
    case = held(server, "Two moderators want this one.")
    first, other = visitors.signed_in("moderator"), visitors.signed_in("moderator2")
    watched = [Watched(page) for page in (first, other)]
    for page in (first, other):
        live(page, case["page"])
    first.check("[name=action][value=publish]")
    expect(first.locator("form[action$='/release']")).to_be_visible()
    expect(other.locator(".case-status")).to_contain_text("Moderator (demo) is working on this")
    other.check("[name=action][value=return]")
    other.check("[name=reason][value=unclear]")
    other.fill("#f-text", TYPED)
    decide(first)
    undo = first.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(first.locator(".countdown")).to_contain_text("seconds")
    expect(other.locator(".case-news")).to_be_visible()
    expect(other.locator("#f-text")).to_have_value(TYPED)
    undo.click()
    expect(first.locator("[name=action][value=publish]")).to_be_checked()
    expect(other.locator(".proposal")).to_have_count(0)
    decide(first)
    expect(first.get_by_role("button", name="Undo")).to_have_count(0, timeout=CARRIED_OUT)
    expect(first.locator(".case-status strong").last).to_have_text("Published")
    with other.expect_response(lambda answer: answer.request.method == "POST") as answered:
        decide(other)
    assert answered.value.status == 409
    conflict = other.locator("#conflict")
    expect(conflict.locator("bdi")).to_have_text("Moderator (demo)")
    expect(conflict.locator("time")).to_be_visible()
    expect(conflict.locator("strong")).to_have_text("Published")
    kept = [other.locator("#decision").inner_text(), *(area.input_value() for area in other.locator("#decision textarea").all())]
    assert any(TYPED in words for words in kept)
    assert server.rows("SELECT COUNT(*) FROM decisions WHERE case_id = ?", case["id"]) == [(1,)]
    assert [one for page in watched for one in page.faults("409")] == []


def test_what_is_typed_waits_for_another_look(visitors: Visitors, server: Server) -> None:
    """The case changes, the moderator loads it anew: the words are in the form again; a note sent meanwhile takes none of them away."""
    case = held(server, "Somebody looks at this twice.")
    page = visitors.signed_in("moderator")
    live(page, case["page"])
    page.check("[name=action][value=return]")
    page.check("[name=reason][value=unclear]")
    page.fill("#f-facts", "The last line.")
    page.fill("#f-text", TYPED)
    expect(page.locator("form[action$='/release']")).to_be_visible()
    page.fill("#f-new_note", "A note for the others.")
    page.locator("#notes [type=submit]").click()
    expect(page.locator("#notes .history")).to_contain_text("A note for the others.")
    expect(page.locator("#f-text")).to_have_value(TYPED)
    expect(page.locator("[name=action][value=return]")).to_be_checked()
    other = visitors.signed_in("moderator2")
    live(other, case["page"])
    other.locator(".case-status summary").click()
    other.fill("#f-takeover", "You seem to be away.")
    other.locator("form[action$='/takeover'] [type=submit]").click()
    expect(page.locator(".case-status")).to_contain_text("Second moderator (demo) is working on this")
    page.reload()
    expect(page.locator("#f-text")).to_have_value(TYPED)
    expect(page.locator("#f-facts")).to_have_value("The last line.")
    decide(page)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#f-text")).to_have_value(TYPED)


def test_by_keyboard_alone(visitors: Visitors, server: Server) -> None:
    """Choose, give a reason, put a phrase where the cursor is, decide, undo: no pointer."""
    case = held(server, "Nobody needs a mouse for this.")
    page = visitors.signed_in("moderator")
    live(page, case["page"])
    page.locator("[name=action]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=action][value=return]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name=reason]").first).to_be_checked()
    page.locator("#f-text").focus()
    page.keyboard.type("Dear author.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#f-text")).to_be_focused()
    assert page.input_value("#f-text").startswith("Dear author. Thank you")
    page.locator(".decision .buttons [type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=action][value=return]")).to_be_checked()


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_a_case_in_any_state(visitors: Visitors, server: Server, lang: str, width: int) -> None:
    """With a comparison, a claim of another's and a field for taking over; with a refusal; with a decision on its way."""
    author, moderator = server.api("delegate-b@demo.example"), server.api("moderator@demo.example")
    made = author.comment(2, f"First words, {lang} {width}.")
    moderator.decide(made["id"], "return", reason="unclear")
    version = author.ask("GET", f"/comments/{made['id']}")["version"]
    author.ask("PATCH", f"/comments/{made['id']}", json={"body": f"Other words, {lang} {width}.", "version": version})
    case = moderator.case_of(made["id"])
    server.api("moderator2@demo.example").ask("POST", f"/moderation/cases/{case['id']}/claim")
    page = visitors.signed_in("moderator", lang, width=width)
    live(page, f"/{lang}/moderation/cases/{case['id']}")
    expect(page.locator("#comparison ins").first).to_be_visible()
    page.locator(".case-status summary").click()
    faults(page)
    page.check("[name=action][value=move]")
    decide(page)
    expect(page.locator(".error-summary")).to_be_visible()
    faults(page)
    page.check("[name=action][value=publish]")
    decide(page)
    expect(page.locator(".countdown")).to_be_visible()
    faults(page)


def faults(page: Page) -> None:
    """Fail with what axe finds, or when the page scrolls sideways."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
