"""The forum, its round tables and its editions."""

from datetime import date

import pytest

from forum.kernel.locales import LANGS, Lang
from forum.objectives.imrf import compact_name, edition, editions, forum_name, round_table, round_tables


@pytest.mark.parametrize(
    ("number", "numbers"),
    [
        (1, (2, 5, 6, 12, 18)),
        (2, (4, 8, 9, 10, 11, 13, 21)),
        (3, (14, 15, 16, 19, 20, 22)),
        (4, (1, 3, 7, 17, 23)),
    ],
)
def test_a_round_table_reviews_the_group_of_resolution_73_326(number: int, numbers: tuple[int, ...]) -> None:
    table = round_table(number)
    assert tuple(one.number for one in table.objectives) == numbers
    assert {one.round_table for one in table.objectives} == {number}


def test_every_objective_is_reviewed_once() -> None:
    assert sorted(number for table in round_tables() for number in table.objective_numbers) == list(range(1, 24))


@pytest.mark.parametrize("lang", LANGS)
def test_round_tables_are_named_by_number_and_their_themes_are_never_official(lang: Lang) -> None:
    for table in round_tables():
        assert str(table.number) in table.name(lang).text
        assert table.name(lang).status is None
        assert (table.theme(lang).lang, table.theme(lang).status) == (lang, "unofficial")


@pytest.mark.parametrize("number", [0, 5])
def test_there_are_four_round_tables(number: int) -> None:
    with pytest.raises(KeyError):
        round_table(number)


@pytest.mark.parametrize(
    ("lang", "name", "status"),
    [
        ("ar", "منتدى استعراض الهجرة الدولية", "official"),
        ("zh", "国际移民问题审查论坛", "official"),
        ("en", "International Migration Review Forum", "official"),
        ("fr", "Forum d’examen des migrations internationales", "official"),
        ("ru", "Форум по рассмотрению проблем международной миграции", "unofficial"),
        ("es", "Foro de Examen de la Migración Internacional", "official"),
    ],
)
def test_the_forum_has_its_name_and_the_russian_one_is_marked_as_ours(lang: Lang, name: str, status: str) -> None:
    assert (forum_name(lang).text, forum_name(lang).status) == (name, status)
    assert (compact_name(lang).lang, compact_name(lang).status) == (lang, "official")


def test_the_first_forum_is_certain_the_second_less_and_of_the_third_only_the_year_is_known() -> None:
    first, second, third = editions()
    assert (first.first_day, first.last_day) == (date(2022, 5, 17), date(2022, 5, 20))
    assert (first.certainty, first.groups_confirmed, first.declaration) == ("high", True, "A/RES/76/266")
    assert (second.first_day, second.last_day) == (date(2026, 5, 5), date(2026, 5, 8))
    assert (second.certainty, second.groups_confirmed, second.declaration) == ("medium-high", False, None)
    assert (third.year, third.first_day, third.certainty) == (2030, None, "year-only")
    assert edition(2022) is first


def test_there_was_no_forum_in_2024() -> None:
    with pytest.raises(KeyError):
        edition(2024)
