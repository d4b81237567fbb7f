"""The neutral sentences, letter by letter where they are standard texts."""

from collections.abc import Callable

import pytest

from forum.kernel.locales import LANGS, Lang
from forum.objectives.neutral import disclaimer, kosovo_note, not_a_un_site, views_of_authors
from forum.objectives.wording import Wording

DISCLAIMER_EN = (
    "The designations employed and the presentation of material do not imply the expression of any opinion whatsoever "
    "on the part of the Secretariat of the United Nations concerning the legal status of any country, territory, city "
    "or area, or of its authorities, or concerning the delimitation of its frontiers or boundaries."
)
DISCLAIMER_FR = (
    "Les appellations employées et la présentation des données n’impliquent, de la part du Secrétariat de "
    "l’Organisation des Nations Unies, aucune prise de position quant au statut juridique des pays, territoires, "
    "villes ou zones, ou de leurs autorités, ni quant au tracé de leurs frontières ou limites."
)
KOSOVO_EN = (
    "*References to Kosovo shall be understood to be in the context of United Nations Security Council resolution 1244 (1999)."
)


@pytest.mark.parametrize(
    ("sentence", "lang", "text"),
    [
        (disclaimer, "en", DISCLAIMER_EN),
        (disclaimer, "fr", DISCLAIMER_FR),
        (kosovo_note, "en", KOSOVO_EN),
        (views_of_authors, "en", "Contributions express the views of their authors only."),
        (not_a_un_site, "en", "This is a demonstration and not a United Nations site."),
    ],
)
def test_the_sentence_is_exactly_this(sentence: Callable[[str], Wording], lang: Lang, text: str) -> None:
    assert sentence(lang).text == text


@pytest.mark.parametrize("lang", LANGS)
def test_the_disclaimer_is_there_in_every_language_and_standard_in_english_and_french_only(lang: Lang) -> None:
    assert disclaimer(lang).lang == lang
    assert disclaimer(lang).status == ("official" if lang in {"en", "fr"} else "unofficial")


@pytest.mark.parametrize("sentence", [views_of_authors, not_a_un_site])
def test_our_own_sentences_are_there_in_every_language_and_claim_no_status(sentence: Callable[[str], Wording]) -> None:
    assert [sentence(lang).lang for lang in LANGS] == list(LANGS)
    assert {sentence(lang).status for lang in LANGS} == {None}


@pytest.mark.parametrize(("lang", "shown"), [("en", "en"), ("fr", "fr"), ("ar", "en"), ("zh", "en"), ("es", "en")])
def test_the_kosovo_footnote_is_shown_in_a_language_it_exists_in(lang: Lang, shown: Lang) -> None:
    note = kosovo_note(lang)
    assert (note.lang, note.dir, note.status) == (shown, "ltr", "official")
    assert "1244 (1999)" in note.text
