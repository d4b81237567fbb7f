"""Screening phases, one a file, in the order in which they are asked."""

from forum.discussions.screening import Phase
from moderation.screening.accusation import accusation
from moderation.screening.length import length
from moderation.screening.links import links
from moderation.screening.looking import phase
from moderation.screening.newcomers import newcomers
from moderation.screening.personal import hints, personal
from moderation.screening.premoderation import premoderation
from moderation.screening.repeated import repeated
from moderation.screening.restricted import restricted
from moderation.screening.reviewed import reviewed
from moderation.screening.words import words

__all__ = ["PHASES", "hints"]

PHASES: tuple[Phase, ...] = (
    premoderation,
    newcomers,
    reviewed,
    restricted,
    phase(length),
    phase(links),
    repeated,
    phase(words),
    phase(personal),
    phase(accusation),
)
