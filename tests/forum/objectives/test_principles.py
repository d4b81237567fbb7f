"""The ten guiding principles and the extra facet."""

import pytest

from forum.kernel.locales import LANGS, Lang
from forum.objectives.principles import guiding_principles, principle, principles


def test_there_are_ten_guiding_principles_in_the_order_of_the_resolution_and_one_more_facet() -> None:
    assert [one.paragraph for one in principles()] == [*(f"15 ({letter})" for letter in "abcdefghij"), None]
    assert [one.order for one in principles()] == list(range(1, 12))
    assert guiding_principles() == principles()[:10]
    assert not principle("global-geographic-scope").guiding


@pytest.mark.parametrize("lang", LANGS)
def test_every_principle_has_a_name_in_every_language(lang: Lang) -> None:
    names = [one.name(lang) for one in principles()]
    assert all(name.text and name.lang == lang for name in names)
    expected = "unofficial" if lang in {"ar", "ru"} else "official"
    assert {name.status for name in names[:10]} == {expected}


@pytest.mark.parametrize(
    ("slug", "lang", "name"),
    [
        ("people-centred", "fr", "Priorité à la dimension humaine"),
        ("child-sensitive", "zh", "敏感认识到儿童问题"),
        ("whole-of-society", "es", "Enfoque pansocial"),
    ],
)
def test_a_principle_is_found_by_its_slug(slug: str, lang: Lang, name: str) -> None:
    assert principle(slug).name(lang).text == name


def test_an_unknown_slug_is_no_principle() -> None:
    with pytest.raises(KeyError):
        principle("popularity")
