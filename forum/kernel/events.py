"""Facts: what has happened, told once, recorded, and heard by listeners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forum.kernel.actors import Capacity
from forum.kernel.canonical import Json

FORUM_LOG = "forum"
"""The log of what belongs to no space: accounts, affiliations, roles."""


@dataclass(slots=True, kw_only=True)
class Fact:
    """One thing that happened.

    `log` is the id of the space (or FORUM_LOG); `public` facts have a place in the public sequence that followers see.
    `seq` and `public_seq` are filled in when the record has appended the fact.
    """

    kind: str
    log: str
    at: datetime
    capacity: Capacity
    actor_id: str | None = None
    subject: str | None = None
    public: bool = False
    data: Mapping[str, Json] = field(default_factory=dict)
    seq: int = 0
    public_seq: int | None = None
