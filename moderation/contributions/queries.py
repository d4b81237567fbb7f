"""Read the history of one's own comment: five statements, whatever has happened, and no more than is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.db.fields import load_json
from forum.db.reading import moment, rows
from forum.discussions import threads
from forum.discussions.models import Comment, Revision
from forum.discussions.threads import Seen
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from moderation.appeals.hindrances import Against, hindrance, still_stands
from moderation.models import REFUSING, Action
from moderation.queries import Decided, decisions_on, unnamed

MOST = 100
"""How many texts, steps and decisions of one comment are shown: the newest."""
TEXTS = ("comment.received", "comment.revised", "comment.resubmitted", "comment.edit_received")
GONE = ("comment.withdrawn", "comment.retracted")


@dataclass(frozen=True, slots=True)
class Version:
    """One text that the author has sent."""

    id: str
    number: int
    state: str
    lang: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the record tells of the comment. `revision_id` and `phases` (of screening that held it) are those of a text."""

    kind: str
    at: datetime
    revision_id: str
    phases: Sequence[str]


@dataclass(frozen=True, slots=True)
class OwnAppeal:
    """One's appeal against a decision. `outcome` is "" while it waits, then "upheld", "overturned" or "closed"."""

    id: str
    decision_id: str
    text: str
    lang: str
    at: datetime
    outcome: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """All that its author may know of a comment, each list oldest first.

    `appeals` and `hindrances` are by decision. A hindrance is the key of the refusal that says why there can be no appeal, "" when there
    can be one.
    """

    seen: Seen
    versions: Sequence[Version]
    steps: Sequence[Step]
    decisions: Sequence[Decided]
    appeals: Mapping[str, OwnAppeal]
    hindrances: Mapping[str, str]


async def history_of(actor: Actor, comment_id: str, lang: str) -> History:
    """Return what happened with a comment of the actor's; raises NotFound for another's as for none."""
    seen = await threads.one(actor, comment_id, lang)
    if seen is None or not actor.signed_in or seen.author_id != actor.person_id:
        raise NotFound
    decisions = [unnamed(one) for one in (await decisions_on(actor, comment_id))[-MOST:]]
    appeals = await _appeals(comment_id)
    return History(
        seen=seen,
        versions=await _versions(comment_id),
        steps=await _steps(seen),
        decisions=decisions,
        appeals=appeals,
        hindrances=await _hindrances(comment_id, decisions, appeals),
    )


async def _versions(comment_id: str) -> list[Version]:
    sql = "SELECT id, number, state, lang, made_at FROM revisions WHERE comment_id = ? ORDER BY number DESC LIMIT ?"
    found = await rows(sql, [comment_id, MOST])
    return [Version(one["id"], one["number"], one["state"], one["lang"], moment(one["made_at"])) for one in reversed(found)]


async def _steps(seen: Seen) -> list[Step]:
    kinds = (*TEXTS, *GONE)
    marks = ", ".join("?" for _ in kinds)
    found = await rows(
        f"SELECT kind, at, data FROM record_entries WHERE log_id = ? AND subject = ? AND kind IN ({marks}) ORDER BY seq DESC LIMIT ?",
        [seen.space_id, seen.id, *kinds, MOST],
    )
    steps = []
    for one in reversed(found):
        data = load_json(one["data"])
        phases = [hold["phase"] for hold in data.get("holds", ())]
        steps.append(Step(one["kind"], moment(one["at"]), data.get("revision", ""), phases))
    return steps


async def _appeals(comment_id: str) -> dict[str, OwnAppeal]:
    found = await rows(
        "SELECT id, decision_id, text, lang, made_at AS at, outcome, settled_at FROM appeals WHERE comment_id = ? ORDER BY id",
        [comment_id],
    )
    times = ("at", "settled_at")
    return {one["decision_id"]: OwnAppeal(**(dict(one) | {name: moment(one[name]) for name in times})) for one in found}


async def _hindrances(comment_id: str, decisions: Sequence[Decided], appeals: Mapping[str, OwnAppeal]) -> dict[str, str]:
    refusing = [one for one in decisions if one.action in REFUSING]
    if not refusing:
        return {}
    comment, now = await Comment.get(id=comment_id), clock.now()
    revisions = {one.id: one for one in await Revision.filter(id__in={one.revision_id for one in refusing})}
    removals = [one.id for one in refusing if one.action == Action.REMOVE.value]
    found = {}
    for one in refusing:
        stands = still_stands(one, comment, revisions[one.revision_id], removals[-1] if removals else None)
        found[one.id] = hindrance(Against(one.action, one.appeal_until, one.id in appeals, stands), now)
    return found
