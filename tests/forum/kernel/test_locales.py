"""The six languages: order, direction, the choice by header, the fall back to another text."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.locales import ENDONYM, LANGS, Lang, best_language, direction, is_lang, pick


def test_the_switcher_shows_the_languages_in_the_order_and_under_the_names_of_the_united_nations() -> None:
    assert [ENDONYM[lang] for lang in LANGS] == ["العربية", "中文", "English", "Français", "Русский", "Español"]
    assert LANGS == ("ar", "zh", "en", "fr", "ru", "es")


@pytest.mark.parametrize("lang", [*LANGS, "xx", ""])
def test_only_arabic_runs_from_right_to_left(lang: str) -> None:
    assert direction(lang) == ("rtl" if lang == "ar" else "ltr")


@pytest.mark.parametrize("value", ["EN", "en-GB", "de", "", " en", None, 1, ["en"], b"en"])
def test_only_an_exact_code_is_a_language(value: object) -> None:
    assert not is_lang(value)
    assert all(is_lang(lang) for lang in LANGS)


@pytest.mark.parametrize(
    ("header", "expected", "why"),
    [
        (None, "en", "no header, the default"),
        ("", "en", "an empty header, the default"),
        ("fr", "fr", "one language"),
        ("fr-CA, en;q=0.8", "fr", "a regional form counts as its language"),
        ("ZH-Hant-TW", "zh", "letter case and script do not matter"),
        ("zh_CN", "zh", "an underscore is understood"),
        ("de, es;q=0.5, ru;q=0.7", "ru", "the highest quality among the languages of the forum"),
        ("es, fr", "es", "the first of equals"),
        ("en;q=0.1, ar", "ar", "no quality is quality 1"),
        ("fr;q=0, es;q=0.1", "es", "quality 0 rules out"),
        ("fr-CA;q=0, fr;q=0.4", "fr", "a regional form ruled out leaves the language"),
        ("de", "en", "nothing known, the default"),
        ("*", "en", "a star takes the default first"),
        ("en;q=0, *", "fr", "a star never takes what is ruled out"),
        ("ru;q=0.2, *;q=0.5", "en", "a star counts with its own quality"),
        ("ru;q=0.7, *;q=0.5", "ru", "a star below a named language"),
        ("*;q=0", "en", "everything ruled out, the default"),
        ("fr;q=x, es;q=0.2", "es", "a quality that is no number spoils its range only"),
        ("fr;q=nan, ru;q=inf, es;q=0.2", "es", "words that Python takes for numbers are no qualities"),
        ("fr;q=1.5, es;q=0.2", "es", "a quality above 1 is malformed"),
        ("fr;q=-1, es;q=0.2", "es", "a quality below 0 is malformed"),
        ("fr ; Q = 0.9 , es;q=0.95", "es", "spaces and capitals are understood"),
        ("fr;level=1;q=0.1, es;q=0.2", "es", "other parameters are passed over"),
        (",,;;=,q=1,;q=1, ru", "ru", "rubbish is passed over"),
        ("frite", "en", "a longer word is another tag"),
        ("fr\x00, \ud800, es", "es", "control characters and lone surrogates are passed over"),
        ("de," * 32 + "fr", "en", "the 33rd range is not read"),
        ("x" * 1_000 + ",fr", "en", "what lies beyond 1,000 characters is not read"),
    ],
)
def test_the_header_chooses_the_language(header: str | None, expected: Lang, why: str) -> None:
    assert best_language(header) == expected, why


@pytest.mark.parametrize("lang", LANGS)
def test_the_default_is_the_callers(lang: Lang) -> None:
    assert best_language("de, xx;q=0.4", lang) == lang
    assert best_language("*", lang) == lang


@given(st.text() | st.text(alphabet="fresuzhn*;q=0.19-_, "))
def test_any_header_gives_a_language(header: str) -> None:
    assert best_language(header) in LANGS


@pytest.mark.parametrize(
    ("texts", "lang", "expected"),
    [
        ({"fr": "oui", "en": "yes"}, "fr", ("oui", "fr")),
        ({"fr": "oui", "en": "yes"}, "ru", ("yes", "en")),
        ({"es": "sí", "fr": "oui"}, "ru", ("oui", "fr")),
        ({"es": "sí", "zh": "是"}, "ru", ("sí", "es")),
        ({"ru": "да", "zh": "是"}, "fr", ("是", "zh")),
        ({"fr": None, "en": "yes"}, "fr", ("yes", "en")),
        ({"fr": "", "en": " \n", "ar": "نعم"}, "fr", ("نعم", "ar")),
        ({"de": "ja", "en": "yes"}, "de", ("yes", "en")),
        ({"de": "ja"}, "en", ("", "en")),
        ({}, "ar", ("", "en")),
    ],
)
def test_a_missing_text_gives_way_to_another_and_says_in_which_language_it_is(
    texts: Mapping[str, str | None], lang: str, expected: tuple[str, Lang]
) -> None:
    assert pick(texts, lang) == expected
