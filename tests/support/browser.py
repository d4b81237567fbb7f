"""A real Chromium for tests: `from tests.support.browser import chromium` in a conftest."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Violations are events of the page, whatever the console shows of them.
WATCH_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""


def executable() -> str | None:
    """Return the path of the browser, None where there is none; FORUM_CHROMIUM names one that is not on the path."""
    named = os.environ.get("FORUM_CHROMIUM")
    if named:
        return named if os.path.exists(named) else None
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of the run; each makes contexts of its own. No browser: skipped, or failed if all is required."""
    path = executable()
    if path is None:
        text = "no Chromium here: `apt-get install chromium`, or set FORUM_CHROMIUM to its path"
        if os.environ.get("FORUM_REQUIRE_ALL", "") not in ("", "0"):
            pytest.fail(text)
        pytest.skip(text)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """What goes wrong on a page: errors on the console, uncaught errors, violations of the content security policy."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._heard: list[str] = []
        page.add_init_script(WATCH_VIOLATIONS)
        page.on("console", self._console)
        page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._heard.append(f"{message.type}: {message.text}")

    def _error(self, error: Error) -> None:
        self._heard.append(f"uncaught: {error}")

    def faults(self, *expected: str) -> list[str]:
        """Return what went wrong so far, leaving out what contains one of the `expected` words."""
        found = self._heard + [f"violation: {text}" for text in self._page.evaluate("window.violations")]
        return [text for text in found if not any(word in text for word in expected)]


class Visitors:
    """People with a browser each: contexts of their own on one server, closed together at the end of a test."""

    def __init__(self, browser: Browser, url: str, password: str) -> None:
        self._browser = browser
        self._password = password
        self._contexts: list[BrowserContext] = []
        self.url = url

    def page(self, lang: str = "en", *, js: bool = True, width: int = 1280, **more: Any) -> Page:
        """Return an empty page of somebody new; paths are relative to the server. `more` are options of the context."""
        context = self._browser.new_context(
            base_url=self.url,
            locale=lang,
            java_script_enabled=js,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        return context.new_page()

    def signed_in(self, email: str, lang: str = "en", **more: Any) -> Page:
        """Return a page of somebody who has just signed in through the form; `email` may leave out @demo.example."""
        page = self.page(lang, **more)
        page.goto(f"/{lang}/signin")
        sign_in(page, email, self._password)
        expect(page.locator(".menu")).to_be_visible()
        return page

    def close(self) -> None:
        """Close every context; what a page was doing ends."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in and send the sign-in form on this page."""
    page.fill("input[name=email]", email if "@" in email else f"{email}@demo.example")
    page.fill("input[name=password]", password)
    page.click("main form [type=submit]")


def send(page: Page, button: str = "send") -> None:
    """Press a button of the form for comments: send or preview."""
    page.click(f"#write button[name=do][value={button}]")
