"""Names: whose stay as they are, which are refused, and which two are one to the eye."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.text.names import clean_name, skeleton
from tests.support.hostile import NAMES_REFUSED

KEPT = [
    "Li", "Anne-Marie O’Neill", "José Ángel de la Cruz", "Нина Ёлкина", "王伟", "محمد بن عبد الله", "नीलम शर्मा", "Nguyễn Thị Minh",
    "Jean D´Angelo", "نی\u200cلوفر", "Dr. R. Smith (UNHCR)", "Þóra Ólafsdóttir", "ก้อง", "Sally <b>Jones</b>", "D'Arcy & Sons",
]  # fmt: skip
SAME = [
    ("case", "OHCHR", "ohchr"),
    ("accents", "José", "Jose"),
    ("spaces and points", "J. R. Smith", "JR Smith"),
    ("Cyrillic letters", "ОНСНR", "OHCHR"),
    ("Greek letters", "ΟΗCΗR", "OHCHR"),
    ("mixed letters", "mоdеrаtоr", "moderator"),
    ("figures", "C00rdinat0r", "Coordinator"),
    ("one and l and I and stroke", "I1l|", "llll"),
    ("r and n", "rnoderator", "moderator"),
    ("v and v", "UNWVV", "UNVVW"),
    ("full width", "ＯＨＣＨＲ", "OHCHR"),
    ("mathematical letters", "𝐎𝐇𝐂𝐇𝐑", "OHCHR"),
    ("ligature", "Oﬃce", "Office"),
    ("hyphens", "Anna‑Maria", "Anna Maria"),
    ("invisible", "mod\u200berator\u00ad", "moderator"),
    ("hamza", "أحمد", "احمد"),
    ("tatweel", "محـــمد", "محمد"),
    ("Persian letters", "علی", "علي"),
    ("sharp s", "Weiß", "WEISS"),
    ("other figures", "Team ٣", "Team 3"),
]


@pytest.mark.parametrize("name", KEPT)
def test_real_names_stay(name: str) -> None:
    assert clean_name(name) == name


def test_spaces_and_forms_are_tidied_and_the_order_stays() -> None:
    assert clean_name("  Ban\u00a0 \u3000Ki-moon ") == "Ban Ki-moon"
    assert clean_name("Rene\u0301e") == "Renée"
    assert clean_name("王 " + "a" * 78) == "王 " + "a" * 78


@pytest.mark.parametrize("name", NAMES_REFUSED, ids=ascii)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^name\.invalid$"):
        clean_name(name)


@pytest.mark.parametrize(("why", "one", "other"), SAME, ids=[row[0] for row in SAME])
def test_look_alikes_share_a_skeleton(why: str, one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Anna", "Anne"), ("王伟", "王芳"), ("नीलम", "नलम"), ("Ким", "Ли"), ("محمد", "أحمد")])
def test_different_names_differ(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@settings(max_examples=300, deadline=None, database=None)
@given(name=st.text(alphabet=st.characters(exclude_categories=()), max_size=90))
def test_any_text_is_cleaned_or_refused_and_has_a_skeleton(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)
    try:
        cleaned = clean_name(name)
    except ValueError:
        return
    assert clean_name(cleaned) == cleaned
    cleaned.encode()
    assert 2 <= len(cleaned) <= 80
