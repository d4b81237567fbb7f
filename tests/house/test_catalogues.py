"""Every word of the interface exists in all six languages, and says as much as the English one."""

import pytest
from babel.messages.plurals import get_plural

from tests.house import catalogue


def test_something_is_extracted() -> None:
    """An empty list would make every other test here pass."""
    assert len(catalogue.extracted()) > 50


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_catalogue_is_in_step_with_the_sources(language: str) -> None:
    assert not catalogue.missing(language), "run `make messages`"
    assert not catalogue.gone(language), "run `make messages`"


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_everything_is_translated(language: str) -> None:
    found = list(catalogue.faults(language))
    assert not found, "\n".join([*found[: catalogue.FIRST], f"{len(found)} faults: python -m tests.house.catalogue {language}"])


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_plural_forms_are_the_language_s_own(language: str) -> None:
    """The header decides which form is shown for 2 or 5: it must be the one that Babel knows."""
    read = catalogue.catalogue(language)
    assert read.num_plurals == catalogue.PLURALS[language] == get_plural(language).num_plurals
    assert read.plural_expr == get_plural(language).plural_expr
