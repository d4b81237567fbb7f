"""Edit and withdraw one's own comment."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import drafts, queries, threads
from forum.discussions.addresses import comment_id_of, slug_of
from forum.discussions.cautions import caution
from forum.discussions.editing import edit_comment
from forum.discussions.forms import DraftText, Edit, Withdrawal
from forum.discussions.models import CommentState, Space
from forum.discussions.policy import is_open, require_edit, require_post
from forum.discussions.queries import OwnText
from forum.discussions.views.cards import block
from forum.discussions.views.composer import (
    Composer,
    Outcome,
    Typed,
    confirmed,
    filled,
    form_errors,
    language_options,
    messages,
    typed_in,
)
from forum.discussions.views.keeping import kept, values_of
from forum.discussions.views.places import comment_path
from forum.discussions.views.previewing import Preview, preview_of, unchecked
from forum.discussions.views.shown import shown
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, Refusal, TooMany
from forum.kernel.locales import direction
from forum.kernel.messages import N_
from forum.people.restrictions import require_not_barred
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import actor_of, require_signed_in
from forum.web.language import lang_of
from forum.web.respond import Flash


async def _own(request: Request, actor: Actor) -> tuple[Space, OwnText]:
    """Return the space and the actor's own comment that the path names; raises NotFound for another's as for none."""
    space = await queries.space_by_slug(actor, slug_of(request))
    own = await queries.own_text(actor, comment_id_of(request))
    if own is None or own.space_id != space.id:
        raise NotFound
    return space, own


def _paths(request: Request) -> tuple[str, str]:
    """Return the paths of the comment's page and of its edit form."""
    page = comment_path(slug_of(request), comment_id_of(request))
    return page, f"{page}/edit"


def _around(space: Space, own: OwnText, lang: str) -> dict[str, object]:
    return {
        "space": space,
        "space_title": block(space.title, lang),
        "number": own.question,
        "own": own,
        "comment_url": f"/{lang}{comment_path(space.slug, own.id)}",
    }


async def edit_form(request: Request) -> Response:
    """GET /spaces/{slug}/comments/{id}/edit"""
    actor = require_signed_in(request)
    space, own = await _own(request, actor)
    await require_not_barred(actor, space.id)
    try:
        require_edit(actor, own.author_id, own.state)
        require_post(actor, space, clock.now())
    except (Refusal, Forbidden) as refusal:
        if isinstance(refusal, NotFound):
            raise
        text = N_("This comment cannot be changed any more.")
        return respond.see_other(request, _paths(request)[0], ("warning", text, {}))
    return await _edit_page(request, actor, space, own)


async def _edit_page(request: Request, actor: Actor, space: Space, own: OwnText, outcome: Outcome | None = None) -> Response:
    """Return the form; when somebody else's hand was faster (409), with what stands now beside what was typed."""
    lang, refusal = lang_of(request), outcome.refusal if outcome else None
    words = await caution(own.id)
    place = f"e:{own.id}"
    draft = None if outcome else await drafts.at(actor, place)
    typed, restored = filled(space, outcome, draft, Typed(own.source, own.lang))
    form = Composer(
        place=place,
        hidden={"place": place, "version": own.version, "form_token": typed.token, **confirmed(outcome)},
        languages=language_options(space),
        capacities=[],
        typed=typed,
        messages=messages(),
        restored=restored,
        preview=outcome.preview if outcome else None,
        errors=form_errors(refusal),
    )
    context = {
        **_around(space, own, lang),
        "form": form,
        "errors": form.errors,
        "action": f"/{lang}{_paths(request)[1]}#write",
        "current": own if restored or isinstance(refusal, Conflict) else None,
        "current_dir": direction(own.lang),
        "caution": gettext(words) if words else "",
    }
    response = respond.page(request, "discussions/edit.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def edit(request: Request) -> Response:
    """POST /spaces/{slug}/comments/{id}/edit: preview the new text (do=preview) or send it (do=send)."""
    actor = actor_of(request)
    if not actor.signed_in:
        return await kept(request, f"{_paths(request)[1]}#write")
    space, own = await _own(request, actor)
    values, refused = await values_of(request)
    typed = typed_in(values)
    try:
        if refused:
            raise refused
        unsent = values.get("do") != "preview" and await unchecked(typed.body, typed.lang, typed.checked)
        if values.get("do") == "preview" or unsent:
            preview = await _preview(request, actor, own, typed, unsent=unsent)
            if respond.wants_partial(request):
                return respond.page(request, "discussions/_preview.html", {"preview": preview})
            return await _edit_page(request, actor, space, own, Outcome(typed, preview))
        await request.app.state.limiter.hit("edit", actor.person_id)
        form = parse(Edit, {"body": typed.body, "lang": typed.lang, "version": _number(values.get("version", ""))})
        await edit_comment(actor, own.id, form)
    except Refusal as refusal:
        if respond.wants_partial(request):
            raise
        return await _refused_edit(request, actor, typed, refusal)
    space, own = await _own(request, actor)
    return respond.see_other(request, _paths(request)[0], _edited(own))


async def _refused_edit(request: Request, actor: Actor, typed: Typed, refusal: Refusal) -> Response:
    space, own = await _own(request, actor)
    if isinstance(refusal, Conflict) and (own.source, own.lang) == (typed.body.strip(), typed.lang):
        # The same form sent twice: what stands is what was meant.
        return respond.see_other(request, _paths(request)[0], _edited(own))
    return await _edit_page(request, actor, space, own, Outcome(typed, refusal=refusal))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _edited(own: OwnText) -> Flash:
    if own.state != CommentState.PUBLISHED.value:
        return "success", N_("Your comment was received and waits for a moderator."), {}
    if own.pending:
        return "success", N_("Your change was received and waits for a moderator. Until then the published text stays."), {}
    return "success", N_("Your change is published."), {}


async def _preview(request: Request, actor: Actor, own: OwnText, typed: Typed, *, unsent: bool) -> Preview:
    await request.app.state.limiter.hit("preview", actor.person_id)
    await drafts.keep(actor, parse(DraftText, {"place": f"e:{own.id}", "body": typed.body, "lang": typed.lang}))
    return await preview_of(typed.body, typed.lang, own.entity_names.get(lang_of(request), ""), unsent=unsent)


async def withdraw_form(request: Request) -> Response:
    """GET /spaces/{slug}/comments/{id}/withdraw: say what will happen, and ask."""
    actor = require_signed_in(request)
    space, own = await _own(request, actor)
    try:
        require_edit(actor, own.author_id, own.state)
    except NotFound:
        raise
    except Refusal:
        text = N_("This comment cannot be changed any more.")
        return respond.see_other(request, _paths(request)[0], ("warning", text, {}))
    return await _withdraw_page(request, actor, space, own)


async def _withdraw_page(request: Request, actor: Actor, space: Space, own: OwnText, refusal: Refusal | None = None) -> Response:
    lang = lang_of(request)
    seen = await threads.one(actor, own.id, lang)
    if seen is None:
        raise NotFound
    context = {
        **_around(space, own, lang),
        "comment": shown(seen, lang, space.slug, can_reply=False, can_report=False),
        "was_public": own.state == CommentState.PUBLISHED.value,
        "open": is_open(space, clock.now()),
        "errors": field_errors(refusal) if refusal else {},
    }
    return respond.page(request, "discussions/withdraw.html", context, status=refusal.status if refusal else 200)


async def withdraw(request: Request) -> Response:
    """POST /spaces/{slug}/comments/{id}/withdraw"""
    actor = require_signed_in(request)
    space, own = await _own(request, actor)
    values = await read_form(request)
    try:
        await request.app.state.limiter.hit("edit", actor.person_id)
        form = parse(Withdrawal, {"version": _number(values.get("version", ""))})
        await withdraw_comment(actor, own.id, form.version)
    except Refusal as refusal:
        _, own = await _own(request, actor)
        if own.state == CommentState.WITHDRAWN.value:
            return respond.see_other(request, _paths(request)[0])
        return await _withdraw_page(request, actor, space, own, refusal)
    return respond.see_other(request, _paths(request)[0], ("success", N_("Your comment is withdrawn."), {}))
