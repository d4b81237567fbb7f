"""What notices ask: what the record told before, and who moderates."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from forum.db.fields import load_json
from forum.db.reading import rows
from forum.db.work import Work
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.canonical import Json
from forum.kernel.events import Fact
from moderation.office import SITTING


@dataclass(frozen=True, slots=True)
class Earlier:
    """A fact that was told before; `actor_id` is None for the system."""

    seq: int
    actor_id: str | None
    capacity: str
    data: Mapping[str, Json]


async def earlier(work: Work, fact: Fact, kind: str) -> list[Earlier]:
    """Return the facts of a kind that the log of `fact` has told of the same subject until now, oldest first."""
    sql = "SELECT seq, actor_id, capacity, data FROM record_entries WHERE log_id = ? AND subject = ? AND kind = ? ORDER BY seq"
    found = await rows(sql, [fact.log, fact.subject, kind], work.connection)
    return [Earlier(one["seq"], one["actor_id"], one["capacity"], json.loads(one["data"])) for one in found]


async def last_of_case(work: Work, fact: Fact, kind: str) -> Earlier | None:
    """Return the last fact of a kind about the case of `fact`, None when there is none."""
    return next((one for one in reversed(await earlier(work, fact, kind)) if one.data["case"] == fact.data["case"]), None)


async def secretariat(work: Work) -> list[str]:
    """Return the ids of those of the secretariat who are not suspended."""
    found = await rows("SELECT id FROM persons WHERE is_secretariat AND suspended_at IS NULL ORDER BY id", [], work.connection)
    return [str(one["id"]) for one in found]


async def moderators(work: Work, space_id: str, lang: str | None = None) -> list[Actor]:
    """Return who moderates a space and is not suspended; with `lang`, those to whom its cases in this language are given."""
    now = clock.now()
    sql = (
        "SELECT DISTINCT p.id, p.name, p.lang, CAST(s.languages AS TEXT) AS languages FROM space_roles r"
        " JOIN persons p ON p.id = r.person_id LEFT JOIN moderator_scopes s ON s.person_id = p.id AND s.space_id = r.space_id"
        f" WHERE r.space_id = ? AND {SITTING} ORDER BY p.id"
    )
    found = await rows(sql, [space_id, now, now], work.connection)
    given = [(one, load_json(one["languages"] or "[]")) for one in found]
    chosen = [one for one, languages in given if lang is None or not languages or lang in languages]
    return [Actor(person_id=one["id"], name=one["name"], lang=one["lang"]) for one in chosen]
