"""Screening as a page and by API, and what an author is asked before a text with personal data leaves."""

import pytest

from forum.kernel.locales import LANGS
from moderation.screening.models import ScreeningSettings
from tests.moderation.desk import Browser, browser, desk_app, main_of
from tests.moderation.scene import Scene
from tests.support.world import actor_for, person

PAGE = "/en/moderation/spaces/hall/screening"
ON = {"on": "length", "max_links": "2", "newcomer_texts": "3", "version": "0", "words_fr": "un mot\nprofiteur*"}


@pytest.mark.parametrize(("who", "status"), [("", 303), ("asma", 403), ("omar", 403), ("mona", 200), ("clara", 200)])
async def test_who_may(scene: Scene, who: str, status: int) -> None:
    clara = await actor_for(await person("Clara", secretariat=True))
    one = await browser(desk_app(), clara if who == "clara" else getattr(scene, who) if who else None)
    assert (await one.get(PAGE)).status_code == status


async def test_a_moderator_sets_it_on_the_page(mona: Browser) -> None:
    assert (await mona.send(PAGE, **ON)).status_code == 303
    [made] = await ScreeningSettings.all()
    assert (made.max_links, made.newcomer_texts, made.version) == (2, 3, 1)
    assert made.off == ["accusation", "links", "personal", "repeated", "words"]
    assert made.words == {"fr": ["un mot", "profiteur*"]}
    page = main_of((await mona.get(PAGE)).text)
    assert "profiteur*" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"max_links": "many"}, 422),
        ({"max_links": "51"}, 422),
        ({"max_links": "-1"}, 422),
        ({"max_links": "٣"}, 422),
        ({"newcomer_texts": "0"}, 422),
        ({"newcomer_texts": ""}, 422),
        ({"words_fr": "x"}, 422),
        ({"words_fr": "y" * 61}, 422),
        ({"words_fr": "\n".join(f"mot{n}" for n in range(201))}, 422),
        ({"on": "nonsense"}, 303),
        ({"version": "9"}, 409),
        ({"version": ""}, 422),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(mona: Browser, wrong: dict[str, str], status: int) -> None:
    answer = await mona.send(PAGE, **ON | wrong | {"words_es": "<b>palabra</b>"})
    assert answer.status_code == status
    if status != 303:
        assert "&lt;b&gt;palabra&lt;/b&gt;" in answer.text
        assert await ScreeningSettings.all().count() == 0


@pytest.mark.parametrize("lang", LANGS)
async def test_in_every_language(mona: Browser, lang: str) -> None:
    assert (await mona.get(f"/{lang}/moderation/spaces/hall/screening")).status_code == 200


async def test_by_api(mona: Browser) -> None:
    path = "/../spaces/hall/screening"
    start = (await mona.api("GET", path)).json()
    assert start == {"max_links": 3, "newcomer_texts": 1, "off": [], "words": {}, "version": 0}
    wanted = {**start, "off": ["links"], "words": {"ar": ["كلمة"]}}
    made = await mona.api("PUT", path, wanted)
    assert (made.status_code, made.json()) == (200, {**wanted, "version": 1})
    assert (await mona.api("PUT", path, wanted)).status_code == 409
    for wrong in ({"off": ["premoderation"]}, {"max_links": True}, {"words": {"de": ["ein"]}}, {"version": -1}):
        assert (await mona.api("PUT", path, {**made.json(), **wrong})).status_code == 422
