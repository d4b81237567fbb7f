"""The language suggested to an author."""

import pytest

from forum.text.language import detect

TEXTS = {
    "ar": "إن الهجرة الآمنة والمنظمة والنظامية تتطلب تعاونا دوليا بين جميع الدول الأعضاء.",
    "en": "Safe, orderly and regular migration needs co-operation between all Member States.",
    "es": "La migración segura, ordenada y regular necesita la cooperación de todos los Estados.",
    "fr": "Des migrations sûres, ordonnées et régulières exigent la coopération de tous les États.",
    "ru": "Безопасная, упорядоченная и легальная миграция требует сотрудничества всех государств.",
    "zh": "安全、有序和正常的移民需要所有会员国之间的合作，我们欢迎各利益攸关方就在线讨论的指导性问题提出意见和建议，谢谢主席。",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_the_six_languages_are_told_apart(lang: str) -> None:
    assert detect(TEXTS[lang]) == lang
    assert detect(TEXTS[lang] * 1000) == lang


@pytest.mark.parametrize("text", ["", "Bonjour", "a" * 39, "12345 67890 " * 10, " " * 5000, "\ud800" * 100, "?!" * 60])
def test_short_or_empty_texts_are_not_guessed(text: str) -> None:
    assert detect(text) is None
