"""What a second moderator has disagreed with, read from the note that keeps it."""

import json
from dataclasses import dataclass

from forum.kernel.locales import DEFAULT_LANG
from moderation.casefile.queries import Noted, name_of
from moderation.forms import DecisionForm
from moderation.rules.grounds import Ground, ground_in, worded


@dataclass(frozen=True, slots=True)
class Declined:
    """A decision that did not come to pass: who had proposed it, on which ground, and what the author would have read in `lang`."""

    by: str
    form: DecisionForm
    ground: Ground
    text: str
    lang: str


async def declined_in(note: Noted, space_id: str) -> Declined | None:
    """Return what a note disagrees with, None for one that disagrees with nothing."""
    if not note.declined:
        return None
    kept = json.loads(note.declined)
    form = DecisionForm.model_validate(kept["form"])
    lang = form.text_lang or DEFAULT_LANG
    ground, free = await ground_in(space_id, form, kept["ground"])
    text = "\n".join(part for part in (free, form.text) if part)
    return Declined(await name_of(kept["by"]), form, worded(ground, form.reason_text, lang), text, lang)
