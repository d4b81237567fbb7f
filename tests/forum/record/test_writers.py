"""Fifty writers in one space at once: dense numbers, one chain, nobody waits for another who waits for them, every place its own."""

import asyncio
import subprocess
import sys
from pathlib import Path

from forum import wiring
from forum.db.connect import connect, disconnect
from forum.discussions.models import Comment, Question
from forum.record.chain import verify
from forum.record.models import Entry, Log
from moderation.models import Case, CaseState
from tests.forum.record.writers import Ground, prepare, write_all
from tests.support import world

WRITERS = 50


async def test_in_one_process(tmp_path: Path) -> None:
    async with world.database(tmp_path):
        ground = await prepare(WRITERS)
        await write_all(ground, 0, WRITERS)
        await hold_together(ground)


async def hold_together(ground: Ground) -> None:
    """Everything that must be true of the space when all have written."""
    entries = await Entry.filter(log_id=ground.space.id).order_by("seq")
    head = await Log.get(id=ground.space.id)
    assert [one.seq for one in entries] == list(range(1, head.seq + 1))
    public = [one.public_seq for one in entries if one.public_seq is not None]
    assert public == list(range(1, head.public_seq + 1)), "dense, and in the order of the record"
    assert (await verify(ground.space.id)).ok
    comments = await Comment.filter(space_id=ground.space.id)
    # Of each ten writers two post three times, two reply, two post elsewhere, two withdraw and post anew.
    assert len(comments) == WRITERS + WRITERS // 5 * 6
    for question in await Question.filter(space_id=ground.space.id):
        mine = [one for one in comments if one.question_id == question.id]
        roots = sorted((one for one in mine if one.parent_id is None), key=lambda one: one.path)
        assert len(roots) == question.children
        received = {one.subject: one.seq for one in entries if one.kind == "comment.received"}
        order = [received[one.id] for one in roots]
        assert order == sorted(order), "places are given in the order of the record"
        assert question.published == sum(one.state == "published" for one in mine)
        numbers = sorted(one.number for one in mine if one.number is not None)
        assert numbers == list(range(1, question.symbols + 1))
    assert await Case.filter(state=CaseState.OPEN.value).count() == WRITERS // 5 * 4


async def test_in_two_processes(tmp_path: Path) -> None:
    async with world.new_database(tmp_path) as url:
        await connect(url, wiring.APPS, world.PATIENT)
        try:
            with world.listening():
                ground = await prepare(WRITERS)
                half = [url, ground.space.id, str(ground.moderator.person_id), str(WRITERS // 2), str(WRITERS)]
                command = [sys.executable, "-m", "tests.forum.record.writers", *half]
                other = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
                )
                assert other.stdout is not None
                assert await asyncio.to_thread(other.stdout.readline) == "ready\n"
                talking = asyncio.to_thread(other.communicate, "\n", 60)
                (_, error), _ = await asyncio.gather(talking, write_all(ground, 0, WRITERS // 2))
                assert other.returncode == 0, error
                await hold_together(ground)
        finally:
            await disconnect()
