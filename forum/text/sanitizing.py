"""The allow-list: bleach first, then nh3, which is maintained and has the last word.

bleach gets no more releases. It is used here only, and nothing rests on it alone: addresses go through `urls.host_of` in
both passes, and what both allow is a handful of tags that never take part in mutation attacks.
"""

import html as entities
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner

from forum.text.urls import MAX_URL, safe_url

TAGS = frozenset({"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a"})
BLOCKS = frozenset({"p", "ul", "ol", "blockquote"})
REL = "noopener nofollow ugc"
MAX_NUMBERED = 999
"""Blocks beyond this one get no number: a text of single letters must not grow thirtyfold."""

_NUMBERED = {"id", "data-p"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"} | _NUMBERED, "p": _NUMBERED, "ul": _NUMBERED, "blockquote": _NUMBERED}
_ANCHOR = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VALUES = {
    "data-p": re.compile(r"[1-9][0-9]{0,2}"),
    "id": re.compile(r"p-[A-Za-z0-9_-]{1,64}-[1-9][0-9]{0,2}"),
    "start": re.compile(r"[0-9]{1,9}"),
}

# A bare address in running text. ASCII hosts only: an address with another host stays text. Chinese, Japanese and Korean
# put no space around an address, so it ends where these scripts begin. Possessive and single-class loops: linear time.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_LETTERS = "\u00c0-\u024f\u0370-\u1fff"
_BARE_URL = re.compile(
    r"(?<![A-Za-z0-9])https?://(?:[A-Za-z0-9][A-Za-z0-9.-]*+(?::[0-9]{1,5}+)?+"
    rf"(?!(?![{_CJK}])[\w@]|:\S)"
    rf"(?:[/?#](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%{_LETTERS}]*[A-Za-z0-9\-/#@$&)+=%{_LETTERS}])?)?"
    # What cannot be one is taken whole too, for `_bare_link` to refuse: its parts are no addresses either.
    rf'|[^\s<>"{_CJK}]*+)',
    re.IGNORECASE,
)
_STOPS = ".,\u060c\u061b\u061f\u06d4\u037e"  # the last five: Arabic commas and stops, the Greek question mark


def sanitize(html: str, *, anchor: str | None = None) -> str:
    """Return `html` with nothing outside the allow-list, bare addresses linked and top-level blocks numbered.

    Each top-level paragraph, list and quotation gets `data-p="1"`, `data-p="2"` …, and with `anchor` an `id` like
    `p-<anchor>-1`. Both come from here only: those in `html` are dropped first. Raises ValueError for an `anchor` that is
    not 1 to 64 letters, digits, `_` or `-` (a mistake of the caller, never of the author).
    """
    if anchor is not None and not _ANCHOR.fullmatch(anchor):
        raise ValueError(f"not an anchor: {anchor!r}")
    clean = _both(html, anchor)
    # Should nh3 alone have taken an address away (mangled entities in HTML), go again to drop the link around it.
    return _both(clean, anchor) if f'<a rel="{REL}"' in clean else clean


def _both(html: str, anchor: str | None) -> str:
    # A Cleaner keeps state while it works: one per call, because rendering runs in threads.
    cleaner = Cleaner(
        tags=TAGS,
        attributes=_by_author,
        protocols=frozenset({"http", "https", "mailto"}),
        strip=True,
        filters=[partial(_Finishing, anchor=anchor)],
    )
    return nh3.clean(
        cleaner.clean(html),
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_last_word,
        url_schemes={"http", "https", "mailto"},
        link_rel=REL,
        generic_attribute_prefixes=set(),
    )


def _by_author(tag: str, name: str, value: str) -> bool:
    """Allow what Markdown can express: a link's address and the first number of a list (values come undecoded)."""
    if tag == "a" and name == "href":
        return _linkable(entities.unescape(value))
    return tag == "ol" and name == "start" and _VALUES["start"].fullmatch(value) is not None


def _linkable(url: str) -> bool:
    """Say whether both we and nh3 (which knows impossible punycode and number hosts) accept `url`."""
    return safe_url(url) and "href" in nh3.clean(f'<a href="{entities.escape(url)}"></a>', tags={"a"})


def _last_word(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if safe_url(value) else None
    if name == "rel":
        return value
    shape = _VALUES.get(name)
    return value if shape and shape.fullmatch(value) else None


def _bare_link(attrs: Any, new: bool = False) -> Any:
    """Tell LinkifyFilter what becomes of an address in the text: attributes, or None for plain text."""
    if new:
        href = "".join(char if char.isascii() else _percent(char) for char in attrs[(None, "href")])
        # bleach would take `&lt;` inside an address for an entity.
        href = re.sub(r"&(?=#?\w+;)", "%26", href)
        host = href.split("://", 1)[1].split("/", 1)[0]
        if not host[:1].isalnum() or "." not in host.strip(".") or not _linkable(href):
            return None
        attrs[(None, "href")] = href
    return attrs


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


def _without_dead_links(source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the tokens without links that lost their address, joining the text on both sides of what is left out."""
    text: list[str] = []
    dead = False
    for token in source:
        kind = token["type"]
        if token.get("name") == "a":
            dead = not token["data"].get((None, "href")) if kind == "StartTag" else dead
            if dead:
                continue
        if kind == "Characters":
            text.append(token["data"])
            continue
        if text:
            yield {"type": "Characters", "data": "".join(text)}
            text = []
        yield token
    if text:
        yield {"type": "Characters", "data": "".join(text)}


class _Finishing(LinkifyFilter):
    """Drops links without an address, links bare ones, numbers the top-level blocks."""

    def __init__(self, source: Any, anchor: str | None = None) -> None:
        living: Any = _without_dead_links(source)
        super().__init__(living, callbacks=[_bare_link], parse_email=False, url_re=_BARE_URL)
        self.anchor = anchor

    def extract_entities(self, token: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Leave the token alone: the cleaner has taken entities out once, a second time would decode `&amp;lt;` twice."""
        yield token

    def strip_non_url_bits(self, fragment: str) -> tuple[str, str, str]:
        """Take stops and brackets that were never opened off the end; nothing comes off the beginning."""
        url = fragment
        while len(url) <= MAX_URL:
            shorter = url.rstrip(_STOPS)
            if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
                shorter = shorter[:-1]
            if shorter == url:
                break
            url = shorter
        return url, "", fragment[len(url) :]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        depth = number = 0
        for token in super().__iter__():
            kind, name = token["type"], token.get("name")
            if kind == "StartTag":
                if depth == 0 and name in BLOCKS and number < MAX_NUMBERED:
                    number += 1
                    self._number(token, number)
                depth += 1
            elif kind == "EndTag":
                depth -= 1
            elif kind == "Characters" and token["data"] == "=":
                # After an end tag bleach takes a lone "=" for that of an attribute and decodes the text behind it.
                token = {"type": "Entity", "name": "equals"}
            yield token

    def _number(self, token: dict[str, Any], number: int) -> None:
        token["data"][(None, "data-p")] = str(number)
        if self.anchor is not None:
            token["data"][(None, "id")] = f"p-{self.anchor}-{number}"
