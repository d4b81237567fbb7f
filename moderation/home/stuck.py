"""Appeals that wait and that nobody in their space may decide: the rules of `moderation.fairness`, asked for all appeals at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum.db.reading import Row, rows
from moderation.home.queries import Moderating, Place, given_sql, marks
from moderation.models import CaseKind

MOST_APPEALS = 100
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules ask: (comment, person) → the cases on which somebody has acted as moderator, or "" for a report of theirs, and
    person → entities spoken for."""

    touched: Mapping[tuple[str, str], frozenset[str]]
    speaks_for: Mapping[str, frozenset[str]]


async def stuck(given: Sequence[Place], everybody: Sequence[Moderating]) -> dict[str, list[str]]:
    """Return the cases of the appeals that nobody may decide, by space; of the oldest hundred, in three statements."""
    appeals = await _appeals(given)
    if not appeals:
        return {}
    known = await _known(appeals, everybody)
    found: dict[str, list[str]] = defaultdict(list)
    for appeal in appeals:
        if not any(may_decide(who, appeal, known) for who in everybody if who.space_id == appeal["space_id"]):
            found[appeal["space_id"]].append(appeal["id"])
    return dict(found)


def may_decide(who: Moderating, appeal: Row, known: Known) -> bool:
    """Tell whether this moderator may decide this appeal, and is given its language."""
    if who.languages is not None and appeal["lang"] not in who.languages:
        return False
    if who.person_id == appeal["author_id"] or known.touched.get((appeal["comment_id"], who.person_id), NOBODY) - {appeal["id"]}:
        return False
    mine = known.speaks_for.get(who.person_id, NOBODY)
    if any(mine & known.speaks_for.get(first, NOBODY) for first in _deciders(appeal)):
        return False
    entity = frozenset({appeal["entity_id"]} if appeal["entity_id"] else NOBODY)
    theirs = entity | known.speaks_for.get(appeal["author_id"], NOBODY)
    # A space that has set nothing has None here, which is the default: yes.
    if appeal["recuse_entity"] in {None, True} and mine & theirs:
        return False
    return not (appeal["recuse_nationality"] and who.nationality and who.nationality == appeal["state"])


def _deciders(appeal: Row) -> list[str]:
    return [one for one in (appeal["decided_by_id"], appeal["seconded_by_id"]) if one]


async def _appeals(given: Sequence[Place]) -> list[Row]:
    where, params = given_sql(given, "k.space_id", "k.lang")
    return await rows(
        "SELECT k.id, k.space_id, k.comment_id, k.lang, c.author_id, c.entity_id, d.decided_by_id, d.seconded_by_id, t.recuse_entity,"
        " t.recuse_nationality, CASE WHEN e.kind IN ('state', 'observer') THEN e.code ELSE '' END AS state FROM cases k"
        " JOIN appeals a ON a.case_id = k.id JOIN decisions d ON d.id = a.decision_id JOIN comments c ON c.id = k.comment_id"
        " LEFT JOIN entities e ON e.id = c.entity_id LEFT JOIN desk_settings t ON t.space_id = k.space_id"
        f" WHERE k.state = 'open' AND k.kind = ? AND {where} ORDER BY k.id LIMIT ?",
        [CaseKind.APPEAL.value, *params, MOST_APPEALS],
    )


async def _known(appeals: Sequence[Row], everybody: Sequence[Moderating]) -> Known:
    comments = sorted({one["comment_id"] for one in appeals})
    spaces = sorted({one["space_id"] for one in appeals})
    touched: dict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    acted = await rows(
        "SELECT subject, actor_id, data FROM record_entries"
        f" WHERE log_id IN ({marks(spaces)}) AND subject IN ({marks(comments)}) AND capacity = 'moderator' AND kind LIKE 'case.%'"
        f" UNION ALL SELECT comment_id, by_id, '' FROM flags WHERE comment_id IN ({marks(comments)})",
        [*spaces, *comments, *comments],
    )
    for one in acted:
        touched[one["subject"], one["actor_id"]] |= {_case(one["data"])}
    people = {who.person_id for who in everybody if who.space_id in spaces}
    people |= {one["author_id"] for one in appeals} | {first for one in appeals for first in _deciders(one)}
    return Known(touched, await _speaks_for(sorted(people)))


def _case(data: str) -> str:
    return data.partition('"case":"')[2].partition('"')[0]


async def _speaks_for(people: Sequence[str]) -> dict[str, frozenset[str]]:
    sql = f"SELECT person_id, entity_id FROM affiliations WHERE status = 'verified' AND person_id IN ({marks(people)})"
    held: dict[str, frozenset[str]] = defaultdict(frozenset)
    for one in await rows(sql, people):
        held[one["person_id"]] |= {one["entity_id"]}
    return held
