"""Names that could be mistaken for somebody who speaks with authority here."""

from forum.db.reading import rows
from forum.kernel.locales import LANGS
from forum.text.names import skeleton

_NAMES = ", ".join(f"name_{lang}" for lang in LANGS)


async def mistakable(name: str) -> bool:
    """Return whether `name` looks like an entity, or like a moderator or the secretariat, in any script."""
    wanted = skeleton(name)
    if wanted in {skeleton("moderator"), skeleton("secretariat"), skeleton("United Nations")}:
        return True
    for entity in await rows(f"SELECT acronym, {_NAMES} FROM entities"):
        if wanted in {skeleton(text) for text in entity.values() if text}:
            return True
    staff = await rows(
        "SELECT p.name FROM persons p WHERE p.is_secretariat OR p.id IN"
        " (SELECT person_id FROM space_roles WHERE role IN ('moderator', 'facilitator'))"
    )
    return any(skeleton(person["name"]) == wanted for person in staff)
