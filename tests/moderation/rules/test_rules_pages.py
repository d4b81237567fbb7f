"""The pages and the API of a space's rules: shown to whom they concern, typed words kept, every change by its own form."""

import httpx2
import pytest

from forum.kernel.locales import LANGS
from moderation.rules.grounds import grounds_of
from moderation.rules.models import DeskSettings, ModeratorScope, Phrase
from tests.moderation.desk import BASE, Browser, browser, desk_app, main_of, transport
from tests.moderation.scene import Scene
from tests.support.world import actor_for, person

DESK, CLERK = "/en/moderation/spaces/hall/rules", "/en/secretariat/spaces/hall/rules"
API = "/api/v1/moderation/spaces/hall/rules"


async def clerk() -> Browser:
    return await browser(desk_app(), await actor_for(await person("Clara", secretariat=True)))


async def test_moderators_read_the_settings_and_the_secretariat_sets_them(scene: Scene) -> None:
    mona, clara = await browser(desk_app(), scene.mona), await clerk()
    page = main_of((await mona.get(DESK)).text)
    assert "personal data" in page
    assert 'name="goal_days"' not in page
    values = {"goal_days": "2", "undo_seconds": "0", "appeal_days": "30", "four_eyes": "1", "version": "1"}
    refused = await clara.send(CLERK, **values | {"appeal_days": "many"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    assert (await clara.send(CLERK, **values)).status_code == 303
    kept = await DeskSettings.get(space_id=scene.hall.id)
    assert (kept.goal_days, kept.undo_seconds, kept.four_eyes, kept.recuse_entity) == (2, 0, True, False)
    stale = await clara.send(CLERK, **values | {"goal_days": "9"})
    assert stale.status_code == 409
    assert 'value="9"' in stale.text


@pytest.mark.parametrize("path", ["", "/reasons/hate", "/reasons/new", "/phrases/new"])
async def test_others_do_not_see_them(scene: Scene, path: str) -> None:
    omar, asma, nobody = [await browser(desk_app(), who) for who in (scene.omar, scene.asma, None)]
    assert (await omar.get(DESK + path)).status_code == 404
    assert (await asma.get(DESK + path)).status_code == 403
    assert (await nobody.get(DESK + path)).status_code == 303
    for one in (omar, asma):
        assert (await one.get(CLERK + path)).status_code == 403


async def test_a_reason_is_written_on_its_page(scene: Scene) -> None:
    mona = await browser(desk_app(), scene.mona)
    words = {f"{name}_{lang}": f"{name} in {lang}" for name in ("name", "text") for lang in LANGS}
    form = {"code": "source", "clause": "9", "place": "3", "four_eyes": "1", "do": "save", **words}
    missing = await mona.send(f"{DESK}/reasons/new", **form | {"text_ar": ""})
    assert missing.status_code == 422
    assert "name in zh" in missing.text
    assert (await mona.send(f"{DESK}/reasons/new", **form)).status_code == 303
    [made] = [one for one in await grounds_of(scene.hall.id) if one.code == "source"]
    assert (made.clause, made.four_eyes, made.name["ar"]) == ("9", True, "name in ar")
    assert (await mona.send(f"{DESK}/reasons/source", do="retire")).status_code == 303
    assert "source" not in {one.code for one in await grounds_of(scene.hall.id)}
    assert (await mona.get(f"{DESK}/reasons/source")).status_code == 404


async def test_a_phrase_and_a_scope_are_written_on_their_pages(scene: Scene) -> None:
    mona, clara = await browser(desk_app(), scene.mona), await clerk()
    assert (await mona.send(f"{DESK}/phrases/new", do="save", title_en="", text_en="Thank you.")).status_code == 422
    assert (await mona.send(f"{DESK}/phrases/new", do="save", title_en="Thanks", text_en="Thank you.")).status_code == 303
    phrase = await Phrase.get(space_id=scene.hall.id)
    assert "Thank you." in (await mona.get(f"{DESK}/phrases/{phrase.id}")).text
    assert (await mona.send(f"{DESK}/phrases/{phrase.id}", do="drop")).status_code == 303
    malik = f"{CLERK}/moderators/{scene.malik.person_id}"
    assert (await clara.send(malik, languages="fr", nationality="KEN")).status_code == 303
    scope = await ModeratorScope.get(person_id=scene.malik.person_id)
    assert (scope.languages, scope.nationality) == (["fr"], "KEN")
    page = (await mona.get(DESK)).text
    assert "Kenya" not in page
    assert "KEN" not in main_of(page)


async def test_the_api_says_and_does_the_same(scene: Scene) -> None:
    mona, clara, omar = await browser(desk_app(), scene.mona), await clerk(), await browser(desk_app(), scene.omar)

    async def ask(who: Browser, method: str, path: str = "", body: object = None) -> tuple[int, dict[str, object]]:
        headers = {"Authorization": f"Bearer {who.secret}"}
        async with httpx2.AsyncClient(transport=transport(who.app), base_url=BASE) as plain:
            answer = await plain.request(method, API + path, json=body, headers=headers)
        return answer.status_code, answer.json()

    status, rules = await ask(mona, "GET")
    assert status == 200
    assert rules["own_reasons"] is False
    assert rules["settings"] == {
        "goal_days": 1,
        "four_eyes": True,
        "recuse_entity": True,
        "recuse_nationality": False,
        "undo_seconds": 15,
        "appeal_days": 14,
        "version": 1,
    }
    assert (await ask(omar, "GET"))[0] == 404
    texts = {lang: f"in {lang}" for lang in LANGS}
    body = {"clause": "9", "name": texts, "text": texts, "place": 1}
    assert (await ask(mona, "PUT", "/reasons/Else", body))[0] == 404
    assert (await ask(mona, "PUT", "/reasons/new", body))[0] == 404
    status, rules = await ask(mona, "PUT", "/reasons/source", body)
    assert (status, rules["own_reasons"]) == (200, True)
    assert (await ask(mona, "PUT", "", {**rules["settings"], "goal_days": 3}))[0] == 403  # type: ignore[dict-item]
    assert (await ask(clara, "PUT", "", {**rules["settings"], "goal_days": 3}))[0] == 200  # type: ignore[dict-item]
    assert (await ask(clara, "PUT", "", {**rules["settings"], "goal_days": 4}))[0] == 409  # type: ignore[dict-item]
    assert (await ask(mona, "DELETE", "/reasons/source"))[0] == 200
    assert (await ask(mona, "DELETE", "/reasons/source"))[0] == 404
