"""The 23 objectives and “General”."""

import pytest

from forum.kernel.locales import LANGS, Lang
from forum.objectives.compact import commitment, objective, objectives
from forum.objectives.imrf import round_tables

NUMBERED = range(1, 24)


def test_there_are_23_objectives_and_then_the_general_facet() -> None:
    assert [one.number for one in objectives()] == [*NUMBERED, 0]


@pytest.mark.parametrize("number", NUMBERED)
def test_an_objective_has_its_paragraph_and_the_round_table_that_reviews_it(number: int) -> None:
    one = objective(number)
    assert one.paragraph == number + 16
    assert [table.number for table in round_tables() if number in table.objective_numbers] == [one.round_table]


def test_the_general_facet_is_no_objective_of_the_compact() -> None:
    general = objective(0)
    assert (general.is_general, general.paragraph, general.round_table) == (True, None, None)
    assert {general.title(lang).status for lang in LANGS} == {"unofficial"}
    assert general.label("fr").text == "Général"


@pytest.mark.parametrize("number", [-1, 24, 1_000])
def test_there_is_no_other_objective(number: int) -> None:
    with pytest.raises(KeyError):
        objective(number)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("number", [0, *NUMBERED])
def test_label_and_title_are_there_in_every_language_and_say_whether_they_are_official(number: int, lang: Lang) -> None:
    for wording in (objective(number).label(lang), objective(number).title(lang)):
        assert wording.text.strip() == wording.text != ""
        assert wording.lang == lang
        assert wording.status in {"official", "unofficial"}
        assert wording.source


@pytest.mark.parametrize(
    ("lang", "official"),
    [
        ("en", set(NUMBERED)),
        ("fr", set(NUMBERED) - {18}),
        ("es", {1, 2, 7, 8, 13, 19, 21, 22, 23}),
        ("ar", {15}),
        ("ru", {1}),
        ("zh", set[int]()),
    ],
)
def test_only_the_titles_seen_in_a_united_nations_text_are_official(lang: Lang, official: set[int]) -> None:
    assert {number for number in NUMBERED if objective(number).title(lang).status == "official"} == official


@pytest.mark.parametrize("lang", LANGS)
def test_no_two_objectives_share_a_label_or_a_title(lang: Lang) -> None:
    assert len({one.label(lang).text for one in objectives()}) == 24
    assert len({one.title(lang).text for one in objectives()}) == 24


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Address and reduce vulnerabilities in migration"),
        ("fr", "S’attaquer aux facteurs de vulnérabilité liés aux migrations et les réduire"),
        ("es", "Abordar y reducir las vulnerabilidades en la migración"),
    ],
)
def test_objective_7_has_its_official_title(lang: Lang, title: str) -> None:
    assert objective(7).title(lang).text == title


def test_the_full_text_of_objective_7_ships() -> None:
    text = commitment(7)
    assert text is not None
    assert [action.letter for action in text.actions] == list("abcdefghijkl")
    assert text.paragraph == objective(7).paragraph
    assert text.text("en").text.startswith("We commit to respond to the needs of migrants")
    assert (text.text("es").lang, text.text("zh").lang) == ("es", "en")
    assert "Global Migration Group’s Principles" in text.action("l").text("en").text
    assert len(text.narrative) == 3
    assert commitment(8) is None


@pytest.mark.parametrize(("lang", "letters"), [("ar", "أبجدهـوزحطيكل"), ("fr", "abcdefghijkl"), ("ru", "abcdefghijkl")])
def test_actions_are_lettered_as_united_nations_documents_letter_them(lang: Lang, letters: str) -> None:
    text = commitment(7)
    assert text is not None
    assert "".join(action.letter_in(lang) for action in text.actions) == letters


def test_there_is_no_action_m() -> None:
    text = commitment(7)
    assert text is not None
    with pytest.raises(KeyError):
        text.action("m")
