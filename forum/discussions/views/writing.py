"""Send the form below a thread: preview it, or post it."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from forum.discussions import drafts, threads
from forum.discussions.addresses import is_id
from forum.discussions.forms import DraftText, NewComment
from forum.discussions.models import CommentState
from forum.discussions.policy import is_open
from forum.discussions.posting import Posted, known_key, post_comment
from forum.discussions.views import thread
from forum.discussions.views.composer import Outcome, Typed, new_token, typed_in
from forum.discussions.views.keeping import kept, values_of
from forum.discussions.views.places import Place, path_in_thread, place_in, thread_path
from forum.discussions.views.previewing import Preview, entity_name, preview_of, unchecked
from forum.discussions.views.shown import render_comment, shown
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Refusal
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.forms import parse, sent_values
from forum.web.identity import actor_of
from forum.web.language import lang_of

TOLD = {
    CommentState.PUBLISHED.value: ("success", N_("Your comment is published.")),
    CommentState.HELD.value: ("success", N_("Your comment was received and waits for a moderator.")),
}
"""What is said after sending, by the state of the comment: kind of message and words."""


async def send(request: Request) -> Response:
    """POST /spaces/{slug}/questions/{n}: preview a comment (do=preview) or post it (do=send)."""
    actor = actor_of(request)
    if not actor.signed_in:
        return await kept(request, await _going(request))
    place = await place_in(request, actor)
    values, refused = await values_of(request)
    typed, parent = typed_in(values), values.get("parent", "")
    try:
        if refused:
            raise refused
        known = await known_key(actor, _key(typed))
        # A text with hints is shown to its author before it leaves; sent again with the mark of what they saw, it goes.
        unsent = values.get("do") != "preview" and not known and await unchecked(typed.body, typed.lang, typed.checked)
        if values.get("do") == "preview" or unsent:
            preview = await _preview(request, actor, place, values, unsent=unsent)
            return await _previewed(request, actor, place, Outcome(typed, preview), parent)
        if not known:
            await request.app.state.limiter.hit("post", actor.person_id)
        posted = await post_comment(actor, place.space, _form(place, typed, parent), _key(typed))
    except Refusal as refusal:
        if respond.wants_partial(request):
            raise
        return await thread.answer(request, actor, place, Outcome(typed, refusal=refusal), parent)
    return await _posted(request, actor, place, posted)


async def _previewed(request: Request, actor: Actor, place: Place, outcome: Outcome, parent: str) -> Response:
    if respond.wants_partial(request):
        return respond.page(request, "discussions/_preview.html", {"preview": outcome.preview})
    return await thread.answer(request, actor, place, outcome, parent)


async def _going(request: Request) -> str:
    """Return where somebody goes after signing in again: to the form they sent."""
    parent = (await sent_values(request)).get("parent", "")
    slug, number = request.path_params["slug"], request.path_params["n"]
    path = thread_path(slug, number, reply=parent if is_id(parent) else "")
    return f"{path}#write"


def _form(place: Place, typed: Typed, parent: str) -> NewComment:
    sent = {"question": place.question.number, "parent": parent or None, "body": typed.body, "lang": typed.lang}
    return parse(NewComment, sent | {"capacity": typed.capacity})


def _key(typed: Typed) -> str | None:
    """Return the idempotency key of the form; apart from those that programs choose for themselves."""
    return f"form.{typed.token}" if typed.token else None


async def _preview(request: Request, actor: Actor, place: Place, values: Mapping[str, str], *, unsent: bool) -> Preview:
    typed = typed_in(values)
    await request.app.state.limiter.hit("preview", actor.person_id)
    where = f"r:{values['parent']}" if values.get("parent") else f"q:{place.question.id}"
    await drafts.keep(actor, parse(DraftText, {"place": where, "body": typed.body, "lang": typed.lang}))
    entity = await entity_name(actor, typed.capacity, lang_of(request))
    return await preview_of(typed.body, typed.lang, entity, unsent=unsent)


async def _posted(request: Request, actor: Actor, place: Place, posted: Posted) -> Response:
    if not respond.wants_partial(request):
        kind, text = TOLD.get(posted.state, ("success", N_("Your comment was received.")))
        return respond.see_other(request, await path_in_thread(actor, place, posted.comment_id), (kind, text, {}))
    lang = lang_of(request)
    seen = await threads.one(actor, posted.comment_id, lang)
    if seen is None:
        raise NotFound
    view = shown(seen, lang, place.space.slug, can_reply=is_open(place.space, clock.now()))
    # The page stays, so its form needs a token for the next comment.
    headers = {"Cache-Control": respond.PRIVATE, "X-Comment-State": posted.state, "X-Form-Token": new_token()}
    return HTMLResponse(render_comment(view), 201 if posted.created else 200, headers)
