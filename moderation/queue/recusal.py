"""Who must leave which case to another, for many cases in one statement: `moderation.fairness` in SQL.

Both say the same of every case; `tests/moderation/queue/test_filters.py` holds them together.
"""

from forum.db.connect import reader
from forum.db.reading import dialect

_MINE = "SELECT 1 FROM affiliations a WHERE a.person_id = ? AND a.status = 'verified'"
_REPORTED = "SELECT 1 FROM flags f WHERE f.comment_id = c.id AND f.by_id = ?"
_TOUCHED = (
    "SELECT 1 FROM record_entries t WHERE t.subject = c.id AND t.log_id = c.space_id AND t.actor_id = ? AND t.capacity = 'moderator'"
    " AND t.kind LIKE 'case.%' AND t.data NOT LIKE {this}"
)
_SAME_ENTITY = (
    f"{_MINE} AND a.entity_id IN (SELECT b.entity_id FROM appeals p JOIN decisions d ON d.id = p.decision_id"
    " JOIN affiliations b ON b.person_id IN (d.decided_by_id, d.seconded_by_id) AND b.status = 'verified' WHERE p.case_id = k.id)"
)
_ENTITY = (
    f"{_MINE} AND (a.entity_id = c.entity_id OR a.entity_id IN"
    " (SELECT b.entity_id FROM affiliations b WHERE b.person_id = c.author_id AND b.status = 'verified'))"
)
_NATIONAL = "SELECT 1 FROM entities e WHERE e.id = c.entity_id AND e.kind IN ('state', 'observer') AND e.code = m.nationality"


def recused(person_id: str) -> tuple[str, list[object]]:
    """Return (expression, its values) that says of the case `k` why this person may not decide on it: a key of a refusal, or ""."""
    this = "'%\"case\":\"' || k.id || '\"%'"
    if dialect(reader()) != "sqlite":
        this = f'({this}) COLLATE "C"'  # ids are compared bytewise there, and two orders cannot meet in one comparison
    touched = _TOUCHED.format(this=this)
    expression = (
        "(SELECT CASE WHEN c.author_id = ? THEN 'case.own'"
        f" WHEN EXISTS ({_REPORTED}) THEN 'case.reported'"
        f" WHEN k.kind = 'appeal' AND EXISTS ({touched}) THEN 'case.touched'"
        f" WHEN k.kind = 'appeal' AND EXISTS ({_SAME_ENTITY}) THEN 'case.same_entity'"
        f" WHEN COALESCE(s.recuse_entity, TRUE) AND EXISTS ({_ENTITY}) THEN 'case.entity'"
        f" WHEN COALESCE(s.recuse_nationality, FALSE) AND EXISTS ({_NATIONAL}) THEN 'case.nationality' ELSE '' END"
        " FROM comments c LEFT JOIN desk_settings s ON s.space_id = c.space_id"
        " LEFT JOIN moderator_scopes m ON m.space_id = c.space_id AND m.person_id = ? AND m.nationality <> ''"
        " WHERE c.id = k.comment_id)"
    )
    return expression, [person_id] * 6
