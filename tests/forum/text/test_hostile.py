"""Nothing hostile gets through, whatever parser reads the result, and nothing hostile takes long."""

import sys
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.text.markup import MAX_SOURCE, length, normalize, render, sanitize
from forum.text.sanitizing import MAX_NUMBERED
from forum.text.urls import safe_url
from tests.forum.text.allowed import by_html5lib, by_standard_library, check, check_numbers
from tests.support.hostile import ALL, HTML, URLS_ALLOWED, URLS_REFUSED, Hostile

CALLS_A_CHARACTER = 250
PIECES = (
    "*", "**", "_", "[", "]", "](", ")", "](https://un.org/", "<", ">", "&", "&amp;", "&lt;", ";", "#", "`", "\n", "\n\n", "  ", "> ",
    "- ", "1. ", "\\", '"', "'", "https://un.org", "http://", "a@un.org", "javascript:", "<b ", "<!--", "![", "\t", "\r\n", "\x00", "x",
    "\u202e", "\u0301", "\ud800", "\u4e2d", "\u0639", "\u2028", ' data-p="1"', "{{", "(", "www.", ".", "/", "?", "=", "%", "%00", ":",
)  # fmt: skip
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
markdownish = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=60).map("".join)
hostile = pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)


def calls_of(work: Callable[[], object]) -> int:
    """Return how many calls `work` makes: a measure of effort that does not depend on the machine."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_the_set_is_large_and_names_are_unique() -> None:
    assert len(ALL) >= 120
    assert len({case.name for case in ALL}) == len(ALL)
    assert all(length(case.source) <= MAX_SOURCE for case in ALL)


@hostile
def test_markdown_yields_only_what_is_allowed(case: Hostile) -> None:
    result = render(case.source, anchor="c1")
    for elements in by_standard_library(result.html), by_html5lib(result.html):
        check(elements)
        check_numbers(elements, "c1", result.paragraphs)
        assert max((depth for _, _, depth in elements), default=0) < 32
    assert len(result.html) <= 12 * len(case.source) + 200


@hostile
def test_html_is_cut_to_what_is_allowed_and_again_changes_nothing_bad(case: Hostile) -> None:
    once = sanitize(normalize(case.source), anchor="c1")
    for html in once, sanitize(once, anchor="c1"):
        check(by_standard_library(html))
        check(by_html5lib(html))


@hostile
def test_rendered_html_survives_sanitizing_unchanged(case: Hostile) -> None:
    html = render(case.source, anchor="c1").html
    assert sanitize(html, anchor="c1") == html


@hostile
def test_effort_is_bounded(case: Hostile) -> None:
    assert calls_of(lambda: render(case.source)) <= CALLS_A_CHARACTER * (len(case.source) + 200)


@hostile
def test_the_normal_form_is_stable_and_harmless(case: Hostile) -> None:
    text = normalize(case.source)
    assert normalize(text) == text
    assert len(text) <= length(case.source)
    text.encode()
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text)
    assert not any(
        unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for char in text
    )


@pytest.mark.parametrize("case", HTML, ids=lambda case: case.name)
def test_typed_html_stays_visible_text(case: Hostile) -> None:
    shown = "".join(render(case.source).text.split())
    typed = "".join(normalize(case.source).split())
    assert shown == typed or (any(char in typed for char in "*_\\>[") and shown)


@settings(max_examples=150, deadline=None, database=None)
@given(source=anything | markdownish)
def test_any_text_renders_safely_and_stably(source: str) -> None:
    result = render(source, anchor="x")
    assert normalize(result.source) == result.source
    for elements in by_standard_library(result.html), by_html5lib(result.html):
        check(elements)
        check_numbers(elements, "x", result.paragraphs)
    assert sanitize(result.html, anchor="x") == result.html
    assert render(result.source, anchor="x") == result
    assert sanitize(render(source).html) == render(source).html


@settings(max_examples=100, deadline=None, database=None)
@given(html=st.lists(st.sampled_from([case.source[:400] for case in HTML]) | markdownish, max_size=4).map("".join))
def test_any_html_is_cut_to_what_is_allowed(html: str) -> None:
    clean = sanitize(normalize(html))
    check(by_standard_library(clean))
    check(by_html5lib(clean))


@pytest.mark.parametrize("url", URLS_REFUSED)
def test_bad_addresses_are_never_links(url: str) -> None:
    assert not safe_url(url)
    assert "href" not in sanitize(f'<a href="{url}">x</a>') or '"' in url or url.strip() != url or not url.isprintable()


@pytest.mark.parametrize("url", URLS_ALLOWED)
def test_good_addresses_become_links(url: str) -> None:
    assert safe_url(url)
    assert 'href="' in render(f"[x]({url})").html
    assert 'href="' in sanitize(f'<a href="{url}">x</a>')


@pytest.mark.parametrize("part", ["[](https://un.org/)", "a\n\n", "- a\n\nb\n\n", "> a\n\n"])
def test_numbers_stop_before_they_bloat_the_page(part: str) -> None:
    result = render((part * MAX_SOURCE)[:MAX_SOURCE], anchor="a" * 36)
    assert result.paragraphs <= MAX_NUMBERED
    assert len(result.html) < 15 * MAX_SOURCE


class _Text(HTMLParser):
    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_thousand_quotation_marks_keep_the_text_and_little_depth() -> None:
    html = render(">" * 1000 + " kept").html
    reader = _Text()
    reader.feed(html)
    assert "kept" in reader.text
    assert html.count("<blockquote") == 16
    assert reader.text.count(">") == 1000 - 16
