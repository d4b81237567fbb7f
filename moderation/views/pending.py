"""A decision that is not carried out yet, as its case shows it: the whole statement, and how long it can be undone."""

from dataclasses import dataclass
from datetime import datetime

from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import DEFAULT_LANG, direction, pick
from forum.web.catalogue import current, gettext
from moderation.casefile.queries import name_of
from moderation.forms import DecisionForm
from moderation.models import Action, Proposal
from moderation.queries import Waiting
from moderation.rules.grounds import ground_in, worded
from moderation.views.shown import DECIDED_WORDS, paragraphs


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """What is proposed. `words` are paragraphs in `lang`; `left` is how many seconds it can be undone, 0 while it waits for a second."""

    text: str
    target: str
    reason_name: str
    reason_text: str
    reason_lang: str
    reason_dir: str
    clause: str
    facts: list[str]
    words: list[str]
    lang: str
    dir: str
    note: list[str]
    by: str
    at: datetime
    due_at: datetime | None
    left: int
    needs_second: bool
    is_mine: bool


async def pending(found: Waiting, actor: Actor) -> ShownProposal | None:
    """Return what is proposed on a case, None when nothing is."""
    proposal = await Proposal.get_or_none(case_id=found.id) if found.proposal else None
    if proposal is None:
        return None
    form = DecisionForm.model_validate_json(proposal.form)
    lang = form.text_lang or DEFAULT_LANG
    ground, free = await ground_in(found.space_id, form, proposal.ground)
    text, text_lang = pick(worded(ground, form.reason_text, lang).text, current())
    # Its author, who may be one of the moderators, reads what is decided and not what is weighed.
    told = found.author_id != actor.person_id
    left = int((proposal.due_at - clock.now()).total_seconds()) if proposal.due_at else 0
    return ShownProposal(
        text=gettext(DECIDED_WORDS[proposal.action]),
        target=await _target(form) if told else "",
        reason_name=pick(ground.name, current())[0] if told else "",
        reason_text=text if told else "",
        reason_lang=text_lang,
        reason_dir=direction(text_lang),
        clause=ground.clause if told else "",
        facts=paragraphs(form.facts) if told else [],
        words=paragraphs(f"{free}\n{form.text}") if told else [],
        lang=lang,
        dir=direction(lang),
        note=paragraphs(form.note) if told else [],
        by=await name_of(proposal.made_by_id),
        at=proposal.made_at,
        due_at=proposal.due_at,
        left=max(0, left),
        needs_second=proposal.needs_second,
        is_mine=proposal.made_by_id == actor.person_id,
    )


async def _target(form: DecisionForm) -> str:
    if form.action is Action.MOVE:
        return gettext("Question %(number)s", number=form.question)
    if form.action is Action.MERGE and form.parent:
        target = await Comment.get_or_none(id=form.parent)
        return target.symbol if target else form.parent
    return ""


async def typed_in(case_id: str) -> dict[str, str]:
    """Return what was typed into the form of a decision that is still only proposed, by the names of its fields; empty when none is."""
    proposal = await Proposal.get_or_none(case_id=case_id)
    if proposal is None:
        return {}
    sent = DecisionForm.model_validate_json(proposal.form).model_dump(mode="json", exclude={"version", "undo"})
    return {name: str(value) for name, value in sent.items() if value not in (None, "")}
