"""Regions, groups, kinds, types and stakeholder groups."""

from collections.abc import Callable

import pytest

from forum.kernel.locales import LANGS
from forum.objectives.stakeholders import stakeholder_group, stakeholder_groups
from forum.objectives.taxonomy import Term, content_kinds, regions, resource_types, un_groups

LISTS: list[tuple[Callable[[], tuple[Term, ...]], int, set[str]]] = [
    (regions, 5, set(LANGS)),
    (un_groups, 5, {"en"}),
    (content_kinds, 5, {"fr"}),
    (resource_types, 12, {"en"}),
    (stakeholder_groups, 17, set()),
]


@pytest.mark.parametrize(("terms", "count", "official"), LISTS)
def test_a_list_is_whole_in_every_language_and_official_only_where_it_was_seen(
    terms: Callable[[], tuple[Term, ...]], count: int, official: set[str]
) -> None:
    assert len({term.slug for term in terms()}) == len(terms()) == count
    for lang in LANGS:
        found = [term.name(lang) for term in terms()]
        assert len({name.text for name in found}) == count
        assert {name.lang for name in found} == {lang}
        assert {name.status for name in found} == {"official" if lang in official else "unofficial"}


def test_only_regions_have_an_m49_code() -> None:
    assert [region.m49 for region in regions()] == ["002", "019", "142", "150", "009"]
    assert {kind.m49 for kind in content_kinds()} == {None}


def test_a_stakeholder_group_is_found_by_its_slug() -> None:
    assert stakeholder_group("local-authority").name("fr").text == "Autorités locales et régionales"
    with pytest.raises(KeyError):
        stakeholder_group("influencer")
