"""Report somebody else's comment to the moderators."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.addresses import comment_id_of, slug_of
from forum.discussions.flagging import FlagForm, flag_comment, reportable
from forum.discussions.flags import FLAG_WORDS, WORDS_LIMIT
from forum.discussions.models import Space
from forum.discussions.threads import Seen
from forum.discussions.views.cards import block
from forum.discussions.views.keeping import kept, values_of
from forum.discussions.views.places import comment_in, comment_path
from forum.discussions.views.shown import shown
from forum.kernel.errors import NotFound, Problem, Refusal, TooMany, invalid
from forum.kernel.locales import ENDONYM, LANGS
from forum.kernel.messages import N_, REFUSALS
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse
from forum.web.identity import actor_of, require_signed_in
from forum.web.language import lang_of

OVER = frozenset({"flag.own", "flag.gone", "flag.known"})
"""Refusals after which there is nothing to correct in the form."""


def _path(request: Request) -> str:
    return comment_path(slug_of(request), comment_id_of(request))


async def report_form(request: Request) -> Response:
    """GET /spaces/{slug}/comments/{id}/report"""
    actor, lang = require_signed_in(request), lang_of(request)
    space, seen = await comment_in(request, actor, lang)
    try:
        await reportable(actor, seen.id)
    except NotFound:
        raise
    except Refusal as refusal:
        return _over(request, refusal)
    return _page(request, space, seen, {"lang": lang, "seq": str(seen.seq)})


async def report(request: Request) -> Response:
    """POST /spaces/{slug}/comments/{id}/report"""
    actor, lang = actor_of(request), lang_of(request)
    if not actor.signed_in:
        return await kept(request, f"{_path(request)}/report", "text")
    values, refused = await values_of(request)
    space, seen = await comment_in(request, actor, lang)
    try:
        if refused:
            raise refused
        # Before the form is read: to whom it is not open, nothing is to be corrected in it.
        await reportable(actor, seen.id)
        await request.app.state.limiter.hit("flag", actor.person_id)
        await flag_comment(actor, seen.id, _form(values, lang))
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.key in OVER:
            return _over(request, refusal)
        return _page(request, space, seen, {"lang": lang, **values, "seq": str(seen.seq)}, refusal)
    text = N_("Thank you: the moderators look at it. What comes of it stands under “My contributions”.")
    return respond.see_other(request, _path(request), ("success", text, {}))


def _form(values: Mapping[str, str], lang: str) -> FlagForm:
    seq = values.get("seq", "")
    number = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else None
    if not values.get("reason"):
        raise invalid(reason=Problem("flag.reason"))
    sent = {"reason": values.get("reason", ""), "text": values.get("text", ""), "lang": values.get("lang") or lang}
    return parse(FlagForm, {**sent, "seq": number})


def _over(request: Request, refusal: Refusal) -> Response:
    return respond.see_other(request, _path(request), ("note", REFUSALS[refusal.key], {}))


def _page(request: Request, space: Space, seen: Seen, values: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    """Return the form below the comment as it stands now, with what was typed and why it was not sent."""
    lang = lang_of(request)
    context = {
        "space": space,
        "space_title": block(space.title, lang),
        "comment": shown(seen, lang, space.slug, can_reply=False, can_report=False),
        "reasons": [{"value": code, "text": gettext(words)} for code, words in FLAG_WORDS.items()],
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "values": values,
        "limit": WORDS_LIMIT,
        "errors": field_errors(refusal) if refusal else {},
    }
    response = respond.page(request, "discussions/report.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
