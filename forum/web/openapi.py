"""The description of the JSON API as OpenAPI 3.1: tables of operations; nothing is validated here and nothing is fetched.

Each package that has an API lists its operations as `DOCS`; the composition root joins them: `route([*people.DOCS, …])`. The handlers
read and check bodies with `forum.web.forms`, so that every refusal has the shape of the interface.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/api/v1/openapi.json"
VERSION = "1.0.0"
_BEARER: dict[str, list[str]] = {"bearer": []}

Model = type[BaseModel]


class Refused(BaseModel):
    """What was refused and why. `fields` names each wrong field; `message` and the fields' texts are in the request's language."""

    key: str
    message: str
    fields: dict[str, str]


class ErrorAnswer(BaseModel):
    """Every refusal looks like this."""

    error: Refused


class Changed(Refused):
    """What was refused because something has changed meanwhile."""

    current: dict[str, Any] = Field(description="what stands now")


class ConflictAnswer(BaseModel):
    """Something has changed meanwhile. What stands now is given twice, inside the error and beside it."""

    error: Changed
    current: dict[str, Any] = Field(description="what stands now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """One operation: `name` is unique in the API, `answers` are the successful statuses with their models, None for an empty body.

    `media` is the type of an answer that is no JSON. `may_lack_body` says that the parameters can stand for the body.

    `query` and `headers` are models whose fields are the parameters. `auth` is "required", "optional" or "none". Refusals that follow
    from these are added by themselves; `errors` names the others.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, Model | None]
    body: Model | None = None
    may_lack_body: bool = False
    query: Model | None = None
    headers: Model | None = None
    auth: str = "optional"
    media: str = ""
    errors: Sequence[int] = field(default=())

    def refusals(self) -> dict[int, Model]:
        """Return the refusals that this operation can answer with."""
        statuses = {401, 429, 503, *self.errors}
        statuses |= {400, 413, 415} if self.body else set()
        statuses |= {403} if self.auth == "required" else set()
        statuses |= {404} if "{" in self.path else set()
        return {status: ConflictAnswer if status == 409 else ErrorAnswer for status in sorted(statuses)}

    def security(self) -> list[dict[str, list[str]]]:
        """Return who may ask, as the document says it."""
        return {"required": [_BEARER], "optional": [{}, _BEARER], "none": []}[self.auth]


class Description(BaseModel):
    """An OpenAPI 3.1 document: this one."""

    openapi: str


ITSELF = Doc(
    method="GET",
    path=PATH,
    name="describe",
    summary="This description.",
    answers={200: Description},
    auth="none",
)


def route(docs: Sequence[Doc]) -> Route:
    """Return the route that serves the description, made when it is first asked for; it says the same to everybody."""

    @cache
    def body() -> bytes:
        from forum.web.describing import document

        return json.dumps(document([*docs, ITSELF]), ensure_ascii=False, separators=(",", ":")).encode()

    async def describe(_request: Request) -> Response:
        made = await asyncio.to_thread(body)
        return Response(made, headers={"Cache-Control": "public, max-age=300"}, media_type="application/json")

    return Route(PATH, describe, methods=["GET"])
