"""What followers of a space are sent: each public entry, read anew, as this class of viewer may see it."""

from forum.db.connect import reader
from forum.discussions import queries, threads
from forum.discussions.models import Space
from forum.discussions.policy import is_open, may_read
from forum.discussions.views.shown import render_comment, shown
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.clock import rfc3339, to_minute
from forum.record.reading import Told
from forum.web import catalogue

READER = "reader"
"""The one class of viewers of a thread so far: what is live is the same for everybody who may read the space."""

Update = dict[str, object]


async def project(told: Told, lang: str, _viewer: str = READER) -> Update | None:
    """Return the update that a follower in `lang` gets for a public entry; None when there is nothing to show.

    The comment is read as it stands now: an entry about a text that has since gone carries the stub.
    """
    update: Update = {"seq": told.seq, "kind": told.kind, "at": rfc3339(to_minute(told.at))}
    if told.kind.startswith("space."):
        return update | _space_part(told)
    space = await Space.get_or_none(id=told.log, using_db=reader())
    if space is None or told.subject is None:
        return None
    seen = await threads.one(ANONYMOUS, told.subject, lang)
    if seen is None:
        return None
    with catalogue.use(lang):
        html = render_comment(shown(seen, lang, space.slug, can_reply=is_open(space, clock.now())))
    return update | {"id": seen.id, "question": seen.question, "parent": seen.parent, "html": html}


def _space_part(told: Told) -> Update:
    # Of a step the record holds two states under the names that stand for two deadlines here: its kind says it all.
    shown = ("before", "after", "zone", "reason") if told.kind == "space.extended" else ()
    return {"id": told.log} | {key: told.data[key] for key in shown if key in told.data}


async def follow(actor: Actor, slug: str) -> tuple[str, str]:
    """Return (space id, viewer class) if `actor` may follow the space; raises NotFound."""
    space = await queries.space_by_slug(actor, slug)
    return space.id, READER


async def may_follow(actor: Actor, space_id: str) -> bool:
    """Return whether `actor` may still follow the space."""
    space = await Space.get_or_none(id=space_id, using_db=reader())
    return space is not None and may_read(actor, space)
