"""How the API answers: what anybody may read is revalidated, what is for one person is not stored."""

import hashlib

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from forum.web import respond
from forum.web.identity import actor_of

_VARY = "Authorization, Cookie, Accept-Encoding"


def answer(model: BaseModel, status: int = 200, location: str | None = None) -> Response:
    """Return `model` as JSON that nobody stores."""
    return respond.json(model.model_dump(exclude_unset=True), status, {"Location": location} if location else None)


def readable(request: Request, model: BaseModel) -> Response:
    """Return `model` as JSON; for an anonymous reader with an ETag, and 304 when the reader has it already."""
    response = answer(model)
    if actor_of(request).signed_in:
        return response
    mark = hashlib.blake2b(bytes(response.body), digest_size=12).hexdigest()
    headers = {"Cache-Control": "no-cache", "ETag": f'"{mark}"', "Vary": _VARY}
    # The compressed form has the same mark with "-gz" added; the reader may hold either.
    if mark in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    response.headers.update(headers)
    return response
