"""The page of a thread: one part of it, in thread order, and the form to write with."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import is_id
from forum.discussions.policy import is_open, may_post
from forum.discussions.views import thread_sheet
from forum.discussions.views.composer import Composer, Outcome, answered, composer, form_errors
from forum.discussions.views.places import Place, place_in, thread_path
from forum.discussions.views.thread_shown import plain_address, shown_to
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, TooMany
from forum.people.restrictions import require_not_barred
from forum.web import respond
from forum.web.catalogue import refusal_text
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.pagecache import cacheable


async def thread(request: Request) -> Response:
    """GET /spaces/{slug}/questions/{n}?after=CURSOR&since=SEQ&reply=ID"""
    actor = actor_of(request)
    if actor.signed_in:
        made = await thread_sheet.answer(request, actor)
        if made is not None:
            return made
    place = await place_in(request, actor)
    return await answer(request, actor, place)


async def answer(
    request: Request, actor: Actor, place: Place, outcome: Outcome | None = None, parent: str | None = None
) -> Response:
    """Return the page of the thread; `outcome` tells how a try to write ended, `parent` what it was to answer."""
    lang, now = lang_of(request), clock.now()
    wanted = request.query_params.get("reply", "") if parent is None else parent
    reply = await answered(actor, place, wanted, lang) if wanted and actor.signed_in else None
    form = await composer(request, actor, place, reply, outcome) if may_post(actor, place.space, now) else None
    context: dict[str, object] = {
        **await shown_to(request, actor, place, reply),
        "form": form,
        "errors": _errors(form, outcome),
        "barred_text": "",
        "typed": outcome.typed if outcome else None,
        "no_target": bool(wanted) and actor.signed_in and reply is None,
        "signin": _signin(request, place, now) if not actor.signed_in else "",
    }
    if not actor.signed_in and plain_address(request) and not context["lost"]:
        cacheable(request, f"space:{place.space.id}")
    barred = await _barred(actor, place)
    if barred:
        context |= {"barred_text": barred}
    context["write"] = respond.part(request, "discussions/_write.html", context)
    status = outcome.refusal.status if outcome and outcome.refusal else 200
    response = respond.page(request, "discussions/thread.html", context, status=status)
    if outcome and isinstance(outcome.refusal, TooMany):
        response.headers["Retry-After"] = str(outcome.refusal.retry_after)
    return response


async def _barred(actor: Actor, place: Place) -> str:
    """Return why somebody who is suspended from the space cannot write in it, "" for everybody else."""
    try:
        await require_not_barred(actor, place.space.id)
    except Forbidden as refusal:
        return refusal_text(refusal.key, refusal.params)
    return ""


def _errors(form: Composer | None, outcome: Outcome | None) -> dict[str, str]:
    if form is not None:
        return dict(form.errors)
    return form_errors(outcome.refusal) if outcome else {}


def _signin(request: Request, place: Place, now: datetime) -> str:
    """Return where an anonymous reader comes back to after signing in; "" when nothing can be written anyway."""
    if not is_open(place.space, now):
        return ""
    reply = request.query_params.get("reply", "")
    path = thread_path(place.space.slug, place.question.number, reply=reply if is_id(reply) else "")
    return respond.localized(f"{path}#write", lang_of(request))
