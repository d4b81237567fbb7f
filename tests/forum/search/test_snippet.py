"""Snippets: plain pieces of the text around what was searched, which put together are the text itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.locales import LANGS
from forum.search.analyser import parse
from forum.search.snippet import LENGTH, marked, snippet
from forum.text.excerpt import ELLIPSIS


def found(text: str, lang: str, asked: str) -> list[str]:
    return [piece.text for piece in snippet(text, lang, parse(asked)) if piece.found]


MARKED = [
    ("fr", "L’accès des réfugiées à l’école", "refugie acces", ["accès", "réfugiées"]),
    ("ar", "نرحب بالمهاجرين والهجرة", "هجرة مهاجر", ["بالمهاجرين", "والهجرة"]),
    ("zh", "应把移民政策纳入计划", "移民政策", ["移民政策"]),
    ("en", "The migrant's <b>rights</b>", "right migrant", ["migrant", "rights"]),
    ("ru", "Ещё ребёнок", "еще", ["Ещё"]),
]


@pytest.mark.parametrize(("lang", "text", "asked", "expected"), MARKED)
def test_words_are_marked_as_they_are_written(lang: str, text: str, asked: str, expected: list[str]) -> None:
    assert found(text, lang, asked) == expected
    assert "".join(piece.text for piece in snippet(text, lang, parse(asked))) == text


def test_the_part_is_where_the_words_stand_together() -> None:
    text = "Health. " + "Other words follow here. " * 60 + "Health and housing of migrants matter. " + "More words. " * 60
    pieces = snippet(text, "en", parse("housing migrant"))
    shown = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.found] == ["housing", "migrants"]
    assert shown.startswith(ELLIPSIS)
    assert shown.endswith(ELLIPSIS)
    assert len(shown) <= LENGTH + 1


def test_without_a_word_found_the_beginning_is_shown() -> None:
    assert "".join(piece.text for piece in snippet("word " * 200, "en", parse("RT4"))).startswith("word word")
    assert snippet("", "en", parse("word")) == []


@given(st.text(max_size=600), st.text(min_size=1, max_size=30), st.sampled_from(LANGS))
def test_pieces_are_the_text_and_never_longer_than_they_may_be(text: str, asked: str, lang: str) -> None:
    assert "".join(piece.text for piece in marked(text, lang, parse(asked))) == text
    shown = "".join(piece.text for piece in snippet(text, lang, parse(asked)))
    assert len(shown) <= LENGTH + 1
    assert shown.strip(ELLIPSIS) in " ".join(text.split()) or any("\ud800" <= char <= "\udfff" for char in text)
