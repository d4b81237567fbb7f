"""Two texts compared: what was taken out and what was put in, as somebody reads it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.comparing import MOST, Piece, compare, paragraphs, tokens


def drawn(pieces: list[Piece]) -> str:
    """Return pieces as one line: [-out-] and {+in+}."""
    marks = {"same": ("", ""), "out": ("[-", "-]"), "in": ("{+", "+}")}
    return "".join(f"{marks[one.kind][0]}{one.text}{marks[one.kind][1]}" for one in pieces)


TABLE = [
    ("nothing has changed", "One two.", "One two.", "One two."),
    ("a word is exchanged as a whole", "It takes three days.", "It takes thirty days.", "It takes [-three-]{+thirty+} days."),
    ("a word put in", "A hotline.", "A free hotline.", "A {+free +}hotline."),
    ("a word taken out at the end", "Open at night too", "Open at night", "Open at night[- too-]"),
    ("a sign of its own", "Yes, we can", "Yes we can", "Yes[-,-] we can"),
    ("all is new", "", "New.", "{+New.+}"),
    ("all is gone", "Old.", "", "[-Old.-]"),
    ("both are empty", "", "", ""),
    ("two changes held apart by a space are one", "red cars go", "blue bikes go", "[-red cars-]{+blue bikes+} go"),
    ("Chinese is compared by the character", "我们保护移民", "我们尊重移民", "我们[-保护-]{+尊重+}移民"),
    ("Arabic by the word, with its vowel signs", "حقُوق الإنسان", "حقوق الإنسان", "[-حقُوق-]{+حقوق+} الإنسان"),
    ("a word of Cyrillic", "Права мигрантов", "Права детей", "Права [-мигрантов-]{+детей+}"),
    ("a paragraph put in tears no neighbour apart", "One.\n\nThree.", "One.\n\nTwo.\n\nThree.", "One.\n\n{+Two.\n\n+}Three."),
]


@pytest.mark.parametrize(("said", "old", "new", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_what_is_read(said: str, old: str, new: str, expected: str) -> None:
    assert drawn(compare(old, new)) == expected


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_is_lost(old: str, new: str) -> None:
    """Each side can be put together again, and no piece stands beside one of its own kind."""
    found = compare(old, new)
    assert "".join(one.text for one in found if one.kind != "in") == old
    assert "".join(one.text for one in found if one.kind != "out") == new
    assert all(one.text for one in found)
    assert all(a.kind != b.kind for a, b in itertools.pairwise(found))


@given(st.text(max_size=300))
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


HOSTILE = [
    ("nothing in common", "ab " * 3_333, "cd " * 3_333),
    ("one character each", "a,b;" * 2_500, "b;a," * 2_500),
    ("Chinese turned round", "甲乙丙丁" * 2_500, "丁丙乙甲" * 2_500),
    ("no spaces", "x" * 10_000, "y" * 10_000),
    ("breaks alone", "\n\n" * 5_000, "\n \n" * 3_000),
    ("brackets", "[(" * 5_000, "(]" * 5_000),
]


@pytest.mark.parametrize(("said", "old", "new"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_the_longest_texts_are_compared_whole(said: str, old: str, new: str) -> None:
    """A comment of 10,000 signs has fewer tokens than the bound: none is exchanged unread, and the pieces are no more than the tokens."""
    found = compare(old, new)
    assert "".join(one.text for one in found if one.kind != "in") == old
    assert "".join(one.text for one in found if one.kind != "out") == new
    assert len(tokens(old)) <= MOST
    assert len(found) <= len(tokens(old)) + len(tokens(new))


def test_beyond_the_bound_the_whole_is_exchanged() -> None:
    old = "a " * MOST
    assert [one.kind for one in compare(old, old + "b")] == ["out", "in"]


def test_paragraphs() -> None:
    """For reading, a paragraph at a time; a break that is put in makes the rest a paragraph of its own."""
    found = paragraphs(compare("One.\n\nTwo now\n\nEnd.", "One.\n\nThree now\n\nFour!\n\nEnd."))
    assert [drawn(one) for one in found] == ["One.", "[-Two-]{+Three+} now", "{+Four!+}", "End."]
