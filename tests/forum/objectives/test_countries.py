"""The States: who is listed, under which name, in which order."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest

from forum.kernel.locales import LANGS, Lang
from forum.objectives.countries import Country, countries, country, in_order
from forum.objectives.taxonomy import regions, un_groups

MARKS = re.compile(r"[\u0300-\u036f\u0653-\u0655]")
SHORT_I = "\ue000"


def folded(name: str) -> str:
    """A name without marks, case, hyphens and Arabic article; й stays a letter of its own, after и."""
    plain = name.removeprefix("ال").lower().replace("й", "и" + SHORT_I)
    bare = MARKS.sub("", unicodedata.normalize("NFD", plain))
    return re.sub(r"\s*[-–—]\s*", " ", bare).replace("’", "'")


def names(lang: Lang, status: str = "member") -> list[str]:
    return [one.name(lang) for one in in_order(lang) if one.status == status]


def test_there_are_193_member_states_and_two_observers() -> None:
    assert Counter(one.status for one in countries()) == {"member": 193, "observer": 2}
    assert {one.iso3 for one in countries() if not one.is_member} == {"PSE", "VAT"}


def test_the_regional_groups_have_their_number_of_members_and_observers_belong_to_none() -> None:
    assert Counter(one.un_group for one in countries()) == {
        "african": 54,
        "asia-pacific": 54,
        "eastern-european": 23,
        "latin-american-caribbean": 33,
        "western-european-other": 29,
        None: 2,
    }
    assert {one.un_group for one in countries() if one.is_member} == {group.slug for group in un_groups()}
    assert all(one.is_member == (one.un_group is not None) for one in countries())


def test_the_regions_have_their_number_of_states() -> None:
    assert Counter(one.region for one in countries()) == {
        "africa": 54,
        "americas": 35,
        "asia": 48,
        "europe": 44,
        "oceania": 14,
    }
    assert {one.region for one in countries()} == {region.slug for region in regions()}


@pytest.mark.parametrize(("code", "pattern"), [("iso2", "[A-Z]{2}"), ("iso3", "[A-Z]{3}"), ("m49", "[0-9]{3}")])
def test_codes_are_well_formed_and_unique(code: str, pattern: str) -> None:
    codes = [getattr(one, code) for one in countries()]
    assert all(re.fullmatch(pattern, one) for one in codes)
    assert len(set(codes)) == 195


@pytest.mark.parametrize("code", ["TW", "TWN", "XK", "XKX", "HK", "MAC", "SXM", "ESH", "fr", "", "EU"])
def test_what_is_no_member_and_no_observer_state_is_not_listed(code: str) -> None:
    with pytest.raises(KeyError):
        country(code)


@pytest.mark.parametrize(
    ("code", "lang", "name"),
    [
        ("BOL", "en", "Bolivia (Plurinational State of)"),
        ("IRN", "en", "Iran (Islamic Republic of)"),
        ("TR", "en", "Türkiye"),
        ("TUR", "fr", "Türkiye"),
        ("CPV", "fr", "Cabo Verde"),
        ("CZE", "en", "Czechia"),
        ("SWZ", "es", "Eswatini"),
        ("MKD", "en", "North Macedonia"),
        ("VNM", "en", "Viet Nam"),
        ("CIV", "fr", "Côte d’Ivoire"),
        ("IDN", "fr", "Indonésie"),
        ("LBY", "fr", "Libye"),
        ("PSE", "en", "State of Palestine"),
        ("COG", "zh", "刚果（布）"),
        ("MDA", "ru", "Республика Молдова"),
    ],
)
def test_states_bear_their_protocol_names(code: str, lang: Lang, name: str) -> None:
    assert country(code).name(lang) == name


@pytest.mark.parametrize("lang", LANGS)
def test_every_state_has_a_name_of_its_own_and_a_formal_name_in_every_language(lang: Lang) -> None:
    assert len({one.name(lang) for one in countries()}) == 195
    assert all(one.formal_name(lang) for one in countries())


def test_the_french_article_goes_with_the_name() -> None:
    assert {one.article_fr for one in countries()} == {"le", "la", "les", "l’", None}
    assert (country("EGY").article_fr, country("KEN").article_fr, country("CUB").article_fr) == ("l’", "le", None)
    for one in countries():
        if one.article_fr == "l’":
            assert folded(one.name("fr"))[0] in "aeiouyh", one


@pytest.mark.parametrize("lang", LANGS)
def test_members_come_first_and_ranks_are_whole(lang: Lang) -> None:
    listed = in_order(lang)
    assert [one.is_member for one in listed] == [True] * 193 + [False] * 2
    assert [one.rank[lang] for one in listed] == [*range(1, 194), 1, 2]


@pytest.mark.parametrize("lang", ["ar", "en", "fr", "ru", "es"])
@pytest.mark.parametrize("status", ["member", "observer"])
def test_the_stored_order_is_that_of_the_alphabet_whatever_the_marks_and_hyphens(lang: Lang, status: str) -> None:
    for before, after in pairwise(names(lang, status)):
        assert folded(before) < folded(after)


@pytest.mark.parametrize(
    ("lang", "sequence", "why"),
    [
        ("fr", ["Dominique", "Égypte", "El Salvador", "Émirats arabes unis", "Équateur"], "É is an e"),
        ("fr", ["Guinée", "Guinée-Bissau", "Guinée équatoriale"], "a hyphen parts words"),
        ("fr", ["Honduras", "Hongrie", "Îles Marshall", "Îles Salomon", "Inde"], "Î is an i"),
        ("en", ["Costa Rica", "Côte d'Ivoire", "Croatia"], "ô is an o"),
        ("es", ["Eslovenia", "España", "Estados Unidos de América"], "the letter ñ does not move España"),
        ("es", ["Canadá", "Chad", "Chequia", "Chile", "China", "Chipre", "Colombia"], "ch is no letter"),
        ("ru", ["Иордания", "Ирак", "Иран (Исламская Республика)"], "after и"),
        ("ru", ["Италия", "Йемен", "Кабо-Верде"], "й is a letter after и"),
        ("ru", ["Объединенная Республика Танзания", "Объединенные Арабские Эмираты", "Оман"], "е for ё"),
        ("ar", ["الاتحاد الروسي", "إثيوبيا", "أذربيجان", "الأرجنتين"], "the hamza does not count"),
        ("ar", ["أيرلندا", "آيسلندا", "إيطاليا", "بابوا غينيا الجديدة"], "the madda does not count"),
        ("ar", ["صربيا", "الصومال", "الصين", "طاجيكستان"], "the article does not count"),
        ("ar", ["أفغانستان", "إكوادور", "ألبانيا", "ألمانيا", "الإمارات العربية المتحدة"], "ألبانيا has no article"),
        ("zh", ["阿尔巴尼亚", "阿尔及利亚", "阿富汗", "阿根廷"], "by the sound of the second sign"),
        ("zh", ["比利时", "秘鲁", "冰岛"], "Peru is read bì"),
        ("zh", ["布隆迪", "朝鲜民主主义人民共和国", "赤道几内亚", "大不列颠及北爱尔兰联合王国"], "朝 is read cháo"),
        ("zh", ["智利", "中非共和国", "中国"], "zh comes last"),
    ],
)
def test_neighbours_in_the_list(lang: Lang, sequence: list[str], why: str) -> None:
    listed = names(lang)
    start = listed.index(sequence[0])
    assert listed[start : start + len(sequence)] == sequence, why


def test_the_chinese_list_goes_from_a_to_zh() -> None:
    listed = names("zh")
    assert (listed[0][0], listed[-1]) == ("阿", "中国")
    firsts = "阿巴朝大俄法冈哈基喀拉马纳帕日萨塔瓦西牙赞"
    assert sorted(firsts, key=lambda sign: next(place for place, name in enumerate(listed) if name[0] == sign)) == list(firsts)


def test_countries_are_listed_in_english_unless_asked_otherwise() -> None:
    listed: tuple[Country, ...] = countries()
    assert listed == in_order("en")
    assert [one.name("en") for one in listed[-2:]] == ["Holy See", "State of Palestine"]
