"""F12: replies a thousand deep, texts nested a thousand times: flat enough for a page, quick, and no recursion without end."""

import re
import time
from html.parser import HTMLParser

import pytest

from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.support.server import SPACE, Api, Json, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
LEVELS = size(12, 1000)
GREATEST = 8
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@pytest.fixture(scope="module")
def author(shared: Server) -> Api:
    return shared.api("delegate-a@demo.example")


class Depth(HTMLParser):
    """Measures how deep the elements of a page stand in each other; optional end tags are not used here."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth = self.deepest = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def test_many_levels_become_eight(shared: Server, author: Api, seen: Seen) -> None:
    moderator = shared.api("moderator@demo.example")
    made: list[Json] = []
    for level in range(LEVELS):
        more = {"parent": made[-1]["id"]} if made else {}
        made.append(author.comment(2, f"Level {level}.", **more))
        moderator.decide(made[-1]["id"])
    shown = [author.ask("GET", f"/comments/{one['id']}") for one in made]
    assert [one["depth"] for one in shown] == [min(level, GREATEST) for level in range(LEVELS)]
    assert [one["reply_to"] for one in shown] == [None, *(one["id"] for one in made[:-1])]
    assert all(one["parent"] == made[GREATEST - 1]["id"] for one in shown[GREATEST:])
    for path in (f"comments/{made[-1]['id']}", "questions/2"):
        began = time.monotonic()
        answer = author.http.get(f"/en/spaces/{SPACE}/{path}")
        seen.took("F12", f"{LEVELS} levels: /{path.partition('/')[0]} answered in", time.monotonic() - began, 0.3)
        assert answer.status_code == 200
        depth = Depth(answer.text)
        assert depth.depth == 0, "every element that is opened is closed"
        seen.figure("F12", f"/{path.partition('/')[0]}: depth of the page", depth.deepest, "", 40)
        assert depth.deepest <= 40
    assert f"Level {LEVELS - 1}." in author.http.get(f"/en/spaces/{SPACE}/comments/{made[-1]['id']}").text


@pytest.mark.parametrize("sign", [">", "- ", "> - ", "*", "_", "[", "![", "`", "&", "<", "1. "])
def test_a_thousand_signs_are_harmless(author: Api, seen: Seen, sign: str) -> None:
    body = sign * 1000 + " word"
    answer = author.http.post(f"/api/v1/spaces/{SPACE}/comments", json={"question": 1, "body": body[:10_000], "lang": "en"})
    assert answer.status_code == 201, answer.text
    depth = deepest = 0
    for closing, _ in re.findall(r"<(/?)(blockquote|ul|ol|li|p|em|strong)\b", answer.json()["html"]):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest <= 32
    seen.took("F12", f"1,000 × {sign!r}: posted within (depth of its HTML: {deepest})", answer.elapsed.total_seconds(), 0.05)
