"""The page of one case: the text, why it waits, what stands around it, what was decided before, and the form of the decision."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries as discussions
from forum.discussions.models import Comment, SpeakingFor
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Refusal, TooMany
from forum.kernel.locales import direction, pick
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext, plural_messages, refusal_text
from forum.web.errors import field_errors
from forum.web.forms import read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation import queries
from moderation.api.cases import case_id_of
from moderation.casefile.queries import neighbours
from moderation.claims import keep_claim
from moderation.decisions import decide
from moderation.fairness import Matter, recused
from moderation.models import Action, Case, CaseState
from moderation.queries import Waiting
from moderation.rules.grounds import grounds_of
from moderation.rules.models import DeskSettings
from moderation.rules.settings import settings_of
from moderation.sanctions.policy import may_act_on
from moderation.views.beside import beside
from moderation.views.choices import choices, fresh, read_decision, speaks_in, with_phrase, without_usual
from moderation.views.clauses import policy_of
from moderation.views.comparison import comparison
from moderation.views.origin import origin_of
from moderation.views.pending import pending
from moderation.views.shown import DECIDED_WORDS, shown_case, shown_decision

DONE = {
    Action.PUBLISH: N_("Published. The author has been told."),
    Action.RETURN: N_("Returned to the author with your reason."),
    Action.REJECT: N_("Rejected. The author can read your reason."),
    Action.REMOVE: N_("Removed. A stub stays in its place."),
    Action.RESTORE: N_("Restored to its place."),
    Action.KEEP: N_("Kept as it is."),
    Action.MOVE: N_("Published under another question."),
    Action.MERGE: N_("Published in the thread."),
    Action.UPHOLD: N_("Upheld. The author can read your reason."),
    Action.OVERTURN: N_("Overturned. The text is published."),
}
WAITS = N_("Nothing has been sent yet: this decision can still be undone.")
SECOND = N_("A second moderator must agree before this is carried out.")


async def case_page(request: Request) -> Response:
    """Show a case, or to its own script only how it stands; nothing is written, and nothing is claimed by looking."""
    found = await found_case(request)
    if respond.wants_partial(request) and request.query_params.get("fragment") == "status":
        return respond.page(request, "moderation/_case_status.html", await status_of(request, found))
    return respond.page(request, "moderation/case.html", await _context(request, found, _fresh(request, found)))


async def decision(request: Request) -> Response:
    """Decide on a case; what can still be undone, or waits for a second moderator, is shown on the case's page, else the queue is.

    What cannot be done shows the case again with what was typed.
    """
    found = await found_case(request)
    values = await read_form(request)
    actor = actor_of(request)
    if found.claimed_by_id == actor.person_id:
        await keep_claim(actor, found.id)
    if "phrase" in values:
        return await filled(request, await with_phrase(found, await grounds_of(found.space_id), values), "")
    try:
        await request.app.state.limiter.hit("decide", actor.person_id)
        values = without_usual(await grounds_of(found.space_id), values)
        form = await read_decision(found, values, (await settings_of(found.space_id)).undo_seconds)
        await decide(actor, found.id, form)
    except Refusal as refusal:
        return await again(request, values, refusal)
    standing = (await found_case(request)).proposal
    if standing is None:
        return respond.see_other(request, "/moderation", ("success", DONE[form.action], {}))
    words = SECOND if standing.needs_second else WAITS
    return respond.see_other(request, f"/moderation/cases/{found.id}", ("note", words, {}))


async def found_case(request: Request) -> Waiting:
    """Return the case in the path. Raises NotFound."""
    return await queries.case(actor_of(request), case_id_of(request), lang_of(request))


def _fresh(request: Request, found: Waiting) -> dict[str, str]:
    lang = lang_of(request)
    return fresh(found, speaks_in(actor_of(request), found, lang))


async def again(request: Request, values: Mapping[str, str], refusal: Refusal) -> Response:
    """Show the case as it stands now, with what was typed and why it was not done."""
    found = await found_case(request)
    context = await _context(request, found, {**_fresh(request, found), **values, "version": str(found.version)})
    if isinstance(refusal, Conflict):
        context["conflict"] = _conflict(refusal)
        context["newer"] = await _newer(found, lang_of(request))
    else:
        context["errors"] = field_errors(refusal)
    response = respond.page(request, "moderation/case.html", context, status=refusal.status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def filled(request: Request, values: Mapping[str, str], words: str) -> Response:
    """Show the case as it stands now with `values` in its form, and say what has happened."""
    found = await found_case(request)
    context = await _context(request, found, {**_fresh(request, found), **values})
    return respond.page(request, "moderation/case.html", context | {"said": gettext(words) if words else ""})


def _conflict(refusal: Conflict) -> dict[str, object]:
    """Return what stands now: the sentence and, if somebody has decided or proposed, who, what and when."""
    shown_now: dict[str, object] = {"text": field_errors(refusal)[""], "by": "", "action": "", "at": None}
    now = refusal.current.get("decision") or refusal.current.get("proposal")
    if isinstance(now, Mapping):
        at = datetime.fromisoformat(str(now["at"]))
        shown_now |= {"by": now["by"], "action": gettext(DECIDED_WORDS[str(now["action"])]), "at": at}
    return shown_now


async def _newer(found: Waiting, lang: str) -> str:
    """Return the address of the case that waits in place of this one, "" when there is none."""
    other = await queries.open_case_on(found.comment_id, found.id)
    return f"/{lang}/moderation/cases/{other}" if other else ""


async def status_of(request: Request, found: Waiting) -> dict[str, object]:
    """Return how a case stands: who works on it, what is proposed, or what was decided; and whether that is news to the page.

    The page says in `seen` which version it shows.
    """
    actor, lang = actor_of(request), lang_of(request)
    seen = request.query_params.get("seen", "")
    previous, following = await neighbours(actor, found.id)
    decided = (await queries.last_decisions(actor, [found.id])).get(found.id) if found.state != CaseState.OPEN.value else None
    return {
        "case": shown_case(found, actor, lang),
        "proposal": await pending(found, actor),
        "why_not": await _why_not(actor, found),
        "decided": shown_decision(decided) if decided else None,
        "is_news": seen not in ("", str(found.version)),
        "previous_url": _url(lang, previous),
        "next_url": _url(lang, following),
        "countdown_words": _as_json(
            plural_messages("It can be undone for %(num)s second.", "It can be undone for %(num)s seconds.")
        ),
    }


def _url(lang: str, case_id: str | None) -> str:
    return f"/{lang}/moderation/cases/{case_id}" if case_id else ""


def _as_json(words: Mapping[str, object]) -> str:
    """Return texts for the page's script."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


async def _why_not(actor: Actor, found: Waiting) -> str:
    """Return why fairness keeps `actor` from deciding here, "" when nothing does."""
    case, comment = await Case.get(id=found.id), await Comment.get(id=found.comment_id)
    key = await recused(actor, Matter(case, comment, await settings_of(found.space_id)))
    return refusal_text(key, {}) if key else ""


async def _context(request: Request, found: Waiting, values: Mapping[str, str]) -> dict[str, object]:
    actor, lang = actor_of(request), lang_of(request)
    space = await discussions.space_by_id(actor, found.space_id)
    questions = await discussions.questions_of(space.id)
    named = [(one.number, *pick(one.text, lang)) for one in questions]
    number, text, text_lang = next(one for one in named if one[0] == found.question)
    policy = policy_of(space.policy_html, lang)
    grounds = await grounds_of(space.id)
    listed: list[dict[str, object]] = [
        {"value": n, "text": f"{gettext('Question %(number)s', number=n)}: {words}", "lang": code} for n, words, code in named
    ]
    asked = {"text_lang": values["text_lang"], "four_eyes": _four_eyes(found, await settings_of(space.id))}
    return {
        **await status_of(request, found),
        **await beside(actor, space, found, lang),
        **await choices(found, grounds, policy, listed, asked),
        "question": {"number": number, "text": text, "lang": text_lang, "dir": direction(text_lang)},
        "comparison": await comparison(request, found),
        "policy": policy,
        "measure": await _measure(actor, found),
        "conflict": None,
        "newer": "",
        "said": "",
        "messages": _messages(),
        "errors": {},
        "values": values,
        **await origin_of(actor, found),
    }


async def _measure(actor: Actor, found: Waiting) -> str:
    """Return the query of the address where a measure about the author is taken, "" when it is not for `actor` to take."""
    if not await may_act_on(actor, found.author_id, found.space_id):
        return ""
    return urlencode({"person": found.author_id, "space": found.space_slug, "case": found.id})


def _messages() -> str:
    """Return what the page's script says, as JSON."""
    said = {
        "changed": gettext("This case has changed since you opened this page."),
        "kept": gettext("What you had typed here is in the form again."),
        "typed": gettext("What you had typed"),
        "lost": gettext("This page is no longer brought up to date. Please reload it; what you typed is kept."),
    }
    return _as_json(said)


def _four_eyes(found: Waiting, settings: DeskSettings) -> bool:
    return settings.four_eyes and found.speaking_for == SpeakingFor.STATE.value
