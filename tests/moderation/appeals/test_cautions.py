"""Before an author changes a text about which an appeal waits, they read that the appeal will end; their list says that it waits."""

from moderation.appeals.cautions import ENDS, caution
from moderation.models import Action, Appeal
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.desk import Browser, browser, main_of
from tests.moderation.scene import Scene, settle

WAITS = "Appeal waiting for an answer"


async def test_the_appeal_waits_and_ends_with_a_change(mona: Browser, scene: Scene) -> None:
    comment_id = await scenes.returned(scene)
    asma = await browser(mona.app, scene.asma)
    page = f"/en/contributions/{comment_id}"
    assert await caution(comment_id) == ""
    assert ENDS not in (await asma.get(page)).text
    await appeal_against(scene.asma, comment_id)
    assert await caution(comment_id) == ENDS
    html = main_of((await asma.get(page)).text)
    assert html.index(ENDS) < html.index("Change and send again")
    assert 'aria-describedby="caution"' in html
    assert WAITS in (await asma.get("/en/contributions")).text
    await scenes.edit(scene, comment_id, "A better text.")
    assert (await Appeal.get(comment_id=comment_id)).outcome == "closed"
    assert await caution(comment_id) == ""
    assert WAITS not in (await asma.get("/en/contributions")).text


async def test_an_answered_appeal_warns_of_nothing(scene: Scene) -> None:
    comment_id = await scenes.rejected(scene)
    await appeal_against(scene.asma, comment_id)
    await settle(scene.malik, comment_id, Action.UPHOLD, "unclear", text="It stands.")
    assert await caution(comment_id) == ""
