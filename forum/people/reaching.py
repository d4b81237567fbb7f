"""How a person can be written to."""

from forum.kernel.actors import MODERATING
from forum.kernel.locales import DEFAULT_LANG, is_lang
from forum.notices.sources import Recipient
from forum.people.models import Person, SpaceRole


async def recipient(person_id: str) -> Recipient | None:
    """Return a person's address and language as they are now; None for one who is gone."""
    found = await Person.get_or_none(id=person_id)
    if found is None:
        return None
    held = await SpaceRole.filter(person_id=person_id, role__in=[role.value for role in MODERATING])
    moderates = frozenset(role.space_id for role in held)
    lang = found.lang if is_lang(found.lang) else DEFAULT_LANG
    return Recipient(found.email, lang, moderates, is_suspended=found.is_suspended)
