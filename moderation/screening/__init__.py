"""Screening phases, one a file, in the order in which they are asked."""

from forum.discussions.screening import Phase
from moderation.screening.newcomers import newcomers
from moderation.screening.premoderation import premoderation

PHASES: tuple[Phase, ...] = (premoderation, newcomers)
