"""Addresses and parameters that name nothing: no kind of database may stumble over them, and each answers alike."""

import pytest

from tests.contracts.client import Api
from tests.contracts.scene import Scene

NOTHING = ("%00", "a%00b", "%ED%A0%80", "%FF", "9" * 30, "-1", "x" * 300, "é", "'", "%25")
PLACES = (
    "/spaces/{}",
    "/spaces/{}/comments",
    "/spaces/{}/updates",
    "/comments/{}",
    "/moderation/cases/{}",
)


@pytest.mark.parametrize("name", NOTHING)
async def test_there_is_nothing_by_that_name(api: Api, scene: Scene, name: str) -> None:
    for place in PLACES:
        answer = await api.http.get("/api/v1" + place.format(name), headers=bearer(scene, "moderator"))
        assert answer.status_code in {404, 422}, (place, answer.status_code)
    for place in (f"/en/spaces/{name}", f"/en/spaces/here/questions/{name}", f"/en/spaces/here/comments/{name}"):
        assert (await api.http.get(place)).status_code == 404, place


@pytest.mark.parametrize("name", NOTHING)
async def test_a_filter_that_fits_nothing_finds_nothing_or_is_refused(api: Api, scene: Scene, name: str) -> None:
    for query in (f"space={name}", f"comment={name}", f"after={name}", f"state={name}"):
        answer = await api.http.get(f"/api/v1/moderation/cases?{query}", headers=bearer(scene, "moderator"))
        assert answer.status_code in {200, 422}, (query, answer.status_code)
        assert not answer.json().get("items"), query


def bearer(scene: Scene, who: str) -> dict[str, str]:
    return {"authorization": f"Bearer {scene.tokens[who]}"}
