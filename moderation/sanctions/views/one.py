"""The desk's page of one sanction: read it, lift it, decide on the appeal."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, Forbidden, Refusal
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.sanctions import queries
from moderation.sanctions.addresses import sanction_id_of
from moderation.sanctions.appealing import answer, require_judge
from moderation.sanctions.forms import AnswerForm, LiftForm
from moderation.sanctions.lifting import lift
from moderation.sanctions.models import Outcome
from moderation.sanctions.policy import office_in, outranks
from moderation.sanctions.queries import Seen
from moderation.sanctions.views import choices
from moderation.sanctions.views.shown import shown

OUTCOMES = (
    (Outcome.UPHELD, N_("The measure stands")),
    (Outcome.OVERTURNED, N_("The measure is overturned: it ends at once")),
)
DONE = {
    "lift": N_("The measure is lifted. The person can read your reasons."),
    "answer": N_("The appeal is decided. The person can read your reasons."),
}


async def sanction_page(request: Request) -> Response:
    """GET /moderation/sanctions/{id}"""
    seen = await queries.single(actor_of(request), sanction_id_of(request))
    return await _page(request, seen, {})


async def lifted(request: Request) -> Response:
    """POST /moderation/sanctions/{id}/lift"""
    return await _act(request, "lift")


async def answered(request: Request) -> Response:
    """POST /moderation/sanctions/{id}/appeal: decide on it."""
    return await _act(request, "answer")


async def _act(request: Request, what: str) -> Response:
    """Lift or answer; what cannot be done shows the sanction as it stands now, with what was typed."""
    actor, sanction_id = actor_of(request), sanction_id_of(request)
    values = await read_form(request)
    await queries.single(actor, sanction_id)
    try:
        await request.app.state.limiter.hit("decide", actor.person_id)
        numbered = choices.numbered(values, "version")
        if what == "lift":
            await lift(actor, sanction_id, parse(LiftForm, numbered))
        else:
            await answer(actor, sanction_id, parse(AnswerForm, numbered))
    except Refusal as refusal:
        return await _page(request, await queries.single(actor, sanction_id), {**values, "what": what}, refusal)
    return respond.see_other(request, f"/moderation/sanctions/{sanction_id}", ("success", DONE[what], {}))


async def _page(request: Request, seen: Seen, values: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    actor, lang = actor_of(request), lang_of(request)
    sanction = shown(seen, lang, desk=True)
    waits = sanction.appeal is not None and sanction.appeal.waits
    judge, why_not = await _judges(actor, seen) if waits else (False, "")
    context = {
        "sanction": sanction,
        # A page has one form with words: the appeal that waits goes first, and who may overturn need not lift.
        "can_answer": judge,
        "cannot_answer": why_not,
        "can_lift": sanction.is_active and not judge and outranks(office_in(actor, seen.row.space_id), seen.row),
        "outcomes": [(one.value, gettext(words)) for one, words in OUTCOMES],
        "conflict": field_errors(refusal)[""] if isinstance(refusal, Conflict) else "",
        "values": {"text_lang": choices.usual_language(request), **values},
        "errors": field_errors(refusal) if refusal and not isinstance(refusal, Conflict) else {},
        **choices.writing(),
    }
    return respond.page(request, "sanctions/one.html", context, status=refusal.status if refusal else 200)


async def _judges(actor: Actor, seen: Seen) -> tuple[bool, str]:
    """Return whether `actor` may decide on the appeal, and if not, why."""
    try:
        await require_judge(actor, seen.row)
    except Forbidden as refusal:
        return False, field_errors(refusal)[""]
    return True, ""
