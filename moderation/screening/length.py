"""Hold what says nothing, and what is longer than a contribution should be."""

import re

from forum.discussions.screening import Hold
from forum.kernel.messages import N_
from moderation.screening.folding import CHINESE, is_chinese
from moderation.screening.reading import Reading

_SAYS = re.compile(r"[^\W_]")
FEWEST_LETTERS = 2
"""Letters and figures: "No." is an answer. One Chinese character is one, too."""
ADVISED_WORDS, MOST_WORDS = 500, 1_500
ADVISED_CHINESE, MOST_CHINESE = 1_000, 3_000
"""Characters: a Chinese text has about two for a word of English."""


def length(reading: Reading) -> Hold | None:
    """Hold texts without a word, of more than the advised length and of more than the greatest; Chinese is counted in
    characters."""
    text = reading.text.text
    if is_chinese(text):
        count, advised, most = len(CHINESE.findall(text)), ADVISED_CHINESE, MOST_CHINESE
    else:
        count, advised, most = len(text.split()), ADVISED_WORDS, MOST_WORDS
        if len(_SAYS.findall(text)) < FEWEST_LETTERS:
            return Hold("length", N_("The text is very short."))
    if count > most:
        return Hold("length", N_("The text is far longer than a contribution should be."))
    if count > advised:
        return Hold("length", N_("The text is longer than the advised length."))
    return None
