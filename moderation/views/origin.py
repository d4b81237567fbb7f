"""What has brought a case before the moderators, if it was not the text itself: the reports of participants, or the author's appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.discussions.flags import FLAG_WORDS
from forum.kernel.actors import Actor
from forum.kernel.locales import direction
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from moderation.appeals.queries import Appealed, appeal_of
from moderation.models import CaseKind
from moderation.queries import Waiting
from moderation.reports.queries import Report, reports_of
from moderation.views.shown import ShownDecision, paragraphs, shown_decision

OUTCOMES = {
    "": N_("Nobody has decided on the appeal yet."),
    "upheld": N_("The decision was upheld."),
    "overturned": N_("The decision was overturned."),
    "closed": N_("The appeal was closed: what has happened since has made it pointless."),
}


@dataclass(frozen=True, slots=True)
class ShownReport:
    """One report. `words` are the reporter's paragraphs in `lang`, none if the reason says it all."""

    reason: str
    words: list[str]
    lang: str
    dir: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownAppealed:
    """An appeal: the author's paragraphs in `lang`, the decision that they are against, and what has come of it so far."""

    words: list[str]
    lang: str
    dir: str
    at: datetime
    against: ShownDecision
    outcome_text: str


async def origin_of(actor: Actor, found: Waiting) -> dict[str, object]:
    """Return what `_reports.html` and `_appeal.html` show on the page of a case: `reports`, `reports_kept_back` and `appealed`.

    Who moderates the space and wrote the comment reads no report of it: its author never learns who reported.
    """
    kept_back = found.kind == CaseKind.REPORT.value and found.author_id == actor.person_id
    of_reports = found.kind == CaseKind.REPORT.value and not kept_back
    appealed = await appeal_of(actor, found.id) if found.kind == CaseKind.APPEAL.value else None
    return {
        "reports": _reports(await reports_of(found.id)) if of_reports else [],
        "reports_kept_back": kept_back,
        "appealed": _appealed(appealed) if appealed else None,
    }


def _reports(found: Sequence[Report]) -> list[ShownReport]:
    return [
        ShownReport(gettext(FLAG_WORDS[one.reason]), paragraphs(one.text), one.lang, direction(one.lang), one.by, one.at)
        for one in found
    ]


def _appealed(found: Appealed) -> ShownAppealed:
    return ShownAppealed(
        words=paragraphs(found.text),
        lang=found.lang,
        dir=direction(found.lang),
        at=found.at,
        against=shown_decision(found.decision),
        outcome_text=gettext(OUTCOMES[found.outcome]),
    )
