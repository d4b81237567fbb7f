"""Let all phases that only look at the text do so in one go, in the thread for texts, and make the text's signature there too."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from forum.discussions.screening import Hold, Phase, Submission
from forum.text.aside import aside
from moderation.screening.accusation import accusation
from moderation.screening.length import length
from moderation.screening.links import links
from moderation.screening.personal import personal
from moderation.screening.reading import Reading
from moderation.screening.rules import rules_for
from moderation.screening.words import words
from moderation.similar.signing import Signed, sign

Look = Callable[[Reading], Hold | None]

LOOKS: tuple[Look, ...] = (length, links, words, personal, accusation)


@dataclass(frozen=True, slots=True)
class Seen:
    """What each look has found, or how it failed; and the signature."""

    found: Mapping[str, Hold | Exception | None]
    signed: Signed


_known: ContextVar[tuple[Submission, Seen] | None] = ContextVar("screening seen", default=None)


def look_all(reading: Reading, looks: Sequence[Look] = LOOKS) -> Seen:
    """Look at a text in every way; one look that fails leaves the others to be asked."""
    found: dict[str, Hold | Exception | None] = {}
    for look in looks:
        try:
            found[look.__name__] = None if look.__name__ in reading.rules.off else look(reading)
        except Exception as error:
            found[look.__name__] = error
    return Seen(found, sign(reading.text.text))


async def seen_in(submission: Submission) -> Seen:
    """Return what there is to see in a text; it is looked at once, in the task that screens it."""
    known = _known.get()
    if known is not None and known[0] is submission:
        return known[1]
    seen = await aside(look_all, Reading(submission.text, submission.lang, await rules_for(submission)))
    _known.set((submission, seen))
    return seen


def phase(look: Look) -> Phase:
    """Return the phase that holds what `look` holds; it fails as the look has failed."""

    async def asked(submission: Submission) -> Hold | None:
        found = (await seen_in(submission)).found[look.__name__]
        if isinstance(found, Exception):
            raise found
        return found

    asked.__name__ = look.__name__
    return asked


def signature_for(comment_id: str) -> Signed | None:
    """Return the signature of the text of this comment that the present task has screened last, None when it has not."""
    known = _known.get()
    return known[1].signed if known is not None and known[0].comment_id == comment_id else None
