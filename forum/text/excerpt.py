"""Plain text and short excerpts of it, in any script."""

import re
import unicodedata
from html.parser import HTMLParser

ELLIPSIS = "…"

_RENDERED = re.compile(r'<(?:p|ul|ol|blockquote)(?: [a-z-]+="[^"<>]*")* data-p="1"')
_BREAKING = frozenset({"p", "li", "blockquote", "ul", "ol", "br"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Written without spaces: a cut between two of their letters is as good as any other.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_MAX_BACK = 0.5
"""Share of the limit given up, at most, to end at a word."""


def plain_text(html: str) -> str:
    """Return the text of rendered `html`, one line for each block or line break, without empty lines."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split(" ")).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def visible(text: str) -> bool:
    """Say whether `text` shows anything at all: a letter, digit, mark or sign, not only space and format characters."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in _BLANK_LETTERS for char in text)


def excerpt(html_or_text: str, limit: int) -> str:
    """Return at most `limit` characters of the text on one line, with "…" at the end where something was left out.

    The input is plain text or the HTML of `markup.render`. The cut is at a word's end if there is one in the second half,
    anywhere in scripts without spaces, and never inside a letter with its marks, an emoji sequence or a flag. The result
    is plain text: escape it. Raises ValueError for a `limit` below 1.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    text = plain_text(html_or_text) if _RENDERED.match(html_or_text) else html_or_text
    text = " ".join(re.sub("[\ud800-\udfff]", "", text).split())
    if len(text) <= limit:
        return text
    end = _whole(text, limit - 1)
    word = _word_end(text, end)
    if word > end * _MAX_BACK:
        end = word
    return text[:end].rstrip(" ,;:.،؛、，。；：-–—([{«“‘") + ELLIPSIS


def _word_end(text: str, end: int) -> int:
    """Return the last position up to `end` that is not inside a word."""
    while end > 0 and not (text[end] == " " or text[end - 1] == " "):
        if _UNSPACED.match(text[end]) or _UNSPACED.match(text[end - 1]):
            break
        end -= 1
    return _whole(text, end)


def _whole(text: str, end: int) -> int:
    """Return the last position up to `end` between two characters as a reader sees them."""
    while end > 0 and _belongs(text, end):
        end -= 1
    return end


def _belongs(text: str, at: int) -> bool:
    """Say whether the character at `at` belongs to the one before it."""
    char, before = text[at], text[at - 1]
    if unicodedata.category(char)[0] == "M" or char in "\u200c\u200d" or before == "\u200d":
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\u1160" <= char <= "\u11ff":  # skin tones; Hangul vowels and finals
        return True
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # a flag is two of these
        run = 0
        while run < at and "\U0001f1e6" <= text[at - 1 - run] <= "\U0001f1ff":
            run += 1
        return run % 2 == 1
    return False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))
