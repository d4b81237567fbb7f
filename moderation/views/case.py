"""The page of one case: the text, why it waits, what stands around it, what was decided before, and the form of the decision."""

from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries as discussions
from forum.discussions import threads
from forum.discussions.models import Space
from forum.discussions.views.shown import ShownComment, shown
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Problem, Refusal, TooMany, invalid
from forum.kernel.locales import ENDONYM, LANGS, direction, is_lang, pick
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation import queries
from moderation.api.cases import case_id_of
from moderation.claims import claim, release
from moderation.decisions import decide
from moderation.forms import TEXT_LIMIT, DecisionForm
from moderation.models import Action
from moderation.policy import possible
from moderation.queries import Waiting
from moderation.reasons import REASONS
from moderation.views.shown import DECIDED_WORDS, earlier, shown_case, shown_decision

NEAR = 5
"""How many replies are shown below a text."""

ACTION_WORDS = {
    Action.PUBLISH: (N_("Publish"), N_("Everybody who may read the space sees it at once.")),
    Action.RETURN: (N_("Return to the author"), N_("The author reads your reason and can change the text and send it again.")),
    Action.REJECT: (N_("Reject"), N_("It is not published. The author reads your reason.")),
    Action.REMOVE: (N_("Remove"), N_("A stub with the reason stays in its place, and so do the replies.")),
    Action.RESTORE: (N_("Restore"), N_("The comment is shown again in its place, under its symbol.")),
    Action.KEEP: (N_("Keep"), N_("The comment stays as it is. Whoever reported it hears so.")),
    Action.MOVE: (N_("Move to another question"), N_("It is published there. The author reads where.")),
    Action.MERGE: (N_("Merge into a thread"), N_("It is published as a reply to the comment that you name.")),
    Action.UPHOLD: (N_("Uphold the decision"), N_("The decision stands. The author reads your reason.")),
    Action.OVERTURN: (N_("Overturn the decision"), N_("The text is published. The author reads your reason.")),
}
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


async def case_page(request: Request) -> Response:
    """Show a case; nothing is written, and nothing is claimed by looking."""
    found = await _found(request)
    return respond.page(request, "moderation/case.html", await _context(request, found, _fresh(request, found)))


async def decision(request: Request) -> Response:
    """Decide on a case and go back to the queue; what cannot be done shows the case again with what was typed."""
    found = await _found(request)
    values = await read_form(request)
    actor = actor_of(request)
    try:
        await request.app.state.limiter.hit("decide", actor.person_id)
        form = read_decision(values)
        await decide(actor, found.id, form)
    except Refusal as refusal:
        return await _again(request, values, refusal)
    return respond.see_other(request, "/moderation", ("success", DONE[form.action], {}))


async def claimed(request: Request) -> Response:
    """Claim the case, or renew the claim."""
    found = await _found(request)
    await read_form(request)
    actor = actor_of(request)
    try:
        await request.app.state.limiter.hit("decide", actor.person_id)
        await claim(actor, found.id)
    except Refusal as refusal:
        return await _again(request, _fresh(request, found), refusal)
    return respond.see_other(request, f"/moderation/cases/{found.id}", ("success", N_("This case is yours for 15 minutes."), {}))


async def released(request: Request) -> Response:
    """Give the case back."""
    found = await _found(request)
    await read_form(request)
    await release(actor_of(request), found.id)
    return respond.see_other(request, f"/moderation/cases/{found.id}", ("success", N_("The case is free for others."), {}))


def read_decision(values: Mapping[str, str]) -> DecisionForm:
    """Return the decision in a form. Raises Refusal naming the field; whoever gives another reason must write it."""
    version = values.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else version
    form = parse(DecisionForm, {**values, "version": number})
    if form.action is not Action.PUBLISH and form.reason == "other" and not form.text.strip():
        raise invalid(text=Problem("case.reason"))
    return form


async def _found(request: Request) -> Waiting:
    return await queries.case(actor_of(request), case_id_of(request), lang_of(request))


def _fresh(request: Request, found: Waiting) -> dict[str, str]:
    values = {"version": str(found.version), "text_lang": actor_of(request).lang or lang_of(request)}
    fitting = possible(found.kind, found.state, found.comment_state)
    return values | ({"action": next(iter(fitting)).value} if len(fitting) == 1 else {})


async def _again(request: Request, values: Mapping[str, str], refusal: Refusal) -> Response:
    """Show the case as it stands now, with what was typed and why it was not done."""
    found = await _found(request)
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


def _conflict(refusal: Conflict) -> dict[str, object]:
    """Return what stands now: the sentence and, if somebody has decided, who, what and when."""
    shown_now: dict[str, object] = {"text": field_errors(refusal)[""], "by": "", "action": "", "at": None}
    now = refusal.current.get("decision")
    if isinstance(now, Mapping):
        at = datetime.fromisoformat(str(now["at"]))
        shown_now |= {"by": now["by"], "action": gettext(DECIDED_WORDS[str(now["action"])]), "at": at}
    return shown_now


async def _newer(found: Waiting, lang: str) -> str:
    """Return the address of the case that waits in place of this one, "" when there is none."""
    other = await queries.open_case_on(found.comment_id)
    return f"/{lang}/moderation/cases/{other}" if other and other != found.id else ""


async def _context(request: Request, found: Waiting, values: Mapping[str, str]) -> dict[str, object]:
    actor, lang = actor_of(request), lang_of(request)
    space = await discussions.space_by_id(actor, found.space_id)
    question = await discussions.question_of(space, found.question)
    text, text_lang = pick(question.text, lang)
    before, after = await _around(actor, space, found, lang)
    return {
        "case": shown_case(found, actor, lang),
        "question": {"number": question.number, "text": text, "lang": text_lang, "dir": direction(text_lang)},
        "before": before,
        "after": after,
        "earlier": earlier(found, await queries.revisions_of(found.comment_id)),
        "history": [shown_decision(one) for one in await queries.decisions_on(found.comment_id)],
        "is_own": found.author_id == actor.person_id,
        "conflict": None,
        "newer": "",
        "errors": {},
        "values": values,
        **_choices(found),
    }


async def _around(actor: Actor, space: Space, found: Waiting, lang: str) -> tuple[list[ShownComment], list[ShownComment]]:
    """Return the comments above the text, outermost first, and the first replies below it."""
    comment = await threads.one(actor, found.comment_id, lang)
    if comment is None:
        return [], []
    above = [one for one in await threads.branch(actor, space, comment, lang) if one.id != comment.id]
    below = await threads.replies(actor, space, comment, lang, NEAR)

    def view(seen: threads.Seen) -> ShownComment:
        return shown(seen, lang, space.slug, can_reply=False)

    return [view(one) for one in above], [view(one) for one in below]


def _choices(found: Waiting) -> dict[str, object]:
    """Return the options of the form: the actions that fit, the reasons as they will be sent, the languages."""
    fitting = possible(found.kind, found.state, found.comment_state)
    actions = [
        {"value": action.value, "text": gettext(name), "hint": gettext(hint)}
        for action, (name, hint) in ACTION_WORDS.items()
        if action in fitting
    ]
    reasons = [{"value": one.code, "text": gettext(one.name), "hint": gettext(one.text)} for one in REASONS]
    return {
        "actions": actions,
        "reasons": reasons,
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "text_lang_name": ENDONYM[found.lang] if is_lang(found.lang) else found.lang,
        "limit": TEXT_LIMIT,
        "labels": {
            "action": gettext("What to do"),
            "reason": gettext("Reason"),
            "text": gettext("Your words to the author"),
            "text_lang": gettext("Language of your words"),
            "note": gettext("Note among moderators"),
        },
    }
