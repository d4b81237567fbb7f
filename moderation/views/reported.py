"""What one has reported, and what has come of it: never who decided."""

from dataclasses import dataclass
from datetime import datetime

from forum.discussions.flags import FLAG_WORDS
from forum.discussions.models import Space
from forum.discussions.policy import may_read
from forum.discussions.views.shown import url_of
from forum.kernel.actors import Actor
from forum.kernel.locales import direction, pick
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from moderation import outcomes
from moderation.outcomes import outcome_of
from moderation.reports.queries import Made, made_by
from moderation.views.shown import paragraphs

OUTCOME_WORDS = {
    outcomes.WAITING: N_("Waiting for a moderator"),
    outcomes.KEPT: N_("The moderators looked at it and kept the comment."),
    outcomes.REMOVED: N_("The moderators removed the comment."),
    outcomes.RESTORED: N_("The comment had been removed. After another look it is shown again."),
    outcomes.WITHDRAWN: N_("Its author has withdrawn the comment."),
}
PILLS = {
    outcomes.WAITING: "held",
    outcomes.KEPT: "published",
    outcomes.REMOVED: "removed",
    outcomes.RESTORED: "published",
    outcomes.WITHDRAWN: "withdrawn",
}
PILL_WORDS = {
    outcomes.WAITING: N_("Waiting"),
    outcomes.KEPT: N_("Kept"),
    outcomes.REMOVED: N_("Removed"),
    outcomes.RESTORED: N_("Shown again"),
    outcomes.WITHDRAWN: N_("Withdrawn"),
}
"""The look of an outcome: names of classes, never shown."""


@dataclass(frozen=True, slots=True)
class ShownReported:
    """One's own report. `reason_name` says why a comment was removed; `answer` are the moderators' words to those who reported a comment
    that was kept. `url` is "" for a space that may not be read any more."""

    symbol: str
    space_title: str
    space_lang: str
    url: str
    reason: str
    words: list[str]
    lang: str
    dir: str
    at: datetime
    pill: str
    pill_text: str
    outcome: str
    outcome_text: str
    reason_name: str
    answer: list[str]
    answer_lang: str
    answer_dir: str


async def reported_by(actor: Actor, lang: str) -> list[ShownReported]:
    """Return what `actor` has reported, newest first, in the current language."""
    made = await made_by(actor)
    spaces = {space.id: space for space in await Space.filter(id__in={one.space_id for one in made})} if made else {}
    return [_shown(actor, one, spaces[one.space_id], lang) for one in made]


def _shown(actor: Actor, made: Made, space: Space, lang: str) -> ShownReported:
    title, title_lang = pick(space.title, lang)
    outcome = outcome_of(made)
    return ShownReported(
        symbol=made.symbol,
        space_title=title,
        space_lang=title_lang,
        url=url_of(lang, space.slug, made.comment_id) if may_read(actor, space) else "",
        reason=gettext(FLAG_WORDS[made.reason]),
        words=paragraphs(made.text),
        lang=made.lang,
        dir=direction(made.lang),
        at=made.at,
        pill=PILLS[outcome],
        pill_text=gettext(PILL_WORDS[outcome]),
        outcome=outcome,
        outcome_text=gettext(OUTCOME_WORDS[outcome]),
        reason_name=pick(made.reason_name, lang)[0] if outcome == outcomes.REMOVED else "",
        answer=paragraphs(made.words) if outcome == outcomes.KEPT else [],
        answer_lang=made.words_lang or lang,
        answer_dir=direction(made.words_lang or lang),
    )
