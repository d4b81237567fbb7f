"""What a thread page of fifty comments weighs, as counted by the browser: bytes on the wire, requests, nothing from elsewhere."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.house.sources import ROOT
from tests.support.browser import Visitors
from tests.support.server import SPACE, Api, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KB = 1000
FIFTY = 50
QUESTION = 3
PATH = f"/en/spaces/{SPACE}/questions/{QUESTION}"


@dataclass
class Wire:
    """What came over the wire since the last `clear`: bytes of headers and compressed bodies, by kind."""

    session: CDPSession
    kinds: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.responseReceived", self._received)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        self.ids[event["requestId"]] = event["request"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _finished(self, event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        kind = self.kinds.get(event["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + size
        # What the cache gave is no request.
        if size:
            self.requests.append(self.ids[event["requestId"]])

    def clear(self) -> None:
        self.bytes.clear()
        self.requests.clear()

    @property
    def total(self) -> int:
        return sum(self.bytes.values())


def fill(server: Server) -> None:
    """Publish comments until a page of the thread is full: the demonstration's own, in six languages, their words mixed anew.

    Mixed words compress worse than what people write, so the real page is lighter.
    """
    delegate, moderator, reader = server.api("delegate-a@demo.example"), server.api("moderator@demo.example"), server.api()
    sources = json.loads((ROOT / "forum/demo/data/contributions.json").read_text("utf-8"))["contributions"]
    for number in range(FIFTY - count(reader)):
        one = sources[number % len(sources)]
        paragraphs = [part.split(" ") for part in one["text"].split("\n\n")]
        for words in paragraphs:
            random.Random(number).shuffle(words)
        text = "\n\n".join(" ".join(words) for words in paragraphs)
        moderator.decide(delegate.comment(QUESTION, text, lang=one["lang"])["id"])


def count(reader: Api) -> int:
    return len(reader.ask("GET", f"/spaces/{SPACE}/comments?question={QUESTION}&limit={FIFTY}")["items"])


def load(page: Page) -> None:
    page.goto(PATH, wait_until="networkidle")
    expect(page.locator("live-thread")).to_have_attribute("data-state", "live")
    assert page.locator("#thread article").count() == FIFTY


def test_a_thread_page_of_fifty_comments_is_light(chromium: Browser, visitors: Visitors, server: Server) -> None:
    fill(server)
    page = visitors.page()
    wire = Wire(page.context.new_cdp_session(page))
    load(page)
    print(wire.bytes, len(wire.requests))
    assert wire.bytes["Document"] <= 30 * KB
    assert wire.bytes["Stylesheet"] <= 16 * KB
    assert wire.bytes["Script"] <= 25 * KB
    assert "Font" not in wire.bytes
    assert wire.total <= 100 * KB
    assert len(wire.requests) <= 8, wire.requests
    assert all(url.startswith(f"{server.url}/") for url in wire.requests)

    wire.clear()
    load(page)
    print(wire.bytes, len(wire.requests))
    assert wire.total <= 20 * KB, wire.bytes
    assert not {"Stylesheet", "Script"} & {kind for kind, size in wire.bytes.items() if size}
