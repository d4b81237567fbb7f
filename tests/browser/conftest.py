"""The browser, for every test in this folder."""

from tests.support.browser import chromium

__all__ = ["chromium"]
