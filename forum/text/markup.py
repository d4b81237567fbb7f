"""Comments in a subset of Markdown: from source to safe HTML, once, when a text is written.

The subset: paragraphs, line breaks, emphasis, bullet and numbered lists, quotations and links. Everything else (headings,
images, HTML, code, tables, entities) stays visible as typed. Rendering takes a few milliseconds, at worst some hundred, of
CPU: run it in a thread, outside a unit of work. The stored HTML carries RENDERER_VERSION; raise it when output changes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from forum.text.excerpt import plain_text, visible
from forum.text.sanitizing import sanitize
from forum.text.source import MAX_SOURCE, length, normalize
from forum.text.urls import host_of, names_other_host, safe_url

__all__ = ["MAX_SOURCE", "RENDERER_VERSION", "Rendered", "length", "normalize", "render", "sanitize"]

RENDERER_VERSION: int = 1

MAX_BLOCK_DEPTH = 16
"""Open block elements (a list counts two) beyond which markers of quotations and lists are plain text."""

MAX_INLINE_DEPTH = 8
"""Open emphasis and links beyond which markers of emphasis are plain text."""

MAX_BRACKETS = 400
"""Opening brackets in one paragraph beyond which none is a link: looking for each one's partner is quadratic."""

_OFF = ["heading", "lheading", "hr", "html_block", "code", "fence", "reference"]
_OFF += ["html_inline", "image", "backticks", "entity"]
_NUMBERED = re.compile(r'<[a-z]+ [^<>]*?\bdata-p="')
_ONLY_MARKERS = re.compile(r"[*+\-\s]*")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text in all the forms that are stored; `html` is safe to put into a page as it is."""

    source: str
    """The normalized source."""
    html: str
    paragraphs: int
    """Number of numbered top-level blocks: paragraphs, lists and quotations."""
    version: int
    text: str
    """Plain text, blocks separated by newlines; "" where there is nothing to see."""


def render(source: str, *, anchor: str | None = None) -> Rendered:
    """Render `source`; a pure function. `anchor` (the comment's id) makes each block addressable as `#p-<anchor>-<n>`.

    Raises ValueError for a `source` of more than MAX_SOURCE characters by `length`, before looking at it, and for an
    `anchor` that is no HTML id. Never raises for any other text.
    """
    if length(source) > MAX_SOURCE:
        raise ValueError("text too long to render")
    text = normalize(source)
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.children:
            token.children = _finish_inline(token.children)
    html = sanitize(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}), anchor=anchor).strip("\n")
    plain = plain_text(html)
    return Rendered(text, html, len(_NUMBERED.findall(html)), RENDERER_VERSION, plain if visible(plain) else "")


class _Markdown(MarkdownIt):
    """markdown-it with the forum's own view of addresses."""

    def validateLink(self, url: str) -> bool:
        return safe_url(url)

    def normalizeLink(self, url: str) -> str:
        try:
            address = super().normalizeLink(url)
        except (ValueError, IndexError):
            return ""
        return re.sub(r"&(?=#?\w+;)", "%26", address)  # bleach would take it for an entity

    def normalizeLinkText(self, link: str) -> str:
        return link  # as typed: decoding punycode would make look-alikes


def _quotation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < MAX_BLOCK_DEPTH and blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.level >= MAX_BLOCK_DEPTH - 1:
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    # "* * *" or "---" is a separator, not a list in a list in a list.
    return not _ONLY_MARKERS.fullmatch(line) and list_block(state, start, end, silent)


def _link(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[" or state.src.count("[") > MAX_BRACKETS:
        return False
    return link(state, silent)


def _finish_inline(children: Sequence[Token]) -> list[Token]:
    """Turn emphasis nested too deeply into text, and name the host after a link that pretends to lead elsewhere."""
    done: list[Token] = []
    kept: list[bool] = []
    depth = link_at = 0
    for token in children:
        stays = True
        if token.nesting == 1:
            stays = depth < MAX_INLINE_DEPTH or token.type == "link_open"
            kept.append(stays)
            depth += stays
            link_at = len(done) if token.type == "link_open" else link_at
        elif token.nesting == -1:
            if token.type == "link_close":
                done.extend(_true_host(done[link_at:]))
            stays = kept.pop()
            depth -= stays
        done.append(token if stays else Token("text", "", 0, content=token.markup))
    return done


def _true_host(link: Sequence[Token]) -> Iterable[Token]:
    host = host_of(str(link[0].attrs.get("href", "")))
    label = "".join(" " if token.type in ("softbreak", "hardbreak") else token.content for token in link)
    if host and names_other_host(label, host):
        yield Token("text", "", 0, content=f" ({host})")


def _parser() -> MarkdownIt:
    parser = _Markdown("commonmark", {"html": False, "breaks": True, "maxNesting": 64}).disable(_OFF)
    parser.block.ruler.at("blockquote", _quotation, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.at("link", _link)
    parser.render("warm")  # compiles the rules now: doing it lazily is not safe in threads
    return parser


_MARKDOWN = _parser()
