"""Screening: an ordered list of phases decides whether a text is held for a moderator; before that, hints may warn its author.

The phases are set by `forum.wiring`; to change how a comment is held, write a phase (see `moderation/screening/`) and add it there.
A phase that fails or does not end holds the text, and so does having no phases at all: screening never lets through by mistake.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from forum.discussions.models import Space
from forum.kernel.actors import Actor
from forum.text.markup import Rendered

log = logging.getLogger(__name__)

LIMIT = 10.0
"""Seconds for all phases of one text together. Then the author has waited long enough, and a moderator looks instead."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A text that somebody wants to publish. `replaces` is true for an edit of a published comment.

    `comment_id` is the id that the comment has, or will have if the text is written.
    """

    actor: Actor
    space: Space
    comment_id: str
    text: Rendered
    lang: str
    speaking_for: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a phase holds a text: the phase's name, and a message id that moderators read."""

    phase: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in a text that its author is asked to look at before sending it: its kind, a message id, what was seen, masked."""

    kind: str
    message: str
    sample: str


FAILED = "failed:"
"""Before the name of a phase in a hold: it has found nothing, it could not look."""
Phase = Callable[[Submission], Awaitable[Hold | None]]
Hinting = Callable[[str, str], list[Hint]]
"""Takes the source of a text and its language; heavy work, asked beside the event loop."""


def _no_hints(_source: str, _lang: str) -> list[Hint]:
    return []


_phases: Sequence[Phase] = ()
_hinting: Hinting = _no_hints
_limit = LIMIT


def install(phases: Sequence[Phase], hinting: Hinting = _no_hints, limit: float = LIMIT) -> None:
    """Set the phases, in order, what gives hints, and the seconds that all phases have for one text."""
    global _phases, _hinting, _limit
    _phases, _hinting, _limit = tuple(phases), hinting, limit


def hints(source: str, lang: str) -> list[Hint]:
    """Return what the author of a text should look at before sending it. Never raises: a phase will hold what no hint tells of."""
    try:
        return _hinting(source, lang)
    except Exception:
        log.exception("hints failed; the text is sent without")
        return []


async def screen(submission: Submission) -> list[Hold]:
    """Return the holds of all phases; an empty list means that the text may be published at once."""
    if not _phases:
        return [Hold("none", "No screening is set up.")]
    holds = []
    until = asyncio.get_running_loop().time() + _limit
    for phase in _phases:
        try:
            async with asyncio.timeout_at(until):
                hold = await phase(submission)
        except Exception:
            log.exception("screening phase failed; the text is held")
            hold = Hold(f"{FAILED}{getattr(phase, '__name__', type(phase).__name__)}", "A screening phase failed.")
        if hold:
            holds.append(hold)
    return holds
