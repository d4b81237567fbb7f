"""What happened with one contribution: its time line, every decision with its statement of reasons, and the form of an appeal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import comment_id_of, is_id
from forum.discussions.models import CommentState, Space
from forum.discussions.policy import EDITABLE, may_post, may_read
from forum.discussions.views.keeping import kept, values_of
from forum.discussions.views.shown import shown, url_of
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Refusal, TooMany
from forum.kernel.locales import ENDONYM, LANGS, direction, pick
from forum.kernel.messages import N_, REFUSALS
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse
from forum.web.identity import actor_of, require_signed_in
from forum.web.language import lang_of
from moderation.appealing import WORDS_LIMIT, AppealForm, appeal
from moderation.appeals.cautions import caution
from moderation.contributions.queries import GONE, History, OwnAppeal, Step, history_of
from moderation.views.author import BACK, DECISION_WORDS, PENDING_WORDS, STATE_WORDS
from moderation.views.shown import ShownDecision, paragraphs, shown_decision
from moderation.views.statement import outcome_text, phase_text, statement_of

FIRST, LATER = N_("You sent the text."), N_("You sent version %(number)s of the text.")
AT_ONCE = N_("Nothing held it: it was published at once.")
WITHDRAWN = N_("You withdrew the comment.")


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """One's appeal, in one's own words, and what has come of it so far."""

    words: list[str]
    lang: str
    dir: str
    at: datetime
    outcome: str
    outcome_text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One place in the time line: something that was sent or withdrawn, or a decision with what can be, or was, said against it."""

    at: datetime
    text: str
    notes: list[str]
    decision: ShownDecision | None = None
    decision_id: str = ""
    until: datetime | None = None
    may_appeal: bool = False
    why_not: str = ""
    appeal: ShownAppeal | None = None


async def contribution_page(request: Request) -> Response:
    """GET /contributions/{id}"""
    actor, lang = require_signed_in(request), lang_of(request)
    history = await history_of(actor, comment_id_of(request), lang)
    return await _page(request, actor, history, {"lang": lang})


async def contribution(request: Request) -> Response:
    """POST /contributions/{id}: appeal against one of the decisions shown."""
    actor, lang, comment_id = actor_of(request), lang_of(request), comment_id_of(request)
    if not actor.signed_in:
        return await kept(request, f"/contributions/{comment_id}", "text")
    values, refused = await values_of(request)
    history = await history_of(actor, comment_id, lang)
    try:
        if refused:
            raise refused
        decision_id = values.get("decision", "")
        if not is_id(decision_id) or decision_id not in {one.id for one in history.decisions}:
            raise NotFound
        await request.app.state.limiter.hit("edit", actor.person_id)
        form = parse(AppealForm, {"text": values.get("text", ""), "lang": values.get("lang") or lang})
        await appeal(actor, decision_id, form)
    except NotFound:
        raise
    except Refusal as refusal:
        history = await history_of(actor, comment_id, lang)
        return await _page(request, actor, history, {"lang": lang} | values, refusal)
    text = N_("Your appeal was received. Another moderator decides on it.")
    return respond.see_other(request, f"/contributions/{comment_id}", ("success", text, {}))


async def _page(
    request: Request, actor: Actor, history: History, values: Mapping[str, str], refusal: Refusal | None = None
) -> Response:
    lang, seen = lang_of(request), history.seen
    space = await Space.get(id=seen.space_id)
    title, title_lang = pick(space.title, lang)
    url = url_of(lang, space.slug, seen.id) if may_read(actor, space) else ""
    editable = CommentState(seen.state) in EDITABLE and bool(url)
    words = await caution(seen.id)
    context = {
        "comment": replace(shown(seen, lang, space.slug, can_reply=False, can_report=False), url=url),
        "question": seen.question,
        "space_title": title,
        "space_lang": title_lang,
        "state": seen.state,
        "state_text": gettext(STATE_WORDS[seen.state]),
        "pending": seen.pending or "",
        "pending_text": gettext(PENDING_WORDS[seen.pending]) if seen.pending in PENDING_WORDS else "",
        "events": list(events(history, f"/{lang}/spaces/{space.slug}#moderation" if url else "")),
        "edit_url": f"{url}/edit" if editable and may_post(actor, space, clock.now()) else "",
        "edit_text": _edit_text(history),
        "caution": gettext(words) if words else "",
        "withdraw_url": f"{url}/withdraw" if editable else "",
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "values": values,
        "limit": WORDS_LIMIT,
        "errors": field_errors(refusal) if refusal else {},
    }
    response = respond.page(request, "moderation/contribution.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _edit_text(history: History) -> str:
    asked_back = history.seen.state in BACK or history.seen.pending in BACK
    return gettext("Change and send again") if asked_back else gettext("Edit")


def events(history: History, policy_url: str) -> Iterator[Event]:
    """Yield what happened, oldest first, in the current language."""
    numbers = {one.id: one.number for one in history.versions}
    steps = [(step.at, 0, _step(step, numbers)) for step in history.steps]
    decisions = [(one.at, 1, event) for one, event in zip(history.decisions, _decisions(history, policy_url), strict=True)]
    for _, _, event in sorted([*steps, *decisions], key=lambda one: one[:2]):
        yield event


def _step(step: Step, numbers: Mapping[str, int]) -> Event:
    if step.kind in GONE:
        return Event(step.at, gettext(WITHDRAWN), [])
    number = numbers.get(step.revision_id, 0)
    text = gettext(LATER, number=number) if number > 1 else gettext(FIRST)
    return Event(step.at, text, [phase_text(phase) for phase in step.phases] or [gettext(AT_ONCE)])


def _decisions(history: History, policy_url: str) -> Iterator[Event]:
    versions = {one.id: one for one in history.versions}
    for one in history.decisions:
        statement = statement_of(one, versions.get(one.revision_id), policy_url)
        why = history.hindrances.get(one.id, "appeal.none")
        made = history.appeals.get(one.id)
        yield Event(
            at=one.at,
            text="",
            notes=[],
            decision=replace(shown_decision(one, DECISION_WORDS), statement=statement),
            decision_id=one.id,
            until=one.appeal_until,
            may_appeal=not why,
            why_not=gettext(REFUSALS[why]) if why in {"appeal.late", "appeal.pointless"} else "",
            appeal=_appeal(made) if made else None,
        )


def _appeal(made: OwnAppeal) -> ShownAppeal:
    return ShownAppeal(
        words=paragraphs(made.text),
        lang=made.lang,
        dir=direction(made.lang),
        at=made.at,
        outcome=made.outcome,
        outcome_text=outcome_text(made),
    )
