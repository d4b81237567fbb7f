"""A database to measure on: one open space, people, and threads of real text in six languages.

Threads are written in bulk, past the verbs: the rows are those that posting makes (paths, counts, numbers), but the record knows
nothing of them. Where catching up is measured the comments are posted to the running forum instead.
"""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from forum import wiring
from forum.db import connect, migrating
from forum.discussions.models import Comment, CommentState, Premoderation, Question, Revision, RevisionState, Space, SpaceState
from forum.discussions.posting import segment
from forum.kernel import clock
from forum.kernel.actors import Role
from forum.kernel.ids import new_id
from forum.kernel.locales import LANGS
from forum.people import passwords
from forum.people.models import Person, SpaceRole
from forum.record.models import Log
from forum.text.markup import Rendered, render
from moderation.models import Case, CaseKind
from moderation.rules.models import CaseCount
from moderation.rules.settings import GOAL_DAYS
from moderation.screening.models import ScreeningSettings

EMAIL = "writer@bench.example"
MODERATOR = "moderator@bench.example"
PASSWORD = "a passphrase for benchmarks only"
SLUG = "bench"
AUTHORS = 20
REPLIES = 3
"""Under every comment of the first level stand so many replies."""
AT_ONCE = 500
LONGEST = 9000


def texts(corpus: Path | None = None) -> list[tuple[str, str]]:
    """Return (language, text) pairs: the demonstration's, or those of a corpus in JSON lines with `lang` and `text`."""
    if corpus:
        lines = (json.loads(line) for line in corpus.read_text("utf-8").splitlines() if line.strip())
        return [(one["lang"], one["text"][:LONGEST]) for one in lines if one["lang"] in LANGS]
    raw = json.loads(files("forum.demo").joinpath("data/contributions.json").read_text("utf-8"))
    return [(one["lang"], one["text"]) for one in raw["contributions"]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make: a question for each number in `threads`, with so many comments; `cases` comments that wait for moderators."""

    threads: Sequence[int] = (0,)
    cases: int = 0
    premoderated: bool = False
    corpus: Path | None = None


@dataclass(slots=True)
class Seeded:
    """What was made: for each thread the ids of its comments in the order of their pages."""

    url: str
    threads: list[list[str]] = field(default_factory=list)


def seed(url: str, plan: Plan) -> Seeded:
    """Make the database at `url`, which is empty or has the schema only.

    In a process of its own: the ORM keeps its statements in the dialect of the first database that a process meets.
    """
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (url, plan))


def _run(url: str, plan: Plan) -> Seeded:
    return asyncio.run(_seed(url, plan))


async def _seed(url: str, plan: Plan) -> Seeded:
    await migrating.migrate(url, wiring.APPS)
    await connect.connect(url, wiring.APPS)
    try:
        now = clock.now()
        space = await _space(now, plan)
        authors = await _people(space, now)
        written = _Written(space, authors, now, plan.corpus)
        made = Seeded(url)
        for number, size in enumerate(plan.threads, 1):
            made.threads.append(await written.thread(number, size))
        if plan.cases:
            await written.cases(plan.cases)
        # The head tells how many public updates there have been: the comments' numbers must not be beyond it.
        await Log.create(id=space.id, seq=written.told, public_seq=written.told)
        return made
    finally:
        await connect.disconnect()


async def _space(now: datetime, plan: Plan) -> Space:
    space = await Space.create(
        slug=SLUG,
        title={"en": "Benchmark"},
        policy={"en": "None."},
        symbol="RT4",
        languages=list(LANGS),
        premoderation=(Premoderation.ALL if plan.premoderated else Premoderation.NONE).value,
        state=SpaceState.OPEN.value,
        opens_at=now,
        closes_at=now.replace(year=now.year + 1, day=1),
        created_at=now,
    )
    # What is measured sends the same texts again and again: the phase that looks for repetitions would hold all but the first.
    await ScreeningSettings.create(space_id=space.id, off=["repeated"])
    return space


async def _people(space: Space, now: datetime) -> list[str]:
    hashed = await passwords.make_hash(PASSWORD)
    named = [(EMAIL, "Writer"), (MODERATOR, "Moderator")]
    named += [(f"author-{number}@bench.example", f"Author {number}") for number in range(AUTHORS)]
    people = [Person(id=new_id(), email=email, name=name, password_hash=hashed, created_at=now) for email, name in named]
    await Person.bulk_create(people)
    await SpaceRole.create(person_id=people[1].id, space_id=space.id, role=Role.MODERATOR.value, given_at=now)
    return [person.id for person in people[2:]]


class _Written:
    """Writes comments as posting would have, many at a time."""

    def __init__(self, space: Space, authors: list[str], now: datetime, corpus: Path | None) -> None:
        self.space = space
        self.authors = authors
        self.now = now
        self.told = 0
        given = texts(corpus)[:200]
        self.rendered = [(lang, render(text, anchor=new_id())) for lang, text in given]

    async def thread(self, number: int, size: int) -> list[str]:
        """Write a question and its comments; the ids in thread order."""
        roots = -(-size // (REPLIES + 1))
        question = await Question.create(
            space_id=self.space.id,
            number=number,
            text={"en": f"What should be measured in part {number}?"},
            children=roots,
            published=size,
            symbols=size,
        )
        ids: list[str] = []
        for some in _batches(self._comments(question, size)):
            await self._save(some)
            ids += [comment.id for comment, _ in some]
        return ids

    def _comments(self, question: Question, size: int) -> Iterator[tuple[Comment, Revision]]:
        root: Comment | None = None
        for number in range(size):
            ordinal, reply = divmod(number, REPLIES + 1)
            comment, revision = self._pair(question, number)
            comment.path, comment.depth = segment(ordinal + 1), 0
            if reply and root is not None:
                comment.path, comment.depth = root.path + segment(reply), 1
                comment.parent_id = comment.reply_to_id = root.id
            else:
                comment.children = min(REPLIES, size - number - 1)
                root = comment
            self.told += 1
            comment.state, comment.published_at = CommentState.PUBLISHED.value, self.now
            comment.number, comment.public_seq = number + 1, self.told
            comment.symbol = f"{self.space.symbol}/Q{question.number}/{number + 1}"
            comment.version = 2
            revision.state = RevisionState.PUBLISHED.value
            yield comment, revision

    def _pair(self, question: Question, number: int) -> tuple[Comment, Revision]:
        lang, text = self.rendered[number % len(self.rendered)]
        comment_id, revision_id = new_id(), new_id()
        comment = Comment(
            id=comment_id,
            space_id=self.space.id,
            question_id=question.id,
            author_id=self.authors[number % len(self.authors)],
            speaking_for="personal",
            state=CommentState.HELD.value,
            shown_id=revision_id,
            received_at=self.now,
        )
        return comment, _revision(revision_id, comment_id, lang, text, self.now)

    async def cases(self, size: int) -> None:
        """Write comments that wait, each with its open case, to the first question."""
        question = await Question.get(space_id=self.space.id, number=1)
        counted: Counter[str] = Counter()
        for some in _batches(self._held(question, size)):
            await self._save(some)
            made = [_case(comment, revision, self.now, number % 2 == 0) for number, (comment, revision) in enumerate(some)]
            await Case.bulk_create(made)
            counted.update(case.lang for case in made)
        await CaseCount.bulk_create(
            [
                CaseCount(space_id=self.space.id, question_number=1, lang=lang, region="", kind=CaseKind.NEW.value, n=n)
                for lang, n in counted.items()
            ]
        )
        await Question.filter(id=question.id).update(children=question.children + size)

    def _held(self, question: Question, size: int) -> Iterator[tuple[Comment, Revision]]:
        for number in range(size):
            comment, revision = self._pair(question, number)
            comment.path, comment.depth = segment(question.children + number + 1), 0
            yield comment, revision

    async def _save(self, some: Sequence[tuple[Comment, Revision]]) -> None:
        await Comment.bulk_create([comment for comment, _ in some])
        await Revision.bulk_create([revision for _, revision in some])


def _revision(revision_id: str, comment_id: str, lang: str, text: Rendered, now: datetime) -> Revision:
    return Revision(
        id=revision_id,
        comment_id=comment_id,
        number=1,
        state=RevisionState.HELD.value,
        lang=lang,
        source=text.source,
        html=text.html,
        renderer=text.version,
        paragraphs=text.paragraphs,
        salt="",
        digest="",
        made_at=now,
    )


def _case(comment: Comment, revision: Revision, now: datetime, late: bool) -> Case:
    """Return a case that waits; what is late is late by an hour."""
    return Case(
        space_id=comment.space_id,
        question_number=1,
        comment_id=comment.id,
        revision_id=revision.id,
        kind=CaseKind.NEW.value,
        lang=revision.lang,
        holds='[{"phase": "premoderation", "reason": "All comments are moderated."}]',
        opened_at=now,
        due_at=now - timedelta(hours=1) if late else now + timedelta(days=GOAL_DAYS),
    )


def _batches(pairs: Iterator[tuple[Comment, Revision]]) -> Iterator[list[tuple[Comment, Revision]]]:
    while some := list(itertools.islice(pairs, AT_ONCE)):
        yield some
