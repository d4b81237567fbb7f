"""Personal data in a text: what is seen, what is not, and that nothing of it is shown whole."""

import pytest

from moderation.screening.personal import hints, personal
from tests.moderation.screening.reading import reading

SEEN = [
    ("en", "Write to amina.diallo@example.org for her papers.", "email"),
    ("en", "For her papers, write to amina@mail.example.org.", "email"),
    ("en", "Write to amina [at] example.org for her papers.", "email"),
    ("ru", "Пишите на амина@пример.рф, она ответит.", "email"),
    ("zh", "请写信到amina@example.org联系她。", "email"),
    ("en", "Her number is +41 22 917 90 00.", "phone"),
    ("en", "Call 0041229179000 at night.", "phone"),
    ("en", "Call (212) 555-0123 at night.", "phone"),
    ("fr", "Son portable : 06 12 34 56 78.", "phone"),
    ("es", "Su teléfono: 612 345 678.", "phone"),
    ("ru", "Её телефон: 8 (912) 345-67-89.", "phone"),
    ("ar", "هاتفها: ٠٧٧١٢٣٤٥٦٧٨", "phone"),
    ("ar", "هَاتِفُها: 0771 234 5678", "phone"),
    ("zh", "她的手机是13812345678。", "phone"),
    ("en", "Passport no. X1234567 was taken from her.", "document"),
    ("en", "The passport AB1234567 was taken.", "document"),
    ("fr", "Passeport n° 12AB34567.", "document"),
    ("ru", "Паспорт серия 45 08 123456.", "document"),
    ("ar", "رقم جواز السفر: A12345678", "document"),
    ("zh", "身份证11010519491231002X", "document"),
    ("en", "Send help to CH93 0076 2011 6238 5295 7.", "account"),
]
UNSEEN = [
    ("en", "See paragraph 23 of A/RES/73/195 of 19 December 2018."),
    ("en", "In 2015-2020 there were 1,250,000 people, 12.5 per cent more."),
    ("en", "Between 1 000 000 and 2 000 000 people."),
    ("en", "See https://undocs.org/A/HRC/47/30?x=0041229179000 for it."),
    ("en", "ISBN 978-92-1-101362-4 is the book."),
    ("en", "CH93 0076 2011 6238 5295 8 has a wrong check digit."),
    ("fr", "Objectif 21, alinéa 37 b), le 12/05/2024 à 10 h 30."),
    ("es", "Entre 2018 y 2024 se registraron 45.600 casos."),
    ("ru", "В 2023 году их было 1 234 567 человек."),
    ("ar", "في عام ٢٠٢٣ كان عددهم ١٢٣٤٥٦ شخصا"),
    ("zh", "2023年有1234567人。"),
    ("en", "A passport is a right; passports cost 100 dollars."),
]


@pytest.mark.parametrize(("lang", "text", "kind"), SEEN)
def test_seen(lang: str, text: str, kind: str) -> None:
    found = hints(text, lang)
    assert kind in {hint.kind for hint in found}
    assert personal(reading(text, lang)) is not None
    assert not [hint for hint in found if len(hint.sample) > 5], "a sample is masked"


@pytest.mark.parametrize(("lang", "text"), UNSEEN)
def test_not_seen(lang: str, text: str) -> None:
    assert hints(text, lang) == []
    assert personal(reading(text, lang)) is None


def test_several_kinds_are_told_of_once() -> None:
    found = hints("a@example.org, a@example.org, +41 22 917 90 00", "en")
    assert [hint.kind for hint in found] == ["email", "phone"]
    hold = personal(reading("a@example.org and +41 22 917 90 00"))
    assert hold
    assert "several" in hold.reason


def test_a_list_of_addresses_is_cut_short() -> None:
    assert len(hints(" ".join(f"person{n}@example.org" for n in range(400)), "en")) == 10
