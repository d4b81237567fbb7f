"""Screening: an ordered list of phases decides whether a text is held for a moderator.

The phases are set by `forum.wiring`; to change how a comment is held, write a phase (see `moderation/screening/`) and add it there.
A phase that fails holds the text, and so does having no phases at all: screening never lets through by mistake.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from forum.discussions.models import Space
from forum.kernel.actors import Actor
from forum.text.markup import Rendered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Submission:
    """A text that somebody wants to publish. `replaces` is true for an edit of a published comment."""

    actor: Actor
    space: Space
    text: Rendered
    lang: str
    speaking_for: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a phase holds a text: the phase's name, and a message id that moderators read."""

    phase: str
    reason: str


Phase = Callable[[Submission], Awaitable[Hold | None]]

_phases: Sequence[Phase] = ()


def install(phases: Sequence[Phase]) -> None:
    """Set the phases, in order."""
    global _phases  # noqa: PLW0603 - wired once, at start
    _phases = tuple(phases)


async def screen(submission: Submission) -> list[Hold]:
    """Return the holds of all phases; an empty list means that the text may be published at once."""
    if not _phases:
        return [Hold("none", "No screening is set up.")]
    holds = []
    for phase in _phases:
        try:
            hold = await phase(submission)
        except Exception:
            log.exception("screening phase failed; the text is held")
            hold = Hold(getattr(phase, "__name__", type(phase).__name__), "A screening phase failed.")
        if hold:
            holds.append(hold)
    return holds
