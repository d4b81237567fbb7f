"""Sanctions as templates show them: at the desk, and to the person they are about."""

from dataclasses import dataclass
from datetime import datetime

from forum.kernel.locales import direction, pick
from forum.kernel.messages import N_
from forum.web.catalogue import gettext, ngettext
from moderation.reasons import BY_CODE
from moderation.sanctions.models import Outcome, Sanction, SanctionKind, SanctionState
from moderation.sanctions.policy import APPEAL_WITHIN, may_appeal, state_of
from moderation.sanctions.queries import Seen
from moderation.views.shown import paragraphs

KIND_WORDS = {
    SanctionKind.WARN.value: (N_("Warning"), N_("The person is told to keep to the rules; nothing else changes.")),
    SanctionKind.SLOW.value: (N_("Limit on posts"), N_("The person can send a contribution only from time to time.")),
    SanctionKind.HOLD.value: (
        N_("Everything is read first"),
        N_("Whatever the person sends waits for a moderator before it is published."),
    ),
    SanctionKind.SUSPEND.value: (
        N_("Suspension"),
        N_("The person cannot write here, nor read what is for members only. In the whole forum: their account is closed."),
    ),
}
SUSPENDED_WORDS = {True: N_("Suspension from the forum"), False: N_("Suspension from the space")}
STATE_WORDS = {
    SanctionState.ACTIVE: (N_("In force"), "open"),
    SanctionState.ENDED: (N_("Ended"), "closed"),
    SanctionState.LIFTED: (N_("Lifted"), "closed"),
    SanctionState.OVERTURNED: (N_("Overturned on appeal"), "published"),
}
"""Words, and the look of the pill: names of classes, never shown."""
OUTCOME_WORDS = {
    "": (N_("Appeal waiting for a decision"), "held"),
    Outcome.UPHELD.value: (N_("Appeal decided: the measure stands"), "summarised"),
    Outcome.OVERTURNED.value: (N_("Appeal decided: the measure is overturned"), "published"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a person in a language of their own, as paragraphs."""

    paragraphs: list[str]
    lang: str

    @property
    def dir(self) -> str:
        """The direction of the language."""
        return direction(self.lang)


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """An appeal; `answer` is None while nobody has decided."""

    said: Said
    at: datetime
    waits: bool
    text: str
    pill: str
    answer: Said | None
    answered_at: datetime | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class ShownSanction:
    """A sanction. Names, `note` and `case_url` are empty where the person reads it; `space_title` for the whole forum."""

    id: str
    version: int
    url: str
    person: str
    person_id: str
    kind_text: str
    space_title: str
    space_lang: str
    every_text: str
    reason_name: str
    said: Said
    note: list[str]
    case_url: str
    imposed_by: str
    imposed_at: datetime
    ends_at: datetime | None
    is_active: bool
    state_text: str
    pill: str
    ended_at: datetime | None
    ended_by: str
    end: Said | None
    appeal: ShownAppeal | None
    appeal_until: datetime | None


def said(text: str, lang: str) -> Said:
    """Return words as paragraphs."""
    return Said(paragraphs(text), lang or "en")


def every_text(seconds: int) -> str:
    """Return a time between two posts in words, such as "4 hours"."""
    if seconds % 3600 == 0:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // 3600)
    if seconds % 60 == 0:
        return ngettext("%(num)s minute", "%(num)s minutes", seconds // 60)
    return ngettext("%(num)s second", "%(num)s seconds", seconds)


def kind_text(row: Sanction) -> str:
    """Return what a sanction is, in words."""
    if row.kind == SanctionKind.SUSPEND.value:
        return gettext(SUSPENDED_WORDS[not row.space_id])
    return gettext(KIND_WORDS[row.kind][0])


def _appeal(seen: Seen) -> ShownAppeal | None:
    row = seen.row
    if row.appealed_at is None:
        return None
    words, pill = OUTCOME_WORDS[row.outcome]
    return ShownAppeal(
        said=said(row.appeal_text, row.appeal_lang),
        at=row.appealed_at,
        waits=not row.outcome,
        text=gettext(words),
        pill=pill,
        answer=said(row.answer, row.answer_lang) if row.answer else None,
        answered_at=row.answered_at,
        answered_by=seen.answered_by,
    )


def shown(seen: Seen, lang: str, *, desk: bool) -> ShownSanction:
    """Return a sanction for a template in the current language; not for the `desk` without what stays there."""
    row, state = seen.row, state_of(seen.row)
    reason = BY_CODE.get(row.reason)
    title, title_lang = pick(seen.space_title, lang)
    state_text, pill = STATE_WORDS[state]
    return ShownSanction(
        id=row.id,
        version=row.version,
        url=f"/{lang}/moderation/sanctions/{row.id}" if desk else f"/{lang}/sanctions/{row.id}",
        person=seen.person,
        person_id=row.person_id if desk else "",
        kind_text=kind_text(row),
        space_title=title,
        space_lang=title_lang,
        every_text=every_text(row.every) if row.every else "",
        reason_name=gettext(reason.name) if reason else "",
        said=said(row.text, row.text_lang),
        note=said(row.note, "").paragraphs if desk else [],
        case_url=f"/{lang}/moderation/cases/{row.case_id}" if desk and row.case_id else "",
        imposed_by=seen.imposed_by,
        imposed_at=row.imposed_at,
        ends_at=row.ends_at,
        is_active=state is SanctionState.ACTIVE,
        state_text=gettext(state_text),
        pill=pill,
        ended_at=row.ended_at,
        ended_by=seen.ended_by,
        end=said(row.end_text, row.end_lang) if row.end_text else None,
        appeal=_appeal(seen),
        appeal_until=row.imposed_at + APPEAL_WITHIN if may_appeal(row) else None,
    )
