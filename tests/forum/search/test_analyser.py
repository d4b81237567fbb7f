"""One analyser: a word finds its other forms, in each language, and nothing typed is anything but words."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.locales import LANGS
from forum.search.analyser import forms, parse, tokens

FOUND = [
    ("en", "Vulnerabilities change as people migrate.", ["vulnerability", "changing", "VULNERABILITIES", "migrating", "people"]),
    (
        "fr",
        "L’accès des réfugiées à la santé, une vulnérabilité.",
        ["acces", "accès", "réfugiés", "refugie", "SANTÉ", "vulnérable"],
    ),
    ("fr", "La main-d’œuvre étrangère.", ["oeuvre", "œuvres", "étrangères", "etranger"]),
    ("es", "Los niños y las migraciones laborales.", ["niño", "ninos", "migración", "migracion", "laboral"]),
    ("ru", "Уязвимость детей и всё, что связано с миграцией.", ["уязвимости", "дети", "все", "миграция", "связана"]),
    ("ar", "والهجرة وحقوق المهاجرين في الصحة", ["هجرة", "الهجرة", "بالهجرة", "مهاجرون", "مهاجرات", "للمهاجرين", "حقوق", "الصحّة"]),
    ("ar", "السياسات والخدمات", ["سياسة", "خدمة", "وسياسات", "بالخدمات"]),
    ("ar", "حماية الأطفال", ["أطفال", "للأطفال", "اطفال", "الحماية"]),
    ("zh", "移民政策的脆弱性", ["移民", "政策", "移民政策", "民", "脆弱"]),
    ("ru", "Проект Migration Network", ["networks", "migration"]),
    ("en", "See A/RES/73/195 of 2018.", ["A/RES/73/195", "٢٠١٨"]),
]
NOT_FOUND = [
    ("en", "Vulnerabilities", ["voluntary", "fragile"]),
    ("fr", "Les pays d’accueil", ["paying", "payment"]),
    ("zh", "移民政策", ["民移", "人民"]),
    ("ar", "الهجرة", ["الحجر"]),
    ("ru", "Мигранты", ["эмигранты"]),
]


def found(lang: str, text: str, asked: str) -> bool:
    """Whether an engine would find the text: a token of each term."""
    have = set(tokens([(lang, text)]))
    query = parse(asked)
    return bool(query.terms) and all(have & set(term) for term in query.terms)


@pytest.mark.parametrize(("lang", "text", "asked"), [(lang, text, one) for lang, text, many in FOUND for one in many])
def test_a_word_finds_its_other_forms(lang: str, text: str, asked: str) -> None:
    assert found(lang, text, asked)


@pytest.mark.parametrize(("lang", "text", "asked"), [(lang, text, one) for lang, text, many in NOT_FOUND for one in many])
def test_another_word_is_not_found(lang: str, text: str, asked: str) -> None:
    assert not found(lang, text, asked)


def contributions() -> list[tuple[str, str]]:
    raw = json.loads(files("forum.demo").joinpath("data/contributions.json").read_text("utf-8"))
    return [(one["lang"], one["text"]) for one in raw["contributions"]]


DEMONSTRATED = [
    ("en", "vulnerability", "vulnerabilities"),
    ("en", "employers", "employer"),
    ("fr", "vulnérabilités", "vulnérabilité"),
    ("fr", "delegations", "Délégation"),
    ("fr", "accessible", "accessible"),
    ("es", "migratorio", "migratoria"),
    ("es", "delegaciones", "Delegación"),
    ("ru", "обращение", "обращений"),
    ("ru", "ребенку", "ребёнку"),
    ("ar", "خدمة", "الخدمات"),
    ("ar", "مهاجرون", "المهاجرين"),
    ("zh", "移民", "移民"),
]


@pytest.mark.parametrize(("lang", "asked", "written"), DEMONSTRATED)
def test_demonstrated_contributions_are_found(lang: str, asked: str, written: str) -> None:
    texts = [text for spoken, text in contributions() if spoken == lang and written in text]
    assert texts, f"no contribution in {lang} says {written}"
    assert all(found(lang, text, asked) for text in texts)


def test_all_words_must_be_there_and_little_ones_need_not() -> None:
    assert found("en", "Health of migrants", "the health of the migrants")
    assert not found("en", "Health of migrants", "health housing")
    assert parse("of the").terms, "little words alone are asked for"


def test_signs_are_no_operators() -> None:
    assert parse('"health" AND (migr* OR NOT x:y)') == parse("health and migr or not x y")
    assert parse("' OR 1=1 -- \\ & | ! <-> \x00") == parse("or 1 1")
    assert parse("\U0001f44d ??? \u202e").terms == ()


@given(st.text(max_size=200), st.sampled_from(LANGS))
def test_every_text_is_found_by_itself(text: str, lang: str) -> None:
    assert found(lang, text, text) or not parse(text).terms


@given(st.text(max_size=60), st.sampled_from(LANGS))
def test_tokens_are_words_for_both_engines(text: str, lang: str) -> None:
    """No space, no sign, no capital of ASCII: FTS5 takes them apart at spaces alone, a tsquery may quote them."""
    for token in tokens([(lang, text)]):
        assert token.isascii() is token.isalnum() or not token.isascii()
        assert token == token.strip()
        assert not set(token) & set("\"'\\ \x00\ue000\ue001\ue002")
        assert token.lower() == token or not token.isascii()
        assert 0 < len(token.encode()) < 2046


def test_a_form_is_of_its_language() -> None:
    assert set(forms("pays", "fr")).isdisjoint(forms("pays", "en"))
