"""Very long threads, written straight into the tables: what posting them one by one would make, in a second."""

from datetime import UTC, datetime
from typing import Any

from forum.discussions.models import Space
from forum.discussions.posting import segment
from forum.kernel.ids import new_id
from tests.support.statements import insert

AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
_COMMENT = (
    "id space_id question_id path depth author_id state number symbol shown_id published_at"
    " children speaking_for version stub_reason public_seq received_at"
)
_REVISION = "id comment_id number state lang source html renderer paragraphs salt digest made_at"


async def write_thread(space: Space, question_id: str, author_id: str, count: int) -> list[str]:
    """Write `count` comments, every fourth a root with three replies, every tenth root held; return the published ids in order."""
    comments: list[list[Any]] = []
    revisions: list[list[Any]] = []
    published: list[str] = []
    for number in range(count):
        root, reply = divmod(number, 4)
        path = segment(root + 1) + (segment(reply) if reply else "")
        comment_id, revision_id = new_id(), new_id()
        held = number % 40 == 0
        place = [comment_id, space.id, question_id, path, int(reply > 0), author_id, "held" if held else "published"]
        text = [None if held else number, f"RT4/Q1/{number}", revision_id, None if held else AT]
        comments.append([*place, *text, 0, "personal", 1, "", 1, AT])
        revisions.append([revision_id, comment_id, 1, "published", "en", "Words.", "<p>Words.</p>", 1, 1, "", "", AT])
        if not held:
            published.append(comment_id)
    await insert("comments", _COMMENT.split(), comments)
    await insert("revisions", _REVISION.split(), revisions)
    return published
