"""Access tokens: the API's way to sign in and out."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.kernel.errors import Forbidden, NotSignedIn, Refusal, TooMany
from forum.people import sessions
from forum.people.accounts import Suspended
from forum.people.attempts import attempt
from forum.people.forms import Credentials
from forum.people.models import Person, SessionKind
from forum.web import respond
from forum.web.forms import parse, read_json
from forum.web.identity import by_bearer, require_signed_in
from forum.web.limits import Limiter, address_key
from forum.web.openapi import Doc

TOKENS = "/api/v1/tokens"


class PersonAnswer(BaseModel):
    """Who is signed in; `roles` are the names of all roles held anywhere."""

    id: str
    name: str
    roles: list[str]


class TokenAnswer(BaseModel):
    """A bearer token for `Authorization`. It is shown this once."""

    token: str
    person: PersonAnswer


async def create(request: Request) -> Response:
    """Sign in with e-mail address and password and answer a new token."""
    form = parse(Credentials, await read_json(request), strict=True)
    person = await _sign_in(request, form)
    token = await sessions.open_session(person, SessionKind.API)
    found = await sessions.resolve(token)
    if found is None:  # suspended in this very moment
        raise NotSignedIn("signin.failed")
    who = PersonAnswer(id=person.id, name=person.name, roles=found.actor.role_names())
    return respond.json(TokenAnswer(token=token, person=who).model_dump(), 201)


async def _sign_in(request: Request, form: Credentials) -> Person:
    limiter: Limiter = request.app.state.limiter
    address = address_key(request)
    await limiter.hit("token", address)
    try:
        return await attempt(limiter, address, form)
    except TooMany:
        raise
    except Suspended as refusal:
        raise Forbidden(refusal.key, until=refusal.until) from refusal
    except Refusal as refusal:
        raise NotSignedIn(refusal.key) from refusal


async def end(request: Request) -> Response:
    """End the token that the request carries."""
    actor = require_signed_in(request)
    if not by_bearer(request) or actor.session_id is None:
        raise NotSignedIn("token.bad")
    await sessions.close(actor.session_id)
    return Response(None, 204)


API = [
    Route(TOKENS, create, methods=["POST"]),
    Route(TOKENS, end, methods=["DELETE"]),
]

DOCS = [
    Doc(
        method="POST",
        path=TOKENS,
        name="createToken",
        summary="Sign in with e-mail address and password.",
        answers={201: TokenAnswer},
        body=Credentials,
        auth="none",
        errors=(403,),
    ),
    Doc(method="DELETE", path=TOKENS, name="endToken", summary="End this token.", answers={204: None}, auth="required"),
]
