"""Addresses of pages that name nothing: whatever stands where a name belongs, no page stumbles over it."""

import re

import pytest

from tests.house.test_routes import PAGES
from tests.stories.place import Place, ask, token_of
from tests.support.nothing import NAMES

MARK = "here-it-stands"


@pytest.mark.parametrize("who", ["able", "bare"])
async def test_no_page_stumbles_over_what_names_nothing(place: Place, who: str) -> None:
    """Each part of an address in turn, the others as they should be."""
    stumbled = []
    async with place.client(who) as client:
        token = await token_of(client)
        for method, path in sorted(PAGES):
            for part in re.findall(r"{\w+(?::int)?}", path):
                for name in NAMES:
                    address = place.address(path.replace(part, MARK)).replace(MARK, name)
                    answer = await ask(client, method, address, token)
                    if answer.status_code >= 500:
                        stumbled.append((method, path, name))
    assert not stumbled, stumbled
