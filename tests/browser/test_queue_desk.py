"""The queue at the desk in a real browser: single keys once they are switched on, and decisions together with their progress."""

import pytest
from playwright.sync_api import expect

from tests.browser.live_pages import until
from tests.support.browser import Visitors, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "#queue > li .queue-title a"


def test_single_keys_are_off_until_switched_on(visitors: Visitors) -> None:
    page = visitors.signed_in("moderator")
    watched = Watched(page)
    page.goto("/en/moderation")
    expect(page.locator("queue-keys")).to_be_visible()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.click("queue-keys [data-open]")
    page.check("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(TITLE).first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(TITLE).nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#queue > li").nth(1).locator("input[name=case]")).to_be_checked()
    expect(page.locator(".bulk-picked")).to_have_text("1 case chosen")
    page.reload()
    expect(page.locator("queue-keys")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    page.uncheck("#keys-on")
    assert watched.faults() == []


def test_cases_are_taken_together_and_another_sees_it(visitors: Visitors) -> None:
    page, other = visitors.signed_in("moderator"), visitors.signed_in("moderator2")
    watched = Watched(page)
    other.goto("/en/moderation")
    until(lambda: other.locator("live-queue").get_attribute("data-state") == "live")
    page.goto("/en/moderation")
    for number in range(2):
        page.locator("#queue input[name=case]").nth(number).check()
    page.select_option("#bulk [name=action]", "claim")
    page.click("#bulk [type=submit]")
    page.click("#bulk-form [value=perform]")
    expect(page.locator(".bulk-status")).to_have_text("2 cases done")
    expect(page.locator(".bulk-status")).to_be_focused()
    expect(page.locator(".bulk-progress progress")).to_have_js_property("value", 2)
    expect(other.locator("#queue .pill-claimed")).to_have_count(2)
    assert watched.faults() == []
