"""Hold insults and words of hatred, in whichever letters they are written."""

from forum.discussions.screening import Hold
from forum.kernel.messages import N_
from moderation.screening.folding import skeleton_of
from moderation.screening.lists import disguised, shipped
from moderation.screening.reading import Reading


def words(reading: Reading) -> Hold | None:
    """Hold when the text has a word of the lists that ship with the forum, or one that the space has added for its language."""
    added = reading.rules.words.get(reading.lang, ())
    if shipped("words", skeleton_of).holds(reading.folded) or (added and disguised(added).holds(reading.folded)):
        return Hold("words", N_("The text has a word that may insult."))
    return None
