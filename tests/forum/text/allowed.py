"""What rendered HTML may contain, said a second time and checked with two parsers that the forum does not render with."""

import re
from html.parser import HTMLParser
from typing import Any

from bleach._vendor import html5lib  # type: ignore[import-not-found, import-untyped, unused-ignore]

ALLOWED = {
    "p": {"data-p", "id"},
    "ul": {"data-p", "id"},
    "ol": {"data-p", "id", "start"},
    "blockquote": {"data-p", "id"},
    "li": set(),
    "br": set(),
    "em": set(),
    "strong": set(),
    "a": {"href", "rel"},
}
HREF = re.compile(
    r"https?://[a-z0-9]([\w.-]*[a-z0-9])?\.?(:[0-9]{1,5})?([/?#][!#-;=?-\[\]_a-z~]*)?|mailto:[!#-;=?A-Z^-~]+@[\w.-]+", re.I | re.A
)

Element = tuple[str, dict[str, str], int]
"""Tag, attributes, depth (0 at the top)."""


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.depth = 0
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}, self.depth))
        assert len(dict(attrs)) == len(attrs)
        self.depth += tag != "br"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)


def by_standard_library(html: str) -> list[Element]:
    """Return the elements as html.parser sees them."""
    reader = _Tags()
    reader.feed(html)
    reader.close()
    assert reader.odd == []
    assert reader.depth == 0
    return reader.found


def by_html5lib(html: str) -> list[Element]:
    """Return the elements as a browser's algorithm (html5lib) builds them."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    found: list[Element] = []
    waiting: list[tuple[Any, int]] = [(child, 0) for child in reversed(root)]
    while waiting:  # no recursion: some of it is a thousand deep
        node, depth = waiting.pop()
        assert isinstance(node.tag, str), "a comment"
        found.append((node.tag, dict(node.attrib), depth))
        waiting.extend((child, depth + 1) for child in reversed(node))
    return found


def check(elements: list[Element]) -> None:
    """Fail unless each element and attribute is allowed and each address safe."""
    for tag, attributes, _ in elements:
        assert tag in ALLOWED, tag
        assert set(attributes) <= ALLOWED[tag], (tag, attributes)
        if tag == "a":
            assert HREF.fullmatch(attributes["href"]), attributes
            assert not re.match(r"https?://[^/?#]*@", attributes["href"]), attributes
            assert attributes["rel"] == "noopener nofollow ugc"


def check_numbers(elements: list[Element], anchor: str | None, paragraphs: int) -> None:
    """Fail unless the top-level blocks, and nothing else, are numbered 1, 2, 3 …"""
    numbered = [(tag, attributes, depth) for tag, attributes, depth in elements if {"data-p", "id"} & set(attributes)]
    assert len(numbered) == paragraphs
    for number, (_, attributes, depth) in enumerate(numbered, 1):
        assert depth == 0
        assert attributes["data-p"] == str(number)
        assert attributes.get("id") == (f"p-{anchor}-{number}" if anchor else None)
