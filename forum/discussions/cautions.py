"""Cautions: what an author is told before changing a text, of consequences that other parts of the house know.

What tells them is set by `forum.wiring`; the forum itself knows of none.
"""

from collections.abc import Awaitable, Callable

Cautioning = Callable[[str], Awaitable[str]]
"""Takes the id of a comment, gives a message id, "" for none."""


async def _none(_comment_id: str) -> str:
    return ""


_cautioning: Cautioning = _none


def install(cautioning: Cautioning) -> None:
    """Set what tells cautions."""
    global _cautioning  # noqa: PLW0603 - wired once, at start
    _cautioning = cautioning


async def caution(comment_id: str) -> str:
    """Return what the author of a comment is told before changing it, a message id; "" when there is nothing to tell."""
    return await _cautioning(comment_id)
