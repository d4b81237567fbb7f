"""What the stories do again and again: follow a thread, find a case, see that the page stands still."""

from playwright.sync_api import Locator, Page, expect

from forum.web import catalogue


def said(lang: str, msgid: str) -> str:
    """Return what the interface says in `lang` for an English text."""
    catalogue.load()
    return catalogue.translate(lang, msgid)


def following(page: Page, path: str) -> None:
    """Open a thread and wait until its socket is open."""
    page.goto(path)
    expect(page.locator("live-thread")).to_have_attribute("data-state", "live")


def set_live(page: Page) -> None:
    """Turn the switch on: new comments are shown at once."""
    page.locator(".live-switch input").check()


def on_top(locator: Locator) -> float:
    """Return where the element stands in the window, in CSS pixels from its upper edge."""
    box = locator.bounding_box()
    assert box is not None
    return round(box["y"], 1)


def at_rest(page: Page, locator: Locator) -> float:
    """Return where the element stands once the page has stopped moving."""
    last = on_top(locator)
    for _ in range(20):
        page.wait_for_timeout(100)
        now = on_top(locator)
        if now == last:
            return now
        last = now
    raise AssertionError("the page does not come to rest")


def open_case(page: Page, words: str) -> None:
    """Open the case whose text begins with `words` from the moderators' queue."""
    page.goto("/en/moderation")
    page.locator(".queue li").filter(has_text=words).locator("a").first.click()
    expect(page.locator(".case")).to_be_visible()
