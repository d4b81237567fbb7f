"""Notes among moderators as the page of a case shows them, one that disagrees with what was proposed together with that."""

from dataclasses import dataclass
from datetime import datetime

from forum.kernel.locales import direction, pick
from forum.web.catalogue import current, gettext
from moderation.casefile.declined import Declined, declined_in
from moderation.casefile.queries import notes_on
from moderation.views.shown import DECIDED_WORDS, paragraphs


@dataclass(frozen=True, slots=True)
class ShownDeclined:
    """What was proposed and did not come to pass. `words` and `facts` are paragraphs in `lang`, `reason_text` in `reason_lang`."""

    text: str
    by: str
    reason_name: str
    reason_text: str
    reason_lang: str
    reason_dir: str
    facts: list[str]
    words: list[str]
    note: list[str]
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note, in its writer's paragraphs."""

    by: str
    at: datetime
    words: list[str]
    declined: ShownDeclined | None


async def shown_notes(comment_id: str, space_id: str) -> list[ShownNote]:
    """Return the notes on a comment, oldest first; the caller has checked who asks."""
    found = []
    for one in await notes_on(comment_id):
        declined = await declined_in(one, space_id)
        found.append(ShownNote(one.by, one.at, paragraphs(one.text), _shown(declined) if declined else None))
    return found


def _shown(one: Declined) -> ShownDeclined:
    text, text_lang = pick(one.ground.text, current())
    return ShownDeclined(
        text=gettext(DECIDED_WORDS[one.form.action.value]),
        by=one.by,
        reason_name=pick(one.ground.name, current())[0],
        reason_text=text,
        reason_lang=text_lang,
        reason_dir=direction(text_lang),
        facts=paragraphs(one.form.facts),
        words=paragraphs(one.text),
        note=paragraphs(one.form.note),
        lang=one.lang,
        dir=direction(one.lang),
    )
