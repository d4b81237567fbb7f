"""A database to measure on: real text in six languages, posted through the forum's own verbs."""

import itertools
import json
from importlib.resources import files
from pathlib import Path

from forum import wiring
from forum.db import connect, migrating
from forum.discussions.forms import NewComment
from forum.discussions.models import Premoderation, Question, Space, SpaceState
from forum.discussions.posting import post_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS
from forum.live.memory import MemoryBus
from forum.people import passwords
from forum.people.models import Person
from forum.web.generations import Generations

EMAIL = "writer@bench.example"
PASSWORD = "a passphrase for benchmarks only"
SLUG = "bench"


def texts(corpus: Path | None = None) -> list[tuple[str, str]]:
    """Return (language, text) pairs: the demonstration's, or those of a corpus in JSON lines with `lang` and `text`."""
    if corpus:
        lines = (json.loads(line) for line in corpus.read_text("utf-8").splitlines() if line.strip())
        return [(one["lang"], one["text"][:9000]) for one in lines if one["lang"] in LANGS]
    raw = json.loads(files("forum.demo").joinpath("data/contributions.json").read_text("utf-8"))
    return [(one["lang"], one["text"]) for one in raw["contributions"]]


async def seed(url: str, comments: int, corpus: Path | None = None) -> None:
    """Make a database at `url` with one open space, without pre-moderation, whose first question has so many comments."""
    await migrating.migrate(url, wiring.APPS)
    wiring.install(wiring.Parts(MemoryBus(), wiring.Pages(Generations())))
    await connect.connect(url, wiring.APPS)
    try:
        now = clock.now()
        hashed = await passwords.make_hash(PASSWORD)
        writer = await Person.create(email=EMAIL, name="Writer", password_hash=hashed, created_at=now)
        space = await Space.create(
            slug=SLUG,
            title={"en": "Benchmark"},
            policy={"en": "None."},
            symbol="RT4",
            languages=list(LANGS),
            premoderation=Premoderation.NONE.value,
            state=SpaceState.OPEN.value,
            opens_at=now,
            closes_at=now.replace(year=now.year + 1),
            created_at=now,
        )
        await Question.create(space_id=space.id, number=1, text={"en": "What should be measured?"})
        actor = Actor(person_id=writer.id, name=writer.name)
        for lang, text in itertools.islice(itertools.cycle(texts(corpus)), comments):
            await post_comment(actor, space, NewComment(question=1, body=text, lang=lang))
    finally:
        await connect.disconnect()
