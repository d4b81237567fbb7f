"""Drafts: what somebody is typing, kept on the server until it is sent."""

from forum.discussions.forms import DraftText
from forum.discussions.models import Draft
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
    return await Draft.get_or_none(person_id=actor.person_id, place=place)
