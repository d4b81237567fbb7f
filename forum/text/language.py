"""Which of the six official languages a text is in: a suggestion to the author, never a decision."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
MIN_TEXT = 40
MAX_TEXT = 2_000
CONFIDENT = 0.9

_loading = Lock()


def detect(text: str) -> str | None:
    """Return the language code of `text`, or None for fewer than MIN_TEXT characters and for a mere guess.

    Only the first MAX_TEXT characters are read. This is CPU work, about 120 MB and a second at the first call and some
    tenths of a millisecond later: call it in a thread (`asyncio.to_thread`). A text in a seventh language may be taken for
    one of the six.
    """
    sample = text[:MAX_TEXT].strip()
    if len(sample) < MIN_TEXT or sum(char.isalpha() for char in sample) * 2 < MIN_TEXT:
        return None
    with _loading:
        identifier = _identifier()
    language, confidence = identifier.classify(sample)
    return language if confidence >= CONFIDENT else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
