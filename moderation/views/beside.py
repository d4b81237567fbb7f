"""What stands around a case on its page: the thread, the author's standing, the moderators' notes, earlier decisions, the neighbours."""

from dataclasses import asdict

from forum.discussions import threads
from forum.discussions.models import Space
from forum.discussions.views.shown import ShownComment, shown
from forum.kernel.actors import Actor
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from moderation import queries
from moderation.appeals.queries import appeal_of
from moderation.casefile.queries import sources_of, standing
from moderation.models import CaseKind
from moderation.queries import Waiting
from moderation.screening.hits import hits
from moderation.views.near import near
from moderation.views.noted import shown_notes
from moderation.views.shown import shown_decision

NEAR = 5
"""How many replies are shown below a text."""

STANDING_WORDS = {
    "published": N_("Published now"),
    "returned": N_("Returned"),
    "rejected": N_("Rejected"),
    "removed": N_("Removed"),
    "waiting": N_("Waiting"),
}


async def beside(actor: Actor, space: Space, found: Waiting, lang: str) -> dict[str, object]:
    """Return what the page of a case shows besides the text and the form."""
    before, after = await _around(actor, space, found, lang)
    is_own = found.author_id == actor.person_id
    author = await standing(found.author_id, found.space_id)
    counts = asdict(author)
    history = await queries.decisions_on(actor, found.comment_id)
    if found.kind == CaseKind.APPEAL.value:
        appealed = await appeal_of(actor, found.id)
        history = [one for one in history if appealed is None or one.id != appealed.decision.id]
    other = await queries.open_case_on(found.comment_id, found.id)
    return {
        "other_url": f"/{lang}/moderation/cases/{other}" if other else "",
        "hits": await _hits(found),
        "before": before,
        "after": after,
        "is_own": is_own,
        # What moderators tell each other is not for the author, who may be one of them.
        "notes": [] if is_own else await shown_notes(found.comment_id, found.space_id),
        "history": [shown_decision(one) for one in history],
        "standing": [(gettext(words), counts[name]) for name, words in STANDING_WORDS.items()],
        "is_first": author.is_first,
        # The author of a text does not learn here, as a moderator, who else has written nearly the same and what became of it.
        "near": [] if is_own else await near(actor, found.comment_id, lang),
    }


async def _hits(found: Waiting) -> list[str]:
    """Return the words for which a text is held, none where no list has found any."""
    if not any(phase == "words" for phase, _ in found.holds):
        return []
    source = next((one.source for one in await sources_of(found.comment_id) if one.number == found.revision), "")
    return await hits(found.space_id, found.lang, source)


async def _around(actor: Actor, space: Space, found: Waiting, lang: str) -> tuple[list[ShownComment], list[ShownComment]]:
    """Return the comments above the text, outermost first, and the first replies below it."""
    comment = await threads.one(actor, found.comment_id, lang)
    if comment is None:
        return [], []
    above = [one for one in await threads.branch(actor, space, comment, lang) if one.id != comment.id]
    below = await threads.replies(actor, space, comment, lang, NEAR)

    def view(seen: threads.Seen) -> ShownComment:
        return shown(seen, lang, space.slug, can_reply=False, can_report=False)

    return [view(one) for one in above], [view(one) for one in below]
