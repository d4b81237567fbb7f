"""The description of the JSON API as OpenAPI 3.1, made by spectree from tables; nothing is validated here and nothing is fetched.

Each package that has an API lists its operations as `DOCS`; the composition root joins them: `route([*people.DOCS, …])`. The handlers
read and check bodies with `forum.web.forms`, so that every refusal has the shape of the interface.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, Field
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData
from spectree.plugins.base import BasePlugin
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/api/v1/openapi.json"
VERSION = "1.0.0"
_SUMMARY = "Discussion spaces of the round tables of the International Migration Review Forum, as JSON."
_PARAMETER = re.compile(r"\{(\w+)\}")
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

    `query` and `headers` are models whose fields are the parameters. `auth` is "required", "optional" or "none". Refusals that follow
    from these are added by themselves; `errors` names the others.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, Model | None]
    body: Model | None = None
    query: Model | None = None
    headers: Model | None = None
    auth: str = "optional"
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


class _Table(BasePlugin[Any]):
    """What spectree takes for a framework: its routes are the table."""

    docs: Sequence[Doc] = ()

    def register_route(self, app: Any) -> None:
        """Take the table, which stands in place of an application."""
        self.docs = app

    def find_routes(self) -> list[Doc]:
        return list(self.docs)

    def bypass(self, func: Callable[..., Any], method: str) -> bool:
        return False

    def parse_func(self, route: Doc) -> Iterator[tuple[str, Callable[..., Any]]]:
        yield route.method, _declared(self.spectree, route)

    def parse_path(self, route: Doc, _descriptions: Mapping[str, str] | None) -> tuple[str, list[dict[str, Any]]]:
        names = _PARAMETER.findall(route.path)
        return route.path, [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _declared(tree: SpecTree, doc: Doc) -> Callable[..., Any]:
    def operation() -> None:
        """Stand in for the handler, which spectree need not know."""

    operation.__doc__ = doc.summary
    models = {f"HTTP_{status}": model for status, model in {**doc.answers, **doc.refusals()}.items() if model}
    empty = [f"HTTP_{status}" for status, model in doc.answers.items() if model is None]
    declare = tree.validate(
        query=doc.query,
        json=doc.body,
        headers=doc.headers,
        resp=Answers(*empty, **models),
        tags=(doc.path.split("/")[3],),
        security=doc.security(),
        operation_id=doc.name,
        skip_validation=True,
    )
    declared: Callable[..., Any] = declare(operation)
    return declared


class _Names:
    """Schemas are named as their models are; two models of one name would hide one another."""

    def __init__(self) -> None:
        self._taken: dict[str, object] = {}

    def __call__(self, model: Any) -> str:
        name = str(model.__name__)
        if self._taken.setdefault(name, model) is not model:
            raise ValueError(f"two models of the API are named {name}")
        return name


def document(docs: Sequence[Doc]) -> dict[str, Any]:
    """Return the OpenAPI document of the operations, which keep their order. Raises ValueError for two models of one name."""
    bearer = SecurityScheme(name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))
    tree = SpecTree(
        backend=_Table,
        app=docs,
        title="IMRF round-table forum",
        description=_SUMMARY,
        version=VERSION,
        annotations=False,
        page_templates={},
        security_schemes=[bearer],
        validation_error_model=ErrorAnswer,
        naming_strategy=_Names(),
        nested_naming_strategy=lambda _parent, child: child,
    )
    made: dict[str, Any] = tree.spec
    # An empty list here would forbid nothing and say nothing; each operation says for itself who may ask.
    made.pop("security", None)
    return made


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
        return json.dumps(document([*docs, ITSELF]), ensure_ascii=False, separators=(",", ":")).encode()

    async def describe(_request: Request) -> Response:
        return Response(body(), headers={"Cache-Control": "public, max-age=300"}, media_type="application/json")

    return Route(PATH, describe, methods=["GET"])
