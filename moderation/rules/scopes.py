"""What a moderator is given: spaces by their role, and in each of them all languages or some."""

from collections.abc import Mapping

from forum.db.fields import json_value
from forum.db.reading import keyed
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound

Scope = Mapping[str, frozenset[str] | None]
"""Space id → the languages of the cases that a moderator sees there; None is every language."""


async def scope_of(actor: Actor) -> Scope:
    """Return the spaces and languages that `actor` moderates, in one statement."""
    held: dict[str, frozenset[str] | None] = dict.fromkeys(sorted(actor.moderated_spaces))
    if not held:
        return {}
    for found in await keyed("SELECT space_id, languages FROM moderator_scopes WHERE person_id = ?", [actor.person_id]):
        listed = json_value(found["languages"])
        if found["space_id"] in held and listed:
            held[found["space_id"]] = frozenset(listed)
    return held


def handles(given: Scope, space_id: str, lang: str) -> bool:
    """Return whether what is of this language in this space is among what is given."""
    languages = given.get(space_id, frozenset())
    return languages is None or lang in languages


async def require_handles(actor: Actor, space_id: str, lang: str) -> None:
    """Raise NotFound unless the cases of this language in this space are given to `actor`."""
    if not handles(await scope_of(actor), space_id, lang):
        raise NotFound
