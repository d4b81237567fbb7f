"""Addresses and parameters that name nothing: no kind of database may stumble over them, and each answers alike."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contracts.client import Api
from tests.contracts.scene import Scene
from tests.support.nothing import NAMES

PLACES = (
    "/spaces/{}",
    "/spaces/{}/comments",
    "/spaces/{}/updates",
    "/comments/{}",
    "/moderation/cases/{}",
)


@pytest.mark.parametrize("name", NAMES)
async def test_there_is_nothing_by_that_name(api: Api, scene: Scene, name: str) -> None:
    for place in PLACES:
        answer = await api.http.get("/api/v1" + place.format(name), headers=bearer(scene, "moderator"))
        assert answer.status_code in {404, 422}, (place, answer.status_code)
    for place in (f"/en/spaces/{name}", f"/en/spaces/here/questions/{name}", f"/en/spaces/here/comments/{name}"):
        assert (await api.http.get(place)).status_code == 404, place


@pytest.mark.parametrize("who", ["moderator", "secretariat"])
async def test_no_operation_stumbles_over_what_names_nothing(api: Api, scene: Scene, who: str) -> None:
    """Each part of an address and each parameter in turn, the others as they should be."""
    stumbled = []
    for path, method, operation in operations(api.document):
        usual = {"slug": "here", "code": "hate", "number": "1", "id": scene.case}
        parts = re.findall(r"{(\w+)}", path)
        parameters = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        for name in NAMES:
            addresses = [path.format(**usual | {part: name}) for part in parts]
            addresses += [f"{path.format(**usual)}?{parameter}={name}" for parameter in parameters]
            for address in addresses:
                answer = await api.http.request(method, address, headers=bearer(scene, who), json={})
                if answer.status_code >= 500:
                    stumbled.append((method, address))
    assert not stumbled, stumbled


@pytest.mark.parametrize("name", NAMES)
async def test_a_filter_that_fits_nothing_finds_nothing_or_is_refused(api: Api, scene: Scene, name: str) -> None:
    for query in (f"space={name}", f"comment={name}", f"after={name}", f"state={name}"):
        answer = await api.http.get(f"/api/v1/moderation/cases?{query}", headers=bearer(scene, "moderator"))
        assert answer.status_code in {200, 422}, (query, answer.status_code)
        assert not answer.json().get("items"), query


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path of the description with its methods, but those that would end the token."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if not path.endswith("/tokens"):
                yield path, method.upper(), operation


def bearer(scene: Scene, who: str) -> dict[str, str]:
    return {"authorization": f"Bearer {scene.tokens[who]}"}
