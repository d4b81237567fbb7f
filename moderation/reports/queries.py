"""Read reports: those that a case is about, and those that somebody has made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forum.db.fields import load_json
from forum.db.reading import Row, moment, rows
from forum.kernel.actors import Actor

# A case is about the reports from its first one on, up to the first of the next case about the same text.
_OF_CASE = (
    " JOIN flags o ON o.id = k.ref AND o.revision_id = f.revision_id AND o.number <= f.number"
    " AND NOT EXISTS (SELECT 1 FROM cases n JOIN flags b ON b.id = n.ref WHERE n.kind = 'report'"
    " AND n.revision_id = f.revision_id AND b.number > o.number AND b.number <= f.number)"
)
MOST = 100


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as moderators of the space read it."""

    id: str
    reason: str
    text: str
    lang: str
    by_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A report as the one who made it reads it, with what has come of it and nothing of who decided.

    `action` is the last decision on its case, "" without any; `reason_name` (by language) and `words` are that decision's.
    """

    id: str
    reason: str
    text: str
    lang: str
    at: datetime
    comment_id: str
    comment_state: str
    symbol: str
    space_id: str
    case_state: str
    action: str
    reason_name: Mapping[str, str]
    words: str
    words_lang: str
    decided_at: datetime | None


async def reports_of(case_id: str) -> list[Report]:
    """Return the reports that a case is about, first one first; the caller has checked who asks."""
    found = await rows(
        "SELECT f.id, f.reason, f.text, f.lang, f.by_id, p.name AS by_name, f.made_at FROM flags f JOIN cases k"
        f" ON k.revision_id = f.revision_id AND k.kind = 'report'{_OF_CASE}"
        " JOIN persons p ON p.id = f.by_id WHERE k.id = ? ORDER BY f.number",
        [case_id],
    )
    return [
        Report(one["id"], one["reason"], one["text"], one["lang"], one["by_id"], one["by_name"], moment(one["made_at"]))
        for one in found
    ]


async def made_by(actor: Actor, limit: int = MOST) -> list[Made]:
    """Return what `actor` has reported, newest first."""
    found = await rows(
        "SELECT f.id, f.reason, f.text, f.lang, f.made_at, f.comment_id, f.space_id, c.state AS comment_state, c.symbol,"
        " k.state AS case_state, d.action, d.reason_name, d.text AS words, d.text_lang AS words_lang, d.decided_at"
        " FROM (SELECT * FROM flags WHERE by_id = ? ORDER BY made_at DESC LIMIT ?) f JOIN comments c ON c.id = f.comment_id"
        f" JOIN cases k ON k.revision_id = f.revision_id AND k.kind = 'report'{_OF_CASE}"
        " LEFT JOIN decisions d ON d.case_id = k.id AND d.case_version ="
        " (SELECT MAX(l.case_version) FROM decisions l WHERE l.case_id = k.id) ORDER BY f.made_at DESC, f.id",
        [actor.person_id, limit],
    )
    return [_made(one) for one in found]


def _made(found: Row) -> Made:
    values = dict(found)
    values["at"], values["decided_at"] = moment(values.pop("made_at")), moment(values["decided_at"])
    values["reason_name"] = load_json(values["reason_name"] or "{}")
    for name in ("action", "words", "words_lang"):
        values[name] = values[name] or ""
    return Made(**values)
