"""What others know and notices ask: who reads under which address and in which language, and what a notice is about.

The two answers are set by `forum.wiring`; without them nobody can be written to, and a notice is about nothing.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can be written to: their e-mail address, their language, the ids of the spaces that they moderate, and whether their
    account is closed: then they are written to of that alone."""

    address: str
    lang: str
    moderates: frozenset[str] = frozenset()
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is about. `symbol` is empty unless the comment has been public; `is_public` tells whether it is now."""

    space_slug: str
    space_title: Mapping[str, str]
    symbol: str = ""
    is_public: bool = False


Recipients = Callable[[str], Awaitable[Recipient | None]]
"""Who the person is; None for those who are gone."""
Subjects = Callable[[Collection[str], Collection[str]], Awaitable[Mapping[str, Subject]]]
"""From ids of comments and ids of spaces to subjects, each by its id; what is gone is left out."""


async def _nobody(_person_id: str) -> Recipient | None:
    return None


async def _nothing(_comment_ids: Collection[str], _space_ids: Collection[str]) -> Mapping[str, Subject]:
    return {}


_recipients: Recipients = _nobody
_subjects: Subjects = _nothing


def install(recipients: Recipients, subjects: Subjects) -> None:
    """Set who is asked."""
    global _recipients, _subjects
    _recipients, _subjects = recipients, subjects


async def recipient(person_id: str) -> Recipient | None:
    """Return how to write to a person now, or None."""
    return await _recipients(person_id)


async def subjects(comment_ids: Collection[str], space_ids: Collection[str]) -> Mapping[str, Subject]:
    """Return what these comments and spaces are, each by its id."""
    return await _subjects(comment_ids, space_ids)
