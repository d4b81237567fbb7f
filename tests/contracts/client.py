"""Ask the API as somebody; each answer is checked against the description before a test sees it."""

import re
from typing import Any

import httpx2
from starlette.types import ASGIApp

from tests.contracts.schema import Checker

V1 = "/api/v1"
BASE = "http://forum.test"
_documents: dict[str, dict[str, Any]] = {}


def client(app: ASGIApp) -> httpx2.AsyncClient:
    """A client of an application in this process."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False), base_url=BASE)


async def described(app: ASGIApp) -> dict[str, Any]:
    """The description that the forum serves; asked for once, as it is the same for all of them."""
    if not _documents:
        async with client(app) as http:
            _documents[V1] = (await http.get(f"{V1}/openapi.json")).json()
    return _documents[V1]


def template(path: str, document: dict[str, Any]) -> str:
    """The described path that `path` is an instance of."""
    for described in document["paths"]:
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(described)), path):
            return str(described)
    raise AssertionError(f"{path} is not described")


class Api:
    """The API of an application in this process."""

    def __init__(self, app: ASGIApp, document: dict[str, Any]) -> None:
        self.document = document
        self.checker = Checker(document)
        self.http = client(app)

    async def ask(self, method: str, path: str, token: str | None = None, **options: Any) -> httpx2.Response:
        """Send a request and return the answer once it is as described; `path` is below /api/v1."""
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        response = await self.http.request(method, V1 + path, headers=headers, **options)
        self.check(method, V1 + path.partition("?")[0], response)
        return response

    def check(self, method: str, path: str, response: httpx2.Response) -> None:
        """Fail unless the answer's status is described and its body fits the schema."""
        operation = self.document["paths"][template(path, self.document)][method.lower()]
        described = operation["responses"].get(str(response.status_code))
        assert described is not None, f"{method} {path}: {response.status_code} is not described: {response.text[:500]}"
        if "content" not in described:
            assert not response.content
            return
        [(kind, content)] = described["content"].items()
        is_json = kind == "application/json"
        assert response.headers["content-type"] == (kind if is_json else f"{kind}; charset=utf-8")
        said = response.json() if is_json else response.text
        faults = list(self.checker.faults(said, content["schema"]))
        assert not faults, f"{method} {path} {response.status_code}: {faults}"

    async def get(self, path: str, token: str | None = None, **options: Any) -> httpx2.Response:
        return await self.ask("GET", path, token, **options)

    async def post(self, path: str, token: str | None = None, **options: Any) -> httpx2.Response:
        return await self.ask("POST", path, token, **options)

    async def patch(self, path: str, token: str | None = None, **options: Any) -> httpx2.Response:
        return await self.ask("PATCH", path, token, **options)

    async def delete(self, path: str, token: str | None = None, **options: Any) -> httpx2.Response:
        return await self.ask("DELETE", path, token, **options)
