"""Words in any script, each at its place, in one form however they are spelled."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forum.search.words import MAX_WORD, words

SAID = [
    ("L’accès d'une main-d'œuvre", ["accès", "une", "main", "oeuvre"]),
    ("aujourd'hui, qu’il", ["aujourdhui", "il"]),
    ("the migrant's rights; don't, O'Brien", ["the", "migrant", "rights", "dont", "obrien"]),
    ("A/RES/73/195", ["a", "res", "73", "195"]),
    ("Ребёнок", ["ребенок"]),
    ("\u0645\u0640\u0640\u0647\u0627\u062c\u0631", ["مهاجر"]),
    ("移民 政", ["移", "移民", "民", "政"]),
    ("policy移民", ["policy", "移", "移民", "民"]),
    ("ＭＩＧＲＡＴＩＯＮ ﬁn ２０２２ ٢٠٢٢", ["migration", "fin", "2022", "2022"]),
    ("हिन्दी", ["हिन्दी"]),
    ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zero", "width"]),
    ("Straße İstanbul", ["strasse", "i̇stanbul"]),
    ("\U0001f44d\U0001f3fd — “…” \x00 * \" ' ( ) : & | ! -", []),
    ("x" * 10_000, ["x" * MAX_WORD]),
]


@pytest.mark.parametrize(("text", "expected"), SAID, ids=[text[:12] for text, _ in SAID])
def test_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_a_word_stands_where_it_is_read() -> None:
    text = "Voilà l’accès — 移民政策!"
    assert [text[word.start : word.end] for word in words(text)] == [
        "Voilà",
        "accès",
        "移",
        "移民",
        "民",
        "民政",
        "政",
        "政策",
        "策",
    ]


@given(st.text(max_size=300))
def test_any_text_has_words_at_places_in_order(text: str) -> None:
    last = 0
    for word in words(text):
        assert word.text
        assert len(word.text) <= MAX_WORD
        assert last <= word.start < word.end <= len(text)
        last = word.start
        # Nothing in a word means anything to an engine, and the index's own marks cannot be typed.
        assert not set(word.text) & set("\"'\\&|!:*()<>+-^~{}[]\x00 \ue000\ue001\ue002")


@given(st.text(max_size=100))
@example("ก\u0e33")
@example("ກ\u0eb3")
def test_words_of_a_word_are_itself(text: str) -> None:
    """What is searched as it is shown is found."""
    for word in words(text):
        assert word.text in [again.text for again in words(word.text)]
