"""Texts in several languages, and what holds for every data file that ships."""

import json
import re
import unicodedata
from importlib.resources import files

import pytest

from forum.objectives.wording import Wording, wordings

DATA_FILES = sorted(entry.name for entry in (files("forum.objectives") / "data").iterdir() if entry.name[-5:] == ".json")


def content(name: str) -> str:
    return (files("forum.objectives") / "data" / name).read_text(encoding="utf-8")


def test_a_wording_is_given_in_the_language_asked_for_or_says_which_other_it_is_in() -> None:
    texts = wordings(
        {
            "fr": {"text": "oui", "status": "official", "source": "seen"},
            "ar": {"text": "نعم", "status": "unofficial"},
        }
    )
    assert texts("fr") == Wording("oui", "fr", "official", "seen")
    assert texts("ru") == texts("fr")
    assert (texts("ar").dir, texts("ar").is_unofficial, str(texts("ar"))) == ("rtl", True, "نعم")
    assert texts.langs == ("ar", "fr")


def test_no_wording_at_all_is_empty_and_claims_nothing() -> None:
    assert wordings({})("fr") == Wording("", "en", None)


@pytest.mark.parametrize(("lang", "status"), [("de", "official"), ("fr", "certain"), ("fr", "")])
def test_a_data_file_with_an_unknown_language_or_status_is_refused(lang: str, status: str) -> None:
    with pytest.raises(ValueError, match="unknown language or status"):
        wordings({lang: {"text": "x", "status": status}})


@pytest.mark.parametrize("name", DATA_FILES)
def test_every_data_file_is_composed_text_and_says_where_it_comes_from(name: str) -> None:
    text = content(name)
    assert unicodedata.is_normalized("NFC", text)
    assert json.loads(text)["_meta"]["title"]


@pytest.mark.parametrize("name", DATA_FILES)
def test_no_data_file_names_a_territory_the_united_nations_does_not_list(name: str) -> None:
    assert not re.search(r"taiwan|taïwan|taiwán|تايوان|台湾|臺灣|тайвань|\bTWN\b|\bXKX\b", content(name), re.IGNORECASE)


@pytest.mark.parametrize("name", [name for name in DATA_FILES if name != "neutral.json"])
def test_kosovo_stands_in_its_footnote_only(name: str) -> None:
    assert not re.search(r"kosovo|كوسوفو|科索沃|косово", content(name), re.IGNORECASE)
