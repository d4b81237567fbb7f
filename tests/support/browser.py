"""A real Chromium for tests: `from tests.support.browser import chromium` in a conftest."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

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
