"""What each phase that looks at a text holds, and what it lets pass: one sentence a row."""

import pytest

from moderation.screening.accusation import accusation
from moderation.screening.length import length
from moderation.screening.links import links
from moderation.screening.reading import Rules
from moderation.screening.words import words
from tests.moderation.screening.reading import reading


@pytest.mark.parametrize(
    ("lang", "text", "held"),
    [
        ("en", "You are idiots.", True),
        ("en", "You are ｉｄｉｏｔｓ.", True),
        ("en", "You are 1d10ts.", True),
        ("en", "You are іdіоts.", True),
        ("en", "You are i\u200dd\u200bi\u00adots.", True),
        ("en", "You are i\u0301d\u0327i\u0308ots.", True),
        ("en", "You are IDIOTS!", True),
        ("en", "The idiom is translated.", False),
        ("en", "Scunthorpe has a migrant centre.", False),
        ("en", "Go back to your country!", True),
        ("en", "They go back to their country of origin in dignity.", False),
        ("fr", "Quel abruti !", True),
        ("fr", "Rentrez chez vous.", True),
        ("fr", "La connaissance des droits.", False),
        ("es", "Vete a tu país.", True),
        ("es", "Vete a tu pais.", True),
        ("es", "Los países de acogida.", False),
        ("ru", "Они идиоты.", True),
        ("ru", "Они идиoты.", True),
        ("ru", "Идиома переведена.", False),
        ("ar", "هؤلاء حثالة", True),
        ("ar", "هؤلاء حُثَالَة", True),
        ("ar", "هؤلاء حثـــالة", True),
        ("ar", "هؤلاء الحثالة", True),
        ("ar", "يتمتع المهاجرون بالحقوق", False),
        ("zh", "你们都是人渣。", True),
        ("zh", "移民享有人权。", False),
    ],
)
def test_words(lang: str, text: str, held: bool) -> None:
    assert (words(reading(text, lang)) is not None) == held


@pytest.mark.parametrize(
    ("added", "lang", "text", "held"),
    [
        ({"fr": ["racaille légère"]}, "fr", "Une bande de gens.", False),
        ({"fr": ["profiteur*"]}, "fr", "Des profiteurs.", True),
        ({"fr": ["profiteur*"]}, "en", "Profiteurs, as they say.", False),
        ({"ar": ["طفيلي"]}, "ar", "هذا الطُّفَيْلي", True),
        ({"zh": ["蛀虫"]}, "zh", "这些蛀虫来了", True),
        ({"ru": ["нахлебник*"]}, "ru", "Нaхлебники.", True),
    ],
)
def test_words_that_a_space_adds(added: dict[str, list[str]], lang: str, text: str, held: bool) -> None:
    assert (words(reading(text, lang, Rules(words=added))) is not None) == held


@pytest.mark.parametrize(
    ("lang", "text", "held"),
    [
        ("en", "France tortures migrants.", True),
        ("en", "We condemn what Italy did.", True),
        ("en", "France reports progress. Torture is prohibited.", False),
        ("en", "France prohibits discrimination and welcomes cooperation.", False),
        ("en", "Torture is prohibited everywhere.", False),
        ("en", "We chad about violations.", False),
        ("en", "Chad violates its duties.", True),
        ("fr", "La France viole les droits de l'homme.", True),
        ("fr", "La France promeut les droits de l'homme.", False),
        ("es", "México viola los derechos.", True),
        ("es", "México protege los derechos.", False),
        ("ru", "Россия нарушает права мигрантов.", True),
        ("ru", "Мы обвиняем Францию.", True),
        ("ru", "Франция поддерживает мигрантов.", False),
        ("ar", "فرنسا تنتهك حقوق المهاجرين", True),
        ("ar", "إن إيطاليا تَنْتَهِك حقوق المهاجرين", True),
        ("ar", "فرنسا تحمي حقوق المهاجرين", False),
        ("zh", "法国侵犯人权。", True),
        ("zh", "法国保护移民的权利。", False),
        ("ru", "France tortures migrants.", True),
        ("en", "法国侵犯人权。", True),
    ],
)
def test_accusations(lang: str, text: str, held: bool) -> None:
    assert (accusation(reading(text, lang)) is not None) == held


@pytest.mark.parametrize(
    ("text", "held", "why"),
    [
        ("https://un.org/a https://un.org/b https://un.org/c", False, "three links are usual"),
        ("https://un.org/a https://un.org/b https://un.org/c https://un.org/d", True, "four are many"),
        ("a@un.org b@un.org c@un.org d@un.org", False, "mail addresses are no links"),
        ("[undocs.org](https://undocs.org/A/RES/73/195)", False, "a link that says where it leads"),
        ("[our report](https://un.org/report)", False, "a link with a title"),
        ("[https://un.org](https://evil.example/)", True, "a link that lies"),
        ("[here](http://127.0.0.1/)", True, "a host without a name"),
        ("[here](https://xn--e1afmkfd.example/)", True, "an encoded host"),
        ("No link at all.", False, "no link"),
    ],
)
def test_links(text: str, held: bool, why: str) -> None:
    assert (links(reading(text)) is not None) == held, why


def test_a_space_says_how_many_links_are_many() -> None:
    text = "https://un.org/a https://un.org/b"
    assert links(reading(text, rules=Rules(max_links=1))) is not None
    assert links(reading(text, rules=Rules(max_links=2))) is None


@pytest.mark.parametrize(
    ("text", "why", "held"),
    [
        ("No.", "an answer", False),
        ("好", "an answer in Chinese", False),
        ("!", "says nothing", True),
        ("\u200d\u0301.", "says nothing", True),
        ("word " * 500, "the advised length", False),
        ("word " * 501, "above it", True),
        ("字" * 1000, "the advised length in Chinese", False),
        ("字" * 1001, "above it", True),
        ("كلمة " * 500, "the advised length in Arabic", False),
    ],
)
def test_length(text: str, why: str, held: bool) -> None:
    assert (length(reading(text)) is not None) == held, why


def test_far_too_long_is_said_so() -> None:
    advised, far = length(reading("word " * 600)), length(reading("word " * 1600))
    assert advised
    assert far
    assert advised.reason != far.reason
