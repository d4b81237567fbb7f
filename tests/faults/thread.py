"""Very long threads, written straight into the file of a demonstration that nobody serves: copies of a comment that is there."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from forum.discussions.posting import segment
from tests.support.server import SPACE

FIRST = 100_000
"""The first ordinal and number of the copies; those of the demonstration are far below."""
Row = dict[str, Any]


def _insert(database: sqlite3.Connection, table: str, rows: list[Row]) -> None:
    names, marks = ", ".join(rows[0]), ", ".join("?" for _ in rows[0])
    database.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows])


def lengthen(file: Path, question: int, count: int) -> list[str]:
    """Add `count` published comments to a question, every fourth a root with three replies; return their ids in thread order."""
    with closing(sqlite3.connect(file)) as database, database:
        database.row_factory = sqlite3.Row
        [asked] = database.execute(
            "SELECT q.id FROM questions q JOIN spaces s ON s.id = q.space_id WHERE s.slug = ? AND q.number = ?", [SPACE, question]
        )
        found = database.execute(
            "SELECT * FROM comments WHERE question_id = ? AND state = 'published' AND depth = 0 AND pending_id IS NULL",
            [asked["id"]],
        ).fetchone()
        comment = dict(found)
        revision = dict(database.execute("SELECT * FROM revisions WHERE id = ?", [comment["shown_id"]]).fetchone())
        comments, revisions, root = [], [], ""
        for number in range(count):
            place, reply = divmod(number, 4)
            comment_id, revision_id = f"{question:04x}{number:028x}", f"{question:04x}{number:028x}"
            root = root if reply else comment_id
            copy = {"id": comment_id, "shown_id": revision_id, "depth": int(reply > 0), "children": 0 if reply else 3}
            copy["path"] = segment(FIRST + place) + (segment(reply) if reply else "")
            copy |= {"parent_id": root if reply else None, "reply_to_id": root if reply else None}
            copy |= {"number": FIRST + number, "symbol": f"Q{question}/{FIRST + number}"}
            comments.append(comment | copy)
            revisions.append(revision | {"id": revision_id, "comment_id": comment_id})
        _insert(database, "revisions", revisions)
        _insert(database, "comments", comments)
        database.execute(
            "UPDATE questions SET children = ?, published = published + ?, symbols = ? WHERE id = ?",
            [FIRST + count, count, FIRST + count, asked["id"]],
        )
    return [str(one["id"]) for one in comments]
