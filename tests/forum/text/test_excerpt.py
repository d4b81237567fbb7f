"""Excerpts in six languages, cut where a reader would."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.text.excerpt import excerpt, plain_text
from forum.text.markup import render

ROWS = [
    ("a short text stays", "Hello  world\n", 11, "Hello world"),
    ("words stay whole", "Hello world and all", 13, "Hello world…"),
    ("a long word is cut", "Donaudampfschifffahrt", 10, "Donaudamp…"),
    ("no comma before the dots", "Hello, world and", 8, "Hello…"),
    ("Chinese is cut anywhere", "移民问题国际审查论坛的圆桌会议", 8, "移民问题国际审…"),
    ("Chinese after Latin", "IMRF 国际移民问题审查论坛", 8, "IMRF 国际…"),
    ("Latin in Chinese stays whole", "国际移民问题审查 migration", 12, "国际移民问题审查…"),
    ("Arabic words stay whole", "منتدى استعراض الهجرة الدولية", 16, "منتدى استعراض…"),
    ("a letter keeps its accent", "aaaaaaaae\u0301bbb", 10, "aaaaaaaa…"),
    ("an emoji family stays together", "中中中👨\u200d👩\u200d👧中中中", 7, "中中中…"),
    ("a flag stays together", "中中🇨🇭🇫🇷中中中中", 6, "中中🇨🇭…"),
    ("nothing but marks", "\u0301" * 20, 5, "…"),
    ("typed tags stay", "a <b> c", 10, "a <b> c"),
    ("one character", "abc", 1, "…"),
]


@pytest.mark.parametrize(("sentence", "text", "limit", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_excerpt(sentence: str, text: str, limit: int, expected: str) -> None:
    assert excerpt(text, limit) == expected


def test_an_excerpt_of_html_is_its_text() -> None:
    html = render("A *b* <i>c</i> &amp;\n\n- d\n- e", anchor="x").html
    assert plain_text(html) == "A b <i>c</i> &amp;\nd\ne"
    assert excerpt(html, 100) == "A b <i>c</i> &amp; d e"


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        excerpt("a", 0)


@settings(max_examples=200, deadline=None, database=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=())), limit=st.integers(1, 60))
def test_an_excerpt_is_a_whole_beginning(text: str, limit: int) -> None:
    result = excerpt(text, limit)
    assert len(result) <= limit
    result.encode()
    whole = " ".join("".join(char for char in text if not "\ud800" <= char <= "\udfff").split())
    if result != whole:
        assert result.endswith("…")
        assert whole.startswith(result[:-1])


@settings(max_examples=200, deadline=None, database=None)
@given(text=st.text(alphabet="ab \u0301\u0323", min_size=1), limit=st.integers(1, 20))
def test_no_mark_is_left_behind(text: str, limit: int) -> None:
    result = excerpt(text, limit)
    whole = " ".join(text.split())
    if result not in (whole, "…"):
        after = whole[len(result) - 1 :][:1]
        assert not (after and unicodedata.combining(after))
