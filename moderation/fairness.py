"""Rules of fairness: who must not decide on what, and what needs a second pair of eyes."""

from dataclasses import dataclass

from forum.db.reading import rows
from forum.discussions.models import Comment, SpeakingFor
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden
from moderation.models import Action, Appeal, Case, CaseKind, Decision
from moderation.rules.grounds import Ground
from moderation.rules.models import DeskSettings, ModeratorScope

REFUSALS = frozenset({Action.REJECT, Action.REMOVE})
"""What refuses a statement for good; to return it asks its author for a change."""
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision is about."""

    case: Case
    comment: Comment
    settings: DeskSettings


async def require_impartial(actor: Actor, matter: Matter) -> None:
    """Raise Forbidden, saying why, when `actor` must leave this case to another moderator."""
    if why := await recused(actor, matter):
        raise Forbidden(why)


async def recused(actor: Actor, matter: Matter) -> str:
    """Return the key of the refusal that says why `actor` may not decide here, "" when nothing stands in the way."""
    assert actor.person_id
    if matter.comment.author_id == actor.person_id:
        return "case.own"
    if matter.comment.published_at is not None and await _reported(actor.person_id, matter.comment):
        return "case.reported"
    return await _of_appeal(actor.person_id, matter) or await _of_entity(actor.person_id, matter)


async def _of_appeal(person_id: str, matter: Matter) -> str:
    """An appeal goes to somebody who has had nothing to do with the comment, and is not of the entity of whoever decided."""
    if matter.case.kind != CaseKind.APPEAL.value:
        return ""
    if await _touched(person_id, matter.case):
        return "case.touched"
    first = await _first_deciders(matter.case)
    speakers = await _speak_for([person_id, *first])
    theirs = NOBODY.union(*(speakers.get(one, NOBODY) for one in first))
    return "case.same_entity" if speakers.get(person_id, NOBODY) & theirs else ""


async def _of_entity(person_id: str, matter: Matter) -> str:
    comment, settings = matter.comment, matter.settings
    speakers = await _speak_for([person_id, comment.author_id])
    theirs = speakers.get(comment.author_id, NOBODY) | ({comment.entity_id} if comment.entity_id else NOBODY)
    if settings.recuse_entity and speakers.get(person_id, NOBODY) & theirs:
        return "case.entity"
    if settings.recuse_nationality and comment.entity_id and await _national(person_id, comment):
        return "case.nationality"
    return ""


def needs_second(action: Action, matter: Matter, ground: Ground) -> bool:
    """Return whether a second moderator must agree: with what refuses a State's statement, or rests on a reason that asks for it."""
    if action not in REFUSALS:
        return False
    of_state = matter.comment.speaking_for == SpeakingFor.STATE.value
    return ground.four_eyes or (matter.settings.four_eyes and of_state)


async def _reported(person_id: str, comment: Comment) -> bool:
    """Return whether this person has reported the comment: then no case of it is theirs, not even one that is older than the report."""
    return bool(await rows("SELECT 1 AS x FROM flags WHERE comment_id = ? AND by_id = ? LIMIT 1", [comment.id, person_id]))


async def _first_deciders(case: Case) -> list[str]:
    """Return who made the decision that the appeal is against: one moderator, or two."""
    appeal = await Appeal.get(case_id=case.id)
    decision = await Decision.get(id=appeal.decision_id)
    return [one for one in (decision.decided_by_id, decision.seconded_by_id) if one]


async def _touched(person_id: str, case: Case) -> bool:
    """Return whether this person has had to do with the comment before, as the record tells: on any case of it but this one."""
    sql = (
        "SELECT data FROM record_entries WHERE log_id = ? AND subject = ? AND actor_id = ? AND capacity = 'moderator'"
        " AND kind LIKE 'case.%'"
    )
    found = await rows(sql, [case.space_id, case.comment_id, person_id])
    return any(f'"case":"{case.id}"' not in one["data"] for one in found)


async def _speak_for(people: list[str]) -> dict[str, frozenset[str]]:
    """Return for each of these people the ids of the entities they are verified to speak for; who speaks for none is left out."""
    marks = ", ".join("?" for _ in people)
    sql = f"SELECT person_id, entity_id FROM affiliations WHERE status = 'verified' AND person_id IN ({marks})"
    held: dict[str, frozenset[str]] = {}
    for one in await rows(sql, people):
        held[one["person_id"]] = held.get(one["person_id"], frozenset()) | {one["entity_id"]}
    return held


async def _national(person_id: str, comment: Comment) -> bool:
    """Return whether the comment speaks for the State of which this moderator is a national, as the secretariat has noted."""
    scope = await ModeratorScope.get_or_none(person_id=person_id, space_id=comment.space_id)
    if scope is None or not scope.nationality:
        return False
    found = await rows("SELECT code FROM entities WHERE id = ? AND kind IN ('state', 'observer')", [comment.entity_id])
    return bool(found) and found[0]["code"] == scope.nationality
