"""Who may see and do what: the one table, and everything that is asked of it.

Pages, the API, feeds, counts, the page cache and each live delivery decide by `sight` or filter by `visible_sql`; both come from SIGHT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from forum.discussions.models import CommentState, Space, SpaceState, Visibility
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, NotFound, NotSignedIn, Refusal


class Viewer(StrEnum):
    """What somebody is to a comment. `reader` is everyone who may read the space."""

    READER = "reader"
    AUTHOR = "author"
    MODERATOR = "moderator"


class Sight(Enum):
    """How much of a comment is shown."""

    NOTHING = 0
    STUB = 1
    TEXT = 2


SIGHT: dict[CommentState, dict[Viewer, Sight]] = {
    CommentState.HELD: {Viewer.READER: Sight.NOTHING, Viewer.AUTHOR: Sight.TEXT, Viewer.MODERATOR: Sight.TEXT},
    CommentState.RETURNED: {Viewer.READER: Sight.NOTHING, Viewer.AUTHOR: Sight.TEXT, Viewer.MODERATOR: Sight.TEXT},
    CommentState.REJECTED: {Viewer.READER: Sight.NOTHING, Viewer.AUTHOR: Sight.TEXT, Viewer.MODERATOR: Sight.TEXT},
    CommentState.PUBLISHED: {Viewer.READER: Sight.TEXT, Viewer.AUTHOR: Sight.TEXT, Viewer.MODERATOR: Sight.TEXT},
    CommentState.REMOVED: {Viewer.READER: Sight.STUB, Viewer.AUTHOR: Sight.TEXT, Viewer.MODERATOR: Sight.TEXT},
    CommentState.WITHDRAWN: {Viewer.READER: Sight.STUB, Viewer.AUTHOR: Sight.STUB, Viewer.MODERATOR: Sight.TEXT},
}
"""The rule. A withdrawn text is withdrawn for its author too; moderators keep it for the audit.

To readers a comment that was never published does not exist in any state: what its author withdrew while held leaves no stub.
"""

READABLE = tuple(state for state, row in SIGHT.items() if row[Viewer.READER] is not Sight.NOTHING)

TEXT_FOR_ALL = tuple(state for state, row in SIGHT.items() if row[Viewer.READER] is Sight.TEXT)


def viewer(actor: Actor, space_id: str, author_id: str) -> Viewer:
    """Return what `actor` is to a comment of `author_id` in the space."""
    if actor.moderates(space_id) or actor.is_secretariat:
        return Viewer.MODERATOR
    return Viewer.AUTHOR if actor.person_id == author_id else Viewer.READER


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a comment decides who sees it. `was_public` tells whether it was ever published."""

    space_id: str
    author_id: str
    state: str
    was_public: bool


def sight(actor: Actor, comment: Standing) -> Sight:
    """Return how much of a comment `actor` sees; the actor must already be known to read the space."""
    seen_as = viewer(actor, comment.space_id, comment.author_id)
    if seen_as is Viewer.READER and not comment.was_public:
        return Sight.NOTHING
    return SIGHT[CommentState(comment.state)][seen_as]


def may_see(actor: Actor, comment: Standing) -> bool:
    """Return whether `actor` may know that the comment exists."""
    return sight(actor, comment) is not Sight.NOTHING


def visible_sql(actor: Actor, space_id: str) -> tuple[str, Sequence[object]]:
    """Return the SQL condition on `c` (comments) that keeps the rows `actor` may see, and its parameters."""
    if viewer(actor, space_id, "") is Viewer.MODERATOR:
        return "1 = 1", ()
    # Written out, not parameters: a partial index serves only a condition that the planner can read.
    listed = ", ".join(f"'{state.value}'" for state in READABLE)
    public = f"c.published_at IS NOT NULL AND c.state IN ({listed})"
    if not actor.signed_in:
        return public, ()
    return f"(({public}) OR c.author_id = ?)", [actor.person_id]


def text_for_all_sql() -> tuple[str, Sequence[object]]:
    """Return the SQL condition on `c` (comments) that keeps the rows whose text every reader of their space sees, and its parameters."""
    listed = ", ".join("?" for _ in TEXT_FOR_ALL)
    return f"c.published_at IS NOT NULL AND c.state IN ({listed})", [state.value for state in TEXT_FOR_ALL]


def may_read(actor: Actor, space: Space) -> bool:
    """Return whether `actor` may read the space at all."""
    if actor.is_secretariat or actor.moderates(space.id):
        return True
    if space.state == SpaceState.DRAFT.value:
        return False
    return space.visibility == Visibility.PUBLIC.value or actor.belongs_to(space.id)


def require_read(actor: Actor, space: Space | None) -> Space:
    """Return the space if `actor` may read it; raises NotFound alike for a hidden and an unknown one."""
    if space is None or not may_read(actor, space):
        raise NotFound
    return space


def is_open(space: Space, now: datetime) -> bool:
    """Return whether the space takes comments at `now`: by its state and, to the second, by its deadline."""
    if space.state != SpaceState.OPEN.value:
        return False
    return space.closes_at is None or now < space.closes_at


def may_post(actor: Actor, space: Space, now: datetime) -> bool:
    """Return whether `actor` may comment in the space now."""
    if space.id in actor.barred:
        return False
    member = space.visibility == Visibility.PUBLIC.value or actor.belongs_to(space.id)
    return actor.signed_in and member and is_open(space, now)


def require_post(actor: Actor, space: Space, now: datetime) -> None:
    """Raise NotSignedIn or Forbidden, saying why, unless `actor` may comment in the space now."""
    if not actor.signed_in:
        raise NotSignedIn
    if not is_open(space, now):
        raise Forbidden("space.not_open")
    if not may_post(actor, space, now):
        raise Forbidden("space.members")


def require_moderator(actor: Actor, space_id: str) -> None:
    """Raise NotFound unless `actor` moderates the space: to others its cases do not exist."""
    if not actor.moderates(space_id):
        raise NotFound


def require_secretariat(actor: Actor) -> None:
    """Raise NotSignedIn or Forbidden unless `actor` is of the secretariat."""
    if actor.is_secretariat:
        return
    raise Forbidden("forbidden") if actor.signed_in else NotSignedIn


EDITABLE = frozenset({CommentState.HELD, CommentState.RETURNED, CommentState.PUBLISHED, CommentState.REJECTED})
"""In which states the author may write anew; what is removed or withdrawn stays so."""


def require_edit(actor: Actor, author_id: str, state: str) -> None:
    """Raise NotFound unless `actor` is the author, Refusal when the comment is final."""
    if actor.person_id != author_id:
        raise NotFound
    if CommentState(state) not in EDITABLE:
        raise Refusal("comment.final")
