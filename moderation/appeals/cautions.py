"""What an author who has appealed is told before changing the text: the newer text is read then, and the appeal ends."""

from forum.db.reading import row
from forum.kernel.messages import N_

ENDS = N_(
    "Your appeal has not been answered yet. If you send a changed text, the appeal ends and the moderators read the new text."
)


async def caution(comment_id: str) -> str:
    """Return the caution as a message id, "" when no appeal about the comment waits."""
    found = await row("SELECT id FROM appeals WHERE comment_id = ? AND outcome = '' LIMIT 1", [comment_id])
    return ENDS if found else ""
