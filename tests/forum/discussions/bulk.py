"""Very long threads, written straight into the file: what posting them one by one would make, in a second."""

import sqlite3
from contextlib import closing
from pathlib import Path

from forum.discussions.models import Space
from forum.discussions.posting import segment
from forum.kernel.ids import new_id

COMMENT = (
    "INSERT INTO comments (id, space_id, question_id, path, depth, children, author_id, speaking_for, state, version, number,"
    " symbol, shown_id, stub_reason, public_seq, received_at, published_at)"
    " VALUES (?, ?, ?, ?, ?, 0, ?, 'personal', ?, 1, ?, ?, ?, '', 1, '2026-05-06 12:00:00+00:00', ?)"
)
REVISION = (
    "INSERT INTO revisions (id, comment_id, number, state, lang, source, html, renderer, paragraphs, salt, digest, made_at)"
    " VALUES (?, ?, 1, 'published', 'en', 'Words.', '<p>Words.</p>', 1, 1, '', '', '2026-05-06 12:00:00+00:00')"
)


def write_thread(file: Path, space: Space, question_id: str, author_id: str, count: int) -> list[str]:
    """Write `count` comments, every fourth a root with three replies, every tenth root held; return the published ids in order."""
    comments, revisions, published = [], [], []
    for number in range(count):
        root, reply = divmod(number, 4)
        path = segment(root + 1) + (segment(reply) if reply else "")
        comment_id, revision_id = new_id(), new_id()
        held = number % 40 == 0
        when = None if held else "2026-05-06 12:00:00+00:00"
        state = "held" if held else "published"
        place = (comment_id, space.id, question_id, path, int(reply > 0), author_id)
        comments.append((*place, state, None if held else number, f"RT4/Q1/{number}", revision_id, when))
        revisions.append((revision_id, comment_id))
        if not held:
            published.append(comment_id)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(COMMENT, comments)
        connection.executemany(REVISION, revisions)
    return published
