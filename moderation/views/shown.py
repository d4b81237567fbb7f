"""Cases, decisions and reasons as the moderators' templates show them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from forum.discussions.views.shown import capacity_text
from forum.kernel.actors import Actor
from forum.kernel.locales import ENDONYM, direction, is_lang, pick
from forum.kernel.messages import N_
from forum.text.excerpt import excerpt
from forum.web.catalogue import current, gettext
from moderation.models import Action, CaseKind, CaseState
from moderation.queries import Decided, Waiting
from moderation.reasons import BY_CODE
from moderation.views.statement import ShownStatement

EXCERPT = 320
"""Characters of a text in a list."""
_ANCHOR = re.compile(r' id="p-[0-9a-f]{32}-[0-9]+"')

KIND_WORDS = {
    CaseKind.NEW.value: N_("New comment"),
    CaseKind.EDIT.value: N_("Edit of a published comment"),
    CaseKind.RESUBMISSION.value: N_("Sent again after a decision"),
    CaseKind.REPORT.value: N_("Report of a published comment"),
    CaseKind.APPEAL.value: N_("Appeal against a decision"),
}
STATE_WORDS = {
    CaseState.OPEN.value: N_("Waiting for a decision"),
    CaseState.DECIDED.value: N_("Decided"),
    CaseState.CLOSED.value: N_("Closed without a decision"),
}
DECIDED_WORDS = {
    Action.PUBLISH.value: N_("Published"),
    Action.RETURN.value: N_("Returned to the author"),
    Action.REJECT.value: N_("Rejected"),
    Action.REMOVE.value: N_("Removed"),
    Action.RESTORE.value: N_("Restored"),
    Action.KEEP.value: N_("Kept as it is"),
    Action.MOVE.value: N_("Moved to another question"),
    Action.MERGE.value: N_("Merged into a thread"),
    Action.UPHOLD.value: N_("Decision upheld"),
    Action.OVERTURN.value: N_("Decision overturned"),
}
PILLS = {CaseState.OPEN.value: "held", CaseState.DECIDED.value: "summarised", CaseState.CLOSED.value: "closed"}
"""The look of a case's state: names of classes, never shown."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a language of its own, as safe HTML, with the number of its revision."""

    html: Markup
    lang: str
    dir: str
    lang_name: str
    number: int


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case in a list or on its page."""

    id: str
    url: str
    version: int
    state: str
    state_text: str
    pill: str
    kind_text: str
    space_title: str
    space_lang: str
    slug: str
    question: int
    symbol: str
    text: Text
    excerpt: str
    author_name: str
    capacity_text: str
    entity_name: str
    holds: list[str]
    claimed_by: str
    claimed_until: datetime | None
    is_mine: bool
    opened_at: datetime
    due_at: datetime | None
    proposed: str
    proposed_by: str
    needs_second: bool


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision; `reason_text` is in `reason_lang`, the reader's unless it was worded for this one text.

    `words` are the paragraphs written to the author, `facts` those on which it rests, both in `lang`. `clause` is that of the policy.
    `statement` is what else the author reads of it, on the page of the one comment.
    """

    action: str
    text: str
    reason_name: str
    reason_text: str
    reason_lang: str
    reason_dir: str
    words: list[str]
    lang: str
    dir: str
    note: list[str]
    by: str
    at: datetime
    clause: str = ""
    facts: tuple[str, ...] = ()
    seconded_by: str = ""
    statement: ShownStatement | None = None


def text_of(html: str, lang: str, number: int) -> Text:
    """Return a stored text for a template, without its anchors: two revisions of one comment may stand on one page."""
    name = ENDONYM[lang] if is_lang(lang) else lang
    # Stored HTML is made by forum.text.markup and nothing else.
    return Text(Markup(_ANCHOR.sub("", html)), lang, direction(lang), name, number)  # noqa: S704


def shown_case(case: Waiting, actor: Actor, lang: str) -> ShownCase:
    """Return a case for a template, in the current language."""
    title, title_lang = pick(case.space_title, lang)
    return ShownCase(
        id=case.id,
        url=f"/{lang}/moderation/cases/{case.id}",
        version=case.version,
        state=case.state,
        state_text=gettext(STATE_WORDS[case.state]),
        pill=PILLS[case.state],
        kind_text=gettext(KIND_WORDS[case.kind]),
        space_title=title,
        space_lang=title_lang,
        slug=case.space_slug,
        question=case.question,
        symbol=case.symbol,
        text=text_of(case.html, case.lang, case.revision),
        excerpt=excerpt(case.html, EXCERPT),
        author_name=case.author_name,
        capacity_text=capacity_text(case.speaking_for, case.entity_name),
        entity_name=case.entity_name,
        holds=[gettext(reason) for _, reason in case.holds],
        claimed_by=case.claimed_by,
        claimed_until=case.claimed_until,
        is_mine=case.claimed_by_id is not None and case.claimed_by_id == actor.person_id,
        opened_at=case.opened_at,
        due_at=case.due_at,
        proposed=gettext(DECIDED_WORDS[case.proposal.action]) if case.proposal else "",
        proposed_by=case.proposal.by if case.proposal else "",
        needs_second=case.proposal is not None and case.proposal.needs_second,
    )


def shown_decision(decided: Decided, words: Mapping[str, str] = DECIDED_WORDS) -> ShownDecision:
    """Return a decision for a template, its reason in the current language; `words` say what was done."""
    name, _ = _said(decided, decided.reason_name, "name")
    text, reason_lang = _said(decided, decided.reason_text, "text")
    return ShownDecision(
        action=decided.action,
        text=gettext(words[decided.action]),
        reason_name=name,
        reason_text=text,
        reason_lang=reason_lang,
        reason_dir=direction(reason_lang),
        words=paragraphs(decided.text),
        lang=decided.text_lang,
        dir=direction(decided.text_lang),
        note=paragraphs(decided.note),
        by=decided.by,
        at=decided.at,
        clause=decided.clause,
        facts=tuple(paragraphs(decided.facts)),
        seconded_by=decided.seconded_by,
    )


def _said(decided: Decided, by_language: Mapping[str, str], part: str) -> tuple[str, str]:
    """Return what the reason said when it was given, in the current language if it did, and the language; of long ago, what the usual
    reason says now."""
    if by_language:
        return pick(by_language, current())
    reason = BY_CODE.get(decided.reason)
    return gettext(getattr(reason, part)) if reason else "", current()


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
