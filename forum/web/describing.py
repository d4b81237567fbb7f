"""The OpenAPI document, made by spectree from the tables of operations. Imported when the description is first asked for: few ask."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData
from spectree.plugins.base import BasePlugin

from forum.web.openapi import VERSION, Doc, ErrorAnswer

_SUMMARY = "Discussion spaces of the round tables of the International Migration Review Forum, as JSON."
_PARAMETER = re.compile(r"\{(\w+)\}")


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


def _require_names(docs: Sequence[Doc]) -> None:
    """Raise ValueError when two things inside the models have one name, an enumeration for one: the document would hold the last alone."""
    known: dict[str, object] = {}
    models = {model for doc in docs for model in (*doc.answers.values(), doc.body, doc.query, doc.headers) if model}
    for model in models:
        for name, definition in model.model_json_schema().get("$defs", {}).items():
            if known.setdefault(name, definition) != definition:
                raise ValueError(f"two things of the API are named {name}")


def document(docs: Sequence[Doc]) -> dict[str, Any]:
    """Return the OpenAPI document of the operations, which keep their order. Raises ValueError for two models of one name."""
    _require_names(docs)
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
    for doc in docs:
        operation = made["paths"][doc.path][doc.method.lower()]
        if doc.media:
            operation["responses"]["200"]["content"] = {doc.media: {"schema": {"type": "string"}}}
        if doc.body:
            operation["requestBody"]["required"] = not doc.may_lack_body
    # An empty list here would forbid nothing and say nothing; each operation says for itself who may ask.
    made.pop("security", None)
    return made
