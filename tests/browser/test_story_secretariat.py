"""The secretariat founds a space on the pages, is told what is missing, opens it, and extends its deadline for all to see."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.following import following, said
from tests.support.browser import Visitors, send
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "rt2-story"
ADMIN = f"/en/secretariat/spaces/{SLUG}"
QUESTIONS = ("What should be measured?", "Who should be heard?")
POLICY = "A moderator reads every comment first."


def save(page: Page) -> None:
    """Send the form and expect to be told that it was done."""
    page.locator("main form .buttons [type=submit]").first.click()
    expect(page.locator("#flashes .flash-success")).to_be_visible()


def found(page: Page, opens: datetime) -> None:
    """Found the space as a draft; the policy comes later."""
    page.goto("/en/secretariat")
    page.click("main a[href$='/secretariat/spaces/new']")
    page.fill("[name=title_en]", "Round table 2: a story")
    page.fill("[name=note_en]", "A note on the background, with *emphasis*.")
    page.select_option("[name=round_table]", "2")
    page.check("[name=objectives][value='7']")
    for lang in ("en", "fr", "ar"):
        page.check(f"[name=languages][value={lang}]")
    page.check("[name=premoderation][value=all]")
    page.check("[name=visibility][value=public]")
    page.fill("[name=slug]", SLUG)
    page.fill("[name=zone]", "Europe/Zurich")
    page.fill("[name=opens_at]", f"{opens:%Y-%m-%dT%H:%M}")
    page.fill("[name=closes_at]", f"{opens + timedelta(days=30):%Y-%m-%dT%H:%M}")
    save(page)


def add_what_is_missing(page: Page) -> None:
    for number, text in enumerate(QUESTIONS, start=1):
        page.goto(f"{ADMIN}/questions/{number}")
        page.fill("[name=text_en]", text)
        save(page)
    page.goto(f"{ADMIN}/people")
    page.fill("[name=email]", "moderator2@demo.example")
    page.check("[name=role][value=moderator]")
    page.click("button[name=do][value=give]")
    expect(page.locator(".flash-success")).to_be_visible()
    page.goto(ADMIN)
    page.fill("[name=policy_en]", POLICY)
    save(page)


def test_a_space_is_founded_opened_and_extended(visitors: Visitors, server: Server) -> None:
    page = visitors.signed_in("secretariat")
    found(page, datetime.now(UTC) + timedelta(days=40))

    page.goto(f"{ADMIN}/steps/open")
    lacking = page.locator(".callout li")
    assert set(lacking.all_inner_texts()) >= {said("en", "guiding questions"), said("en", "moderators")}
    expect(page.locator("main form")).to_have_count(0)
    stranger = visitors.page()
    assert (answer := stranger.goto(f"/en/spaces/{SLUG}")) is not None
    assert answer.status == 404

    add_what_is_missing(page)
    page.goto(f"{ADMIN}/steps/open")
    save(page)
    stranger.goto(f"/en/spaces/{SLUG}")
    expect(stranger.locator("main")).to_contain_text(POLICY)
    expect(stranger.locator("main .questions").first).to_contain_text(QUESTIONS[1])

    # People who follow learn of the extension without asking, in their own language.
    following(stranger, f"/fr/spaces/{SLUG}/questions/1")
    page.goto(f"{ADMIN}/extend")
    later = datetime.fromisoformat(page.input_value("[name=closes_at]")) + timedelta(days=7)
    page.fill("[name=closes_at]", f"{later:%Y-%m-%dT%H:%M}")
    page.fill("[name=reason]", "A holiday falls into the last week.")
    page.locator("main form .buttons [type=submit]").click()
    expect(page.locator(".callout s")).to_be_visible()
    expect(page.locator(".callout strong time")).to_contain_text(f"{later:%Y}")
    page.click("button[name=do][value=confirm]")
    expect(page.locator(".flash-success")).to_be_visible()
    expect(stranger.locator(".live-note")).to_contain_text(said("fr", "The deadline was extended. Reload the page to see it."))
    stranger.locator(".live-note a").click()
    expect(stranger.locator(".deadline")).to_contain_text("A holiday falls into the last week.")
    expect(stranger.locator(".deadline s")).to_be_visible()

    writer = visitors.signed_in("delegate-b", "fr")
    writer.goto(f"/fr/spaces/{SLUG}/questions/1")
    writer.fill("#write [name=body]", "La première contribution.")
    writer.select_option("#write [name=lang]", "fr")
    send(writer)
    expect(writer.locator(".comment .pill-held")).to_be_visible()
    # Only the moderators of this space have it on their desk.
    for name, count in (("moderator2", 1), ("moderator", 0)):
        desk = visitors.signed_in(name)
        desk.goto("/en/moderation")
        expect(desk.locator(".queue li").filter(has_text="La première contribution.")).to_have_count(count)
