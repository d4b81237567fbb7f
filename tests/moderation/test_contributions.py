"""The author's own page: where each text stands and why, and the drafts that wait."""

from forum.db.reading import rows
from forum.discussions.drafts import keep
from forum.discussions.forms import DraftText
from forum.discussions.models import Question, Space
from moderation.models import Action
from tests.moderation import scene as scenes
from tests.moderation.desk import Browser, browser, ids_of, main_of
from tests.moderation.scene import Scene, settle
from tests.support.world import post


async def test_contributions(mona: Browser, scene: Scene) -> None:
    """The author reads where each text stands, the reason in the page's language, and the moderator's words in theirs."""
    asma = await browser(mona.app, scene.asma)
    assert "You have not written anything yet." in (await asma.get("/en/contributions")).text
    returned = await scenes.held(scene)
    await settle(scene.mona, returned, Action.RETURN, "personal-data", text="Un mot.", text_lang="fr", note="CANARY")
    await scenes.removed(scene)
    await scenes.edit_returned(scene)
    await scenes.withdrawn(scene)
    html = main_of((await asma.get("/en/contributions")).text)
    for words in (
        "Returned to you for a change",
        "details by which a person could be recognized",
        'lang="fr" dir="ltr"',
        "Un mot.",
        "Removed by the moderators",
        "Edit returned to you for a change",
        "Withdrawn by you",
        "Change and send again",
        f"/en/spaces/hall/comments/{returned}/edit",
    ):
        assert words in html
    for hidden in ("CANARY", "Mona", "Malik"):
        assert hidden not in html
    assert "A first text." not in main_of((await mona.get("/en/contributions")).text)
    assert len(ids_of(html)) == len(set(ids_of(html)))


async def test_contributions_to_a_closed_space(mona: Browser, scene: Scene) -> None:
    """In a closed space a text can be withdrawn, not edited; in one that may no longer be read there is no link at all."""
    comment_id = await scenes.returned(scene)
    asma = await browser(mona.app, scene.asma)
    await Space.filter(id=scene.hall.id).update(state="closed")
    html = (await asma.get("/en/contributions")).text
    assert f"{comment_id}/withdraw" in html
    assert f"{comment_id}/edit" not in html
    await Space.filter(id=scene.hall.id).update(visibility="members")
    html = (await asma.get("/en/contributions")).text
    assert "A first text." in html
    assert f"/comments/{comment_id}" not in html


async def test_drafts_wait(mona: Browser, scene: Scene) -> None:
    """Drafts are listed with where they go on; one at a comment that one may not know of is not."""
    published, secret = await scenes.published(scene), await post(scene.mona, scene.hall, "Hidden")
    question = await Question.get(space_id=scene.hall.id, number=2)
    places = [f"q:{question.id}", f"r:{published}", f"e:{published}", f"r:{secret}", f"e:{secret}"]
    for place in places:
        await keep(scene.asma, DraftText(place=place, body=f"Begun at {place[0]} {place[2:]}", lang="fr"))
    asma = await browser(mona.app, scene.asma)
    html = main_of((await asma.get("/en/contributions")).text)
    for address in (
        "/en/spaces/hall/questions/2#write",
        f"/en/spaces/hall/questions/1?reply={published}#write",
        f"/en/spaces/hall/comments/{published}/edit",
    ):
        assert f'href="{address}"' in html
    assert secret not in html
    assert len(await rows("SELECT id FROM drafts")) == 5
