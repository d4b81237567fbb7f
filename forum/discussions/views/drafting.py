"""What the form does while somebody types: keep the draft, show a preview."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import drafts
from forum.discussions.forms import DraftText
from forum.discussions.views.composer import typed_in
from forum.discussions.views.previewing import entity_name, preview_of
from forum.web import respond
from forum.web.forms import parse, read_form, read_json
from forum.web.identity import require_signed_in
from forum.web.language import lang_of


async def keep(request: Request) -> Response:
    """POST /drafts: keep what is typed at one place, as JSON {place, body, lang} or as a form (204)."""
    actor = require_signed_in(request)
    by_script = request.headers.get("content-type", "").startswith("application/json")
    form = parse(DraftText, await read_json(request) if by_script else await read_form(request), strict=by_script)
    await request.app.state.limiter.hit("draft", actor.person_id)
    await drafts.keep(actor, form)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


async def preview(request: Request) -> Response:
    """POST /preview: the text as it would look; nothing is stored."""
    actor = require_signed_in(request)
    typed = typed_in(await read_form(request))
    await request.app.state.limiter.hit("preview", actor.person_id)
    entity = await entity_name(actor, typed.capacity, lang_of(request))
    context = {"preview": await preview_of(typed.body, typed.lang, entity)}
    return respond.page(request, "discussions/_preview.html", context)
