"""Sign up, sign in, sign out."""

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.errors import Refusal
from forum.kernel.messages import N_
from forum.people import accounts, passwords, sessions
from forum.people.accounts import Suspended
from forum.people.attempts import attempt
from forum.people.forms import Credentials, NewAccount
from forum.people.models import SessionKind
from forum.web import identity, respond
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.limits import address_key
from forum.web.site import site_of

KEPT = ("kept_place", "kept_body", "kept_lang")
"""What somebody had typed when their session ended: carried through signing in and saved as a draft."""


def _kept(values: dict[str, str]) -> dict[str, str]:
    return {name: values[name] for name in KEPT if values.get(name)}


async def signin_page(request: Request) -> Response:
    """GET /signin?next=…"""
    if actor_of(request).signed_in:
        return respond.see_other(request, respond.safe_next(request.query_params.get("next")))
    context = {"errors": {}, "values": {}, "next": request.query_params.get("next", ""), "kept": {}}
    return respond.page(request, "people/signin.html", context)


async def signin(request: Request) -> Response:
    """POST /signin: a new session, whatever the browser carried before."""
    values = await read_form(request)
    kept, going = _kept(values), values.get("next", "")
    try:
        if not values.get("password") and kept:
            raise Refusal("signin.needed")
        form = parse(Credentials, {"email": values.get("email", ""), "password": values.get("password", "")})
        person = await attempt(request.app.state.limiter, address_key(request), form)
    except Suspended as refusal:
        # Why and how to appeal is known above this package, which sets how that is shown.
        suspended: Response = await request.app.state.show_suspension(request, refusal, values.get("email", ""))
        return suspended
    except Refusal as refusal:
        shown = {"errors": field_errors(refusal), "values": {"email": values.get("email", "")}, "next": going, "kept": kept}
        return respond.page(request, "people/signin.html", shown, status=refusal.status)
    await _leave(request)
    secret = await sessions.open_session(person, SessionKind.WEB)
    if kept:
        await request.app.state.keep_draft(person.id, kept)
    response = respond.see_other(request, respond.safe_next(going))
    identity.sign_in(response, secret, site_of(request).secure)
    return response


async def _leave(request: Request) -> None:
    before = actor_of(request)
    if before.session_id:
        await sessions.close(before.session_id)


async def signup_page(request: Request) -> Response:
    """GET /signup"""
    return respond.page(request, "people/signup.html", {"errors": {}, "values": {}, "least": passwords.MIN_LENGTH})


async def signup(request: Request) -> Response:
    """POST /signup: the answer is the same whether or not the address has an account."""
    values = await read_form(request)
    try:
        form = parse(
            NewAccount, {"lang": lang_of(request)} | {name: values.get(name, "") for name in ("email", "name", "password")}
        )
        await request.app.state.limiter.hit("signup", address_key(request))
        await accounts.sign_up(form)
    except Refusal as refusal:
        kept = {name: values.get(name, "") for name in ("email", "name")}
        context = {"errors": field_errors(refusal), "values": kept, "least": passwords.MIN_LENGTH}
        return respond.page(request, "people/signup.html", context, status=refusal.status)
    return respond.see_other(request, "/signin", ("success", N_("Your account is ready. Please sign in."), {}))


async def signout(request: Request) -> Response:
    """POST /signout"""
    await read_form(request)
    await _leave(request)
    response = respond.see_other(request, "/spaces", ("note", N_("You are signed out."), {}))
    identity.sign_out(response, site_of(request).secure)
    return response
