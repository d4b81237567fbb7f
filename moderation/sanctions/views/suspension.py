"""For whoever is suspended from the whole forum and cannot sign in: reasons, end and appeal, for their password alone.

Nothing is said before e-mail address and password are right: a wrong password is answered like an unknown address, and counted like a
failed sign-in. No session is opened and no token handed out; who appeals gives the password again, with the words.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.kernel.messages import N_
from forum.people.accounts import Suspended
from forum.people.attempts import attempt
from forum.people.forms import Credentials
from forum.web import respond
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.language import lang_of
from forum.web.limits import address_key
from forum.web.respond import Flash
from moderation.sanctions import queries
from moderation.sanctions.appealing import appeal
from moderation.sanctions.forms import MeasureAppealForm
from moderation.sanctions.queries import Seen
from moderation.sanctions.views import choices
from moderation.sanctions.views.shown import shown


async def suspension_page(request: Request) -> Response:
    """GET /suspension"""
    return _page(request, {})


async def suspension(request: Request) -> Response:
    """POST /suspension: show the reasons (do=show) or appeal (do=appeal)."""
    values = await read_form(request)
    try:
        form = parse(Credentials, {name: values.get(name, "") for name in ("email", "password")})
        await attempt(request.app.state.limiter, address_key(request), form)
    except Suspended as refusal:
        return await _suspended(request, refusal, values)
    except Refusal as refusal:
        return _page(request, values, refusal)
    return respond.see_other(request, "/signin", ("note", N_("This account is not suspended. Please sign in."), {}))


async def after_signin(request: Request, refusal: Suspended, email: str) -> Response:
    """Answer somebody who has just given the right password of a suspended account."""
    return await _suspended(request, refusal, {"email": email})


async def _suspended(request: Request, suspended: Suspended, values: Mapping[str, str]) -> Response:
    found = await queries.suspension_of(suspended.person_id)
    if found is None or values.get("do") != "appeal":
        return _page(request, values, None, suspended, found)
    try:
        await request.app.state.limiter.hit("appeal", suspended.person_id)
        form = parse(MeasureAppealForm, {"text": values.get("text", ""), "lang": values.get("lang", "")})
        await appeal(Actor(person_id=suspended.person_id, lang=lang_of(request)), found.row.id, form)
    except Refusal as refusal:
        return _page(request, values, refusal, suspended, found)
    flash: Flash = ("success", N_("Your appeal was sent. Somebody else than whoever took the measure decides on it."), {})
    return respond.see_other(request, "/signin", flash)


def _page(
    request: Request,
    values: Mapping[str, str],
    refusal: Refusal | None = None,
    suspended: Suspended | None = None,
    found: Seen | None = None,
) -> Response:
    context = {
        "suspended": field_errors(suspended)[""] if suspended else "",
        "sanction": shown(found, lang_of(request), desk=False) if found else None,
        # Never the password, whatever it was.
        "values": {name: values.get(name, "") for name in ("email", "text")} | {"lang": values.get("lang") or lang_of(request)},
        "errors": field_errors(refusal) if refusal else {},
        **choices.writing(),
    }
    status = refusal.status if refusal else 403 if suspended else 200
    return respond.page(request, "sanctions/suspension.html", context, status=status)
