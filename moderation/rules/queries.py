"""Read the rules of a space for its pages and the API."""

from dataclasses import dataclass

from forum.db.reading import rows
from forum.discussions.models import Space
from forum.discussions.queries import addressed
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.kernel.ids import is_id
from moderation.rules.models import ModeratorScope, Phrase, SpaceReason
from moderation.rules.regulating import require_rules


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who moderates a space and what they are given there; no languages: all of them."""

    person_id: str
    name: str
    languages: list[str]
    nationality: str


async def ruled_space(actor: Actor, slug: str) -> Space:
    """Return the space whose rules `actor` may read: its moderators and the secretariat; raises NotFound for others."""
    space = await addressed(slug)
    if space is None:
        raise NotFound
    require_rules(actor, space.id)
    return space


async def moderators_of(space_id: str) -> list[Moderator]:
    """Return who moderates the space, by name."""
    sql = (
        "SELECT DISTINCT p.id, p.name FROM space_roles r JOIN persons p ON p.id = r.person_id"
        " WHERE r.space_id = ? AND r.role IN ('moderator', 'facilitator') ORDER BY p.name, p.id"
    )
    scopes = {one.person_id: one for one in await ModeratorScope.filter(space_id=space_id)}
    found = []
    for one in await rows(sql, [space_id]):
        scope = scopes.get(one["id"])
        found.append(Moderator(one["id"], one["name"], scope.languages if scope else [], scope.nationality if scope else ""))
    return found


async def moderator_of(space_id: str, person_id: str) -> Moderator:
    """Return one who moderates the space; raises NotFound."""
    for one in await moderators_of(space_id):
        if one.person_id == person_id:
            return one
    raise NotFound


async def phrases_of(space_id: str) -> list[Phrase]:
    """Return the phrases of the space, in their order."""
    return await Phrase.filter(space_id=space_id).order_by("place", "id")


async def phrase_of(space_id: str, phrase_id: str) -> Phrase:
    """Return one phrase of the space; raises NotFound."""
    phrase = await Phrase.get_or_none(id=phrase_id, space_id=space_id) if is_id(phrase_id) else None
    if phrase is None:
        raise NotFound
    return phrase


async def has_own_reasons(space_id: str) -> bool:
    """Return whether the space has reasons of its own, in place of the usual ones."""
    return await SpaceReason.filter(space_id=space_id).exists()
