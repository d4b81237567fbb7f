"""Drafts: what somebody is typing, kept on the server until it is sent."""

from dataclasses import dataclass
from datetime import datetime

from forum.db.connect import reader
from forum.db.reading import moment, rows
from forum.discussions.forms import DraftText
from forum.discussions.models import Draft, Space
from forum.discussions.policy import may_read
from forum.kernel import clock
from forum.kernel.actors import Actor

MOST = 50


async def keep(actor: Actor, form: DraftText) -> None:
    """Keep what is typed at one place; an empty text forgets it. The oldest drafts make room beyond MOST."""
    if not form.body.strip():
        await forget(actor, form.place)
        return
    values = {"body": form.body, "lang": form.lang, "saved_at": clock.now()}
    await Draft.update_or_create(values, person_id=actor.person_id, place=form.place)
    ids = (
        await Draft.filter(person_id=actor.person_id).order_by("-saved_at").offset(MOST).limit(MOST).values_list("id", flat=True)
    )
    if ids:
        await Draft.filter(id__in=list(ids)).delete()


async def forget(actor: Actor, place: str) -> None:
    """Forget the draft of one place."""
    await Draft.filter(person_id=actor.person_id, place=place).delete()


async def at(actor: Actor, place: str) -> Draft | None:
    """Return what `actor` has typed at a place, or None."""
    if not actor.signed_in:
        return None
    return await Draft.get_or_none(person_id=actor.person_id, place=place, using_db=reader())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft and where it goes on: a question ("q"), a reply to the comment ("r") or an edit of it ("e")."""

    kind: str
    slug: str
    question: int
    comment_id: str | None
    body: str
    lang: str
    saved_at: datetime


async def waiting(actor: Actor) -> list[Waiting]:
    """Return what `actor` has typed and not sent, newest first, where they can still go on with it."""
    found = await rows(
        "SELECT d.place, d.body, d.lang, d.saved_at, s.id AS space_id, s.slug, q.number, c.id AS comment_id FROM drafts d"
        " LEFT JOIN comments c ON c.id = substr(d.place, 3) AND ((substr(d.place, 1, 1) = 'r' AND c.published_at IS NOT NULL)"
        " OR (substr(d.place, 1, 1) = 'e' AND c.author_id = d.person_id))"
        " JOIN questions q ON q.id = COALESCE(c.question_id, substr(d.place, 3)) JOIN spaces s ON s.id = q.space_id"
        " WHERE d.person_id = ? ORDER BY d.saved_at DESC",
        [actor.person_id],
    )
    spaces = await Space.filter(id__in={one["space_id"] for one in found}) if found else []
    readable = {space.id for space in spaces if may_read(actor, space)}
    return [
        Waiting(one["place"][0], one["slug"], one["number"], one["comment_id"], one["body"], one["lang"], moment(one["saved_at"]))
        for one in found
        if one["space_id"] in readable
    ]
