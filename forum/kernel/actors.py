"""Who acts: the one value that policy decides on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """A role in one space, given by the secretariat."""

    MODERATOR = "moderator"
    FACILITATOR = "facilitator"
    MEMBER = "member"


class Capacity(StrEnum):
    """In which capacity an act was done: part of each entry of the record."""

    MEMBER = "member"
    MODERATOR = "moderator"
    SECRETARIAT = "secretariat"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in, or nobody: `person_id` is None for an anonymous reader.

    `barred` are the ids of the spaces that this person is suspended from; roles held there are not among `roles` meanwhile.
    """

    person_id: str | None = None
    name: str = ""
    lang: str = ""
    is_secretariat: bool = False
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    session_id: str | None = None
    barred: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def is_moderator(self) -> bool:
        """Whether this person moderates any space."""
        return any(roles & MODERATING for roles in self.roles.values())

    @property
    def moderated_spaces(self) -> frozenset[str]:
        """Ids of the spaces this person moderates."""
        return frozenset(space for space, roles in self.roles.items() if roles & MODERATING)

    def moderates(self, space_id: str) -> bool:
        """Whether this person moderates the space `space_id`."""
        return bool(self.roles.get(space_id, frozenset()) & MODERATING)

    def belongs_to(self, space_id: str) -> bool:
        """Whether this person has any role in the space, or runs the forum."""
        return self.is_secretariat or bool(self.roles.get(space_id))

    def role_names(self) -> list[str]:
        """Names of all roles held anywhere, sorted, for the API."""
        names = {role.value for roles in self.roles.values() for role in roles}
        return sorted(names | ({"secretariat"} if self.is_secretariat else set()))


MODERATING = frozenset({Role.MODERATOR, Role.FACILITATOR})
ANONYMOUS = Actor()
