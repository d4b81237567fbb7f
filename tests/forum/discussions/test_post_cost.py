"""What a post costs: each row is read and written once, and says the same as when it was held first and published then."""

import logging
from collections import Counter
from pathlib import Path

import pytest

from forum.discussions.models import Comment, Premoderation, Revision
from forum.record.models import Entry, Log
from moderation.models import Action
from tests.forum.discussions.hall import open_hall


def statements(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The statements that were sent, by their verb and table: "UPDATE questions"."""
    sent = [
        str(record.args[0]) for record in caplog.records if record.name == "tortoise.db_client" and isinstance(record.args, tuple)
    ]
    found = []
    for sql in sent:
        words = sql.replace('"', "").split()
        before = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM"}.get(words[0])
        found.append(f"{words[0]} {words[words.index(before) + 1] if before else words[1]}")
    return found


async def test_a_post_that_nothing_holds_touches_each_row_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with open_hall(tmp_path, Premoderation.NONE) as hall:
        await hall.post("The first of a space makes its log.")
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
            await hall.post("Words.")
        assert Counter(statements(caplog)) == {
            "SELECT questions": 2,  # before the text is rendered, and under the lock
            "SELECT screening_settings": 1,  # however many phases ask
            "SELECT record_logs": 1,
            "SELECT spaces": 1,
            "SELECT restrictions": 2,  # when the text is screened, and under the lock
            "UPDATE questions": 1,
            "INSERT revisions": 1,
            "INSERT comments": 1,
            "DELETE drafts": 1,
            "INSERT record_entries": 2,
            "UPDATE record_logs": 2,
            "SELECT comments": 1,  # with all that its case says of it
            "INSERT cases": 1,
            "INSERT similar_signatures": 1,
            "INSERT desk_days": 1,
            # What is published is found from then on: its text, read once more, and its words.
            "SELECT revisions": 1,
            "INSERT search_documents": 1,
            "INSERT search_tokens": 1,
        }


async def test_published_at_once_or_by_a_moderator_is_the_same(tmp_path: Path) -> None:
    """All that readers can see of a comment, and its entries in the record, do not tell which way it came."""
    seen = []
    for mode in (Premoderation.NONE, Premoderation.ALL):
        folder = tmp_path / mode.value
        folder.mkdir()
        async with open_hall(folder, mode) as hall:
            first = await hall.post()
            if mode is Premoderation.ALL:
                await hall.decide(first.comment_id, Action.PUBLISH)
            comment = await Comment.get(id=first.comment_id)
            revision = await Revision.get(id=comment.shown_id)
            question, log = await hall.question(), await Log.get(id=hall.space.id)
            entry = await Entry.get(log_id=hall.space.id, kind="comment.published")
            seen.append(
                (
                    (comment.state, comment.version, comment.number, comment.symbol, comment.path, comment.depth),
                    (revision.state, revision.number),
                    (question.children, question.published, question.symbols),
                    (comment.public_seq, entry.public_seq, log.public_seq),
                )
            )
            assert comment.published_at is not None
            assert await hall.in_order()
    assert seen[0] == seen[1] == (("published", 2, 1, "RT4/Q1/1", "0001", 0), ("published", 1), (1, 1, 1), (1, 1, 1))


async def test_numbers_go_on_from_post_to_post(tmp_path: Path) -> None:
    async with open_hall(tmp_path, Premoderation.NONE) as hall:
        root = await hall.post()
        reply = await hall.post(parent=root.comment_id)
        rows = [await Comment.get(id=one.comment_id) for one in (root, reply)]
        assert [(one.number, one.public_seq, one.path) for one in rows] == [(1, 1, "0001"), (2, 2, "00010001")]
        assert rows[0].children == 1
        question = await hall.question()
        assert (question.children, question.published, question.symbols) == (1, 2, 2)
        assert await hall.in_order()
