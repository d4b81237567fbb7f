"""Hold a sentence that names a State beside a word of accusation: policies are criticized, not States."""

from forum.discussions.screening import Hold
from forum.kernel.messages import N_
from moderation.screening.folding import folded, sentences
from moderation.screening.lists import shipped
from moderation.screening.reading import Reading
from moderation.screening.states import names_a_state


def accusation(reading: Reading) -> Hold | None:
    """Hold when one sentence has both; most texts have no such word at all, and are not looked at further.

    The words of all languages are looked for, as the language is what the author says it is.
    """
    listed = shipped("accusing")
    if not listed.holds(reading.folded):
        return None
    for sentence in sentences(reading.text.text):
        plain = folded(sentence)
        if listed.holds(plain) and names_a_state(sentence, plain):
            return Hold("accusation", N_("A State is named in a sentence that may accuse."))
    return None
