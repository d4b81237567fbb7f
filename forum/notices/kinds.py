"""The kinds of notices: which words each has. Features hand theirs over in `forum.wiring`; the words are translated where shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from forum.kernel.messages import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """Message ids of a notice's title and of its one sentence, which may hold `%(name)s` for the notice's params.

    `says_public`: it tells that everybody may read the comment; its mail is not sent once that is true no more. `to_moderators`: it is for
    whoever moderates the space, and mailed only to who does so still. `to_suspended`: it is mailed even to whoever may not take part.
    """

    title: str
    sentence: str
    says_public: bool = False
    to_moderators: bool = False
    to_suspended: bool = False


UNKNOWN = Kind(
    N_("News about your contributions"), N_("Something about your contributions has changed; the page named here says what.")
)
"""What is said of a notice whose kind this version does not know, as after going back to an older one."""

_kinds: Mapping[str, Kind] = {}


def install(*tables: Mapping[str, Kind]) -> None:
    """Set the kinds that there are, by name."""
    global _kinds  # noqa: PLW0603 - wired once, at start
    _kinds = {name: kind for table in tables for name, kind in table.items()}


def is_known(name: str) -> bool:
    """Tell whether there is a kind of this name."""
    return name in _kinds


def kind_of(name: str) -> Kind:
    """Return the kind of a notice that is there."""
    return _kinds.get(name, UNKNOWN)
