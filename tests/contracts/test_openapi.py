"""The description: whole, true to the routes, and complete in itself."""

import json
import re
from collections.abc import Iterator
from typing import Any

from starlette.routing import Route

from forum.app import Forum
from tests.contracts.client import Api
from tests.contracts.schema import NOTES, OF_REQUESTS

METHODS = {"get", "post", "put", "patch", "delete"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


async def described(api: Api) -> dict[str, Any]:
    response = await api.http.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    document: dict[str, Any] = response.json()
    return document


async def test_says_what_openapi_asks_for(api: Api) -> None:
    document = await described(api)
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]
    assert document["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}
    for path, method, operation in operations(document):
        assert path.startswith("/api/v1/")
        assert method in METHODS
        assert operation["summary"]
        assert {"401", "422", "503"} <= operation["responses"].keys()
        assert any(status.startswith("2") for status in operation["responses"])
        for status, answer in operation["responses"].items():
            assert answer["description"], (path, status)
            file = status == "200" and answer.get("content") == {"text/csv": {"schema": {"type": "string"}}}
            assert status == "204" or file or answer["content"]["application/json"]["schema"]["$ref"]


async def test_operation_ids_are_unique(api: Api) -> None:
    names = [operation["operationId"] for _, _, operation in operations(await described(api))]
    assert len(names) == len(set(names))


async def test_parameters(api: Api) -> None:
    """Those of the path are exactly the ones in braces; no parameter is described twice."""
    for path, method, operation in operations(await described(api)):
        parameters = operation["parameters"]
        in_path = {one["name"] for one in parameters if one["in"] == "path" and one["required"]}
        assert in_path == set(re.findall(r"\{(\w+)\}", path)), (path, method)
        assert len({(one["name"], one["in"]) for one in parameters}) == len(parameters)
        assert all(one["schema"] for one in parameters)


async def test_what_an_address_accepts_is_said_whole(api: Api) -> None:
    """`Allow` names every method of the address, also where each has a route of its own (found by schemathesis)."""
    for path, item in api.document["paths"].items():
        answer = await api.http.request("OPTIONS", re.sub(r"\{\w+\}", "0" * 32, path))
        assert answer.status_code == 405, path
        said = set(answer.headers["allow"].split(", ")) - {"HEAD"}
        assert said >= {method.upper() for method in item}, path  # and no more, but where a name could be an id: `cases/bulk`


def keywords(schema: dict[str, Any]) -> Iterator[str]:
    yield from schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items")]
    more = schema.get("additionalProperties")
    for one in (*inner, more):
        yield from keywords(one) if isinstance(one, dict) else ()


async def test_every_keyword_means_something(api: Api) -> None:
    """In parameters and bodies too, which no answer is checked against: an unknown keyword would limit nothing."""
    schemas = list(api.document["components"]["schemas"].values())
    schemas += [one["schema"] for _, _, operation in operations(api.document) for one in operation["parameters"]]
    found = {keyword for schema in schemas for keyword in keywords(schema)} - NOTES - OF_REQUESTS
    assert {keyword for keyword in found if not hasattr(api.checker, f"_{keyword.lstrip('$')}")} == set()


async def test_every_reference_leads_somewhere_and_nothing_is_fetched(api: Api) -> None:
    document = await described(api)
    text = json.dumps(document)
    references = set(re.findall(r'"\$ref": "([^"]+)"', text))
    assert references == {f"#/components/schemas/{name}" for name in document["components"]["schemas"]} & references
    assert "http://" not in text
    assert "https://" not in text


async def test_every_route_is_described_and_every_description_has_a_route(app: Forum, api: Api) -> None:
    routes = [route for route in app.app.routes if isinstance(route, Route) and route.path.startswith("/api/")]
    routed = {(route.path, method.lower()) for route in routes for method in (route.methods or set()) - {"HEAD"}}
    assert routed == {(path, method) for path, method, _ in operations(await described(api))}


async def test_who_must_sign_in(api: Api) -> None:
    for path, method, operation in operations(await described(api)):
        own = path.endswith("/sanctions") or any(part in path for part in ("/contributions", "/notices", "/moderation/"))
        closed = (method != "get" or own) and (path, method) != ("/api/v1/tokens", "post")
        assert (operation["security"] == [{"bearer": []}]) == closed, (path, method)
