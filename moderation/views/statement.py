"""The statement of reasons: what Article 17 of the Digital Services Act lets an author read of a decision, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.discussions.screening import FAILED
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from moderation.contributions.queries import OwnAppeal, Version
from moderation.models import Action, CaseKind
from moderation.queries import Decided

BY_RULE = frozenset({"premoderation", "newcomers", "restricted", "reviewed", "none"})
"""Screening phases that look at no text: they hold by a rule that is the same whatever somebody writes."""
PHASE_WORDS = {
    "premoderation": N_("In this space every text is read by a moderator before it is published."),
    "newcomers": N_("In this space the first texts of everybody are read by a moderator before they are published."),
    "restricted": N_("For the time being, everything that you send is read by a moderator before it is published."),
    "reviewed": N_("A moderator has read this comment before, and reads every change of it before it is published."),
    "none": N_("A moderator reads the text before it is published."),
    "length": N_("An automatic check marked the length of the text."),
    "links": N_("An automatic check marked the links in the text."),
    "repeated": N_("An automatic check found that nearly the same text had been sent before."),
    "words": N_("An automatic check marked the choice of words."),
    "personal": N_("An automatic check marked what may be personal data."),
    "accusation": N_("An automatic check marked the way in which a State is named."),
}
NOT_CHECKED = N_("A check of the text could not be carried out, so a moderator read it first.")
ANY_CHECK = N_("An automatic check marked the text.")
"""Of a phase without words of its own."""

SCOPE = {
    Action.RETURN.value: N_("Your text is not shown to anybody else until a changed one is published."),
    Action.REJECT.value: N_("Your text is not shown to anybody else, in any country."),
    Action.REMOVE.value: N_(
        "Your text is shown to nobody else any more, in any country. A note with the reason stays in its place, and so do the replies."
    ),
}
OF_EDIT = N_("Your change is not shown to anybody else. The text that was published before stays.")
DURATION = {
    Action.RETURN.value: N_("Until you change the text and send it again."),
    Action.REJECT.value: N_("Without a time limit. You may send a changed text while the space is open."),
    Action.REMOVE.value: N_("Without a time limit."),
}
READ_BEFORE = N_("A moderator read the text before it was to be published.")
REPORTED = N_("A participant had reported the comment.")
OF_OWN_ACCORD = N_("The moderators looked at the published comment of their own accord.")
NO_MEANS = N_("No automated means were used, neither to find the text nor to decide. A moderator decided.")
MEANS = N_("Automated means had marked the text, as listed here. They decided nothing: a moderator did.")
CLAUSE = N_("Moderation policy of this space, clause %(clause)s")
POLICY = N_("Moderation policy of this space")
OUTCOMES = {
    "": N_("Your appeal waits for a moderator who has had nothing to do with this comment."),
    "upheld": N_("The decision was upheld. The reasons are below."),
    "overturned": N_("The decision was overturned. The reasons are below."),
    "closed": N_("Your appeal was closed: what has happened since has made it pointless."),
}


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """What else than the decision itself its author reads. `policy_url` is "" for a space that may not be read any more."""

    scope: str
    duration: str
    origin: str
    automated: str
    phases: Sequence[str]
    version: int
    version_at: datetime | None
    ground: str
    policy_url: str


def phase_text(phase: str) -> str:
    """Return in the current language, in words for the author, why a phase held a text."""
    return gettext(NOT_CHECKED if phase.startswith(FAILED) else PHASE_WORDS.get(phase, ANY_CHECK))


def looked(phase: str) -> bool:
    """Return whether a phase has held a text for what it found in it."""
    return phase not in BY_RULE and not phase.startswith(FAILED)


def statement_of(decided: Decided, version: Version | None, policy_url: str) -> ShownStatement | None:
    """Return the statement of reasons for a decision that keeps a text from readers, None for any other."""
    if decided.action not in SCOPE:
        return None
    of_edit = decided.kind == CaseKind.EDIT.value and decided.action != Action.REMOVE.value
    phases = [phase_text(phase) for phase in decided.automated if looked(phase)]
    return ShownStatement(
        scope=gettext(OF_EDIT if of_edit else SCOPE[decided.action]),
        duration=gettext(DURATION[decided.action]),
        origin=gettext(_origin(decided)),
        automated=gettext(MEANS if phases else NO_MEANS),
        phases=phases,
        version=version.number if version else 0,
        version_at=version.at if version else None,
        ground=gettext(CLAUSE, clause=decided.clause) if decided.clause else gettext(POLICY),
        policy_url=policy_url,
    )


def _origin(decided: Decided) -> str:
    if decided.kind == CaseKind.REPORT.value:
        return REPORTED
    return OF_OWN_ACCORD if decided.action == Action.REMOVE.value else READ_BEFORE


def outcome_text(appeal: OwnAppeal) -> str:
    """Return in the current language what has come of an appeal."""
    return gettext(OUTCOMES[appeal.outcome])
